import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunConfig } from '../../lib/training/index.js';
import { builtPalabra, palabra } from '../helpers/cli.js';

let folder = '';
let file = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'palabra-import-'));
  file = join(folder, 'mine.mjs');
  const models = pathToFileURL(resolve('dist/models/index.js')).href;
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

type Paths = [text: string, run: string, config: string];

function readRun(path: string): RunConfig {
  return JSON.parse(readFileSync(join(path, 'config.json'), 'utf8')) as RunConfig;
}

/** Runs `palabra` as it is built, in a process of its own. */
function run(...words: string[]): { status: number | null; output: string } {
  const args = [builtPalabra, ...words];
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
    // A model folder alone, outside of its run, names no modules.
    cpSync(join(runFolder, 'model'), join(folder, 'alone'), { recursive: true });
    const without = run('generate', join(folder, 'alone'), 'the sun');
    expect(without.status).toBe(1);
    expect(without.output).toContain('registerModel, on the command line with --import FILE');
  });

  test('a configuration names modules relative to itself, and the run remembers them', () => {
    const [text, runFolder, config] = ['text.txt', 'named', 'run.yaml'].map((name) => join(folder, name)) as Paths;
    writeFileSync(config, 'imports: [mine.mjs]\nmodel: {type: mine}\ntokenizer: {type: char}\ntrainer: {steps: 2}\n');
    const trained = run(
      'train',
      text,
      '--run',
      runFolder,
      '--config',
      config,
      '--no-tensorboard',
      '--model.width',
      '16',
    );
    expect([trained.status, trained.output]).toEqual([0, expect.any(String)]);
    expect(readRun(runFolder)).toMatchObject({ imports: [file], model: { kind: 'mine', config: { width: 16 } } });
    const told = `running ${file}, as its config.json names them`;
    for (const words of [
      ['resume', runFolder, '--trainer.steps', '3'],
      ['generate', runFolder, 'the sun', '--maxTokens', '4'],
      ['inspect', join(runFolder, 'checkpoints', 'step-00000003')],
    ]) {
      expect(run(...words)).toEqual({ status: 0, output: expect.stringContaining(told) });
    }
    expect(readRun(runFolder).imports).toEqual([file]);
    const explained = run('train', text, '--config', config, '--explain', '--json');
    expect(explained.output).toMatch(/"field": "imports",\s+"value": ".*mine.mjs",\s+"source": "config file"/);
  });

  test('a module that is gone is an error that says how to name its new place', () => {
    const [runFolder, moved] = [join(folder, 'named'), join(folder, 'moved.mjs')];
    renameSync(file, moved);
    try {
      const gone = run('generate', runFolder, 'the sun');
      expect([gone.status, gone.output]).toEqual([1, expect.stringMatching(/\[PAL_FILE\] imports of .*--import FILE/)]);
      const named = run('resume', runFolder, '--trainer.steps', '4', '--import', moved);
      expect([named.status, named.output]).toEqual([0, expect.any(String)]);
      expect(readRun(runFolder).imports).toEqual([moved]);
    } finally {
      renameSync(moved, file);
    }
  });

  test('imports that are no paths are refused', async () => {
    const config = join(folder, 'odd.yaml');
    writeFileSync(config, 'imports: [3]\n');
    await expect(palabra(['prepare', 'x.txt', '--out', 'y', '--config', config])).resolves.toMatchObject({
      status: 1,
      stderr: expect.stringContaining('expected paths of modules as imports'),
    });
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
