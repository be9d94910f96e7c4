import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { palabra } from '../helpers/cli.js';

let folder = '';
let file = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'palabra-import-'));
  file = join(folder, 'mine.mjs');
  const models = pathToFileURL(resolve('lib/models/index.ts')).href;
  const zod = pathToFileURL(createRequire(resolve('package.json')).resolve('zod')).href;
  writeFileSync(
    file,
    `import { Gpt, registerModel } from '${models}';
import * as zod from '${zod}';
const { z } = zod.default ?? zod;
const count = (value) => z.int().min(1).default(value);
const schema = z.object({ vocabSize: z.int(), contextLength: count(16), width: count(8), heads: count(2), layers: count(1) });
class Mine extends Gpt { kind = 'mine'; }
registerModel({ kind: 'mine', schema, build: (config) => new Mine(schema.parse(config)) });
`,
  );
  writeFileSync(join(folder, 'text.txt'), 'the sun climbs, the bird sings. '.repeat(60));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `palabra` from the sources in a process of its own. */
function run(...words: string[]): { status: number | null; output: string } {
  const args = ['--import', 'tsx', resolve('lib/cli/main.ts'), ...words];
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  return { status, output: `${stdout}${stderr}` };
}

describe('--import', () => {
  test('makes a model of one’s own known to every command', () => {
    const [text, runFolder] = [join(folder, 'text.txt'), join(folder, 'run')];
    const settings = ['--model', 'mine', '--model.width', '16', '--trainer.steps', '2', '--tokenizer', 'char'];
    const trained = run('train', text, '--run', runFolder, ...settings, '--no-tensorboard', '--import', file);
    expect([trained.status, trained.output]).toEqual([0, expect.any(String)]);
    const config = JSON.parse(readFileSync(join(runFolder, 'model', 'config.json'), 'utf8')) as object;
    expect(config).toMatchObject({ model: 'mine', config: { width: 16 } });
    expect(run(`--import=${file}`, 'resume', runFolder, '--trainer.steps', '3')).toMatchObject({ status: 0 });
    const generated = run('generate', runFolder, 'the sun', '--maxTokens', '4', '--import', file);
    expect(generated).toMatchObject({ status: 0 });
    const without = run('generate', runFolder, 'the sun');
    expect(without.status).toBe(1);
    expect(without.output).toContain('registerModel, on the command line with --import FILE');
  });

  test('what is not there, fails or is not named is an error that says so', async () => {
    const broken = join(folder, 'broken.mjs');
    writeFileSync(broken, "throw new Error('out of order');\n");
    await expect(palabra(['--import', join(folder, 'none.mjs'), 'doctor'])).resolves.toMatchObject({
      status: 1,
      stderr: expect.stringContaining('[PAL_FILE] --import: expected a module at'),
    });
    const { status, output } = run('--import', broken, 'inspect', folder);
    expect([status, output]).toEqual([1, expect.stringMatching(/\[PAL_ARGUMENT\] --import: .*out of order/)]);
    await expect(palabra(['inspect', folder, '--import'])).resolves.toMatchObject({
      status: 1,
      stderr: expect.stringContaining('expected the path of a module behind it, received nothing'),
    });
    expect((await palabra(['--help'])).stdout).toContain('--import <file>');
  });
});
