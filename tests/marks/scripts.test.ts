import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

/** How a script ended and what it printed. */
interface Ending {
  code: number | null;
  output: string;
}

let folder = '';
let data = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'palabra-scripts-'));
  data = join(folder, 'text.txt');
  writeFileSync(data, 'interface Song { verse: string; chorus: string }\n'.repeat(200));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs a script on the built package; `interruptAt` sends Ctrl-C once the output has it. */
function run(script: string, args: string[], interruptAt?: string): Promise<Ending> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, '--data', data, ...args]);
  let output = '';
  let awaited = interruptAt;
  const listen = (piece: Buffer) => {
    output += piece.toString();
    if (awaited === undefined || !output.includes(awaited)) return;
    awaited = undefined;
    child.kill('SIGINT');
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  return new Promise((resolve) =>
    child.on('close', (code) => {
      resolve({ code, output });
    }),
  );
}

describe.each(['scripts/quickstart.ts', 'scripts/train-gpt.ts'])('%s', (script) => {
  test('trains, evaluates and saves a model folder', async () => {
    const out = join(folder, 'models', 'first');
    const { code, output } = await run(script, ['--steps', '8', '--out', out]);
    expect([code, output]).toEqual([0, expect.stringMatching(/validation loss \d\.\d+ nats a character/)]);
    expect(readdirSync(out).sort()).toEqual([
      'config.json',
      'generation_config.json',
      'model.safetensors',
      'tokenizer.json',
    ]);
  });

  test('ends cleanly at Ctrl-C', async () => {
    const { code, output } = await run(script, ['--steps', '100000', '--out', join(folder, 'none')], 'loss');
    expect([code, output]).toEqual([130, expect.stringMatching(/\nstopped\n$/)]);
    expect(readdirSync(folder)).not.toContain('none');
  });
});

test('the quick start prints the baseline and continues its prompt', async () => {
  const { output } = await run('scripts/quickstart.ts', ['--steps', '8', '--out', join(folder, 'second')]);
  expect(output).toMatch(/unigram baseline \d\.\d+: better by -?\d\.\d+\n/);
  expect(output).toMatch(/\ninterface [^]{100,}\n$/);
});

test('models are compared, with a page', async () => {
  const [first, second, page] = ['second', 'third', 'comparison.html'].map((name) => join(folder, name));
  for (const out of [first!, second!]) await run('scripts/quickstart.ts', ['--steps', '8', '--out', out]);
  const { code, output } = await run('scripts/compare.ts', ['--page', page!, first!, second!]);
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(/\nsecond +third\ndifference +0\nlow +0\nhigh +0\nt +0\np +1\n/),
  ]);
  expect(readFileSync(page!, 'utf8')).toMatch(/^<!doctype html>[^]*<svg/);
  const alone = await run('scripts/compare.ts', [first!]);
  expect([alone.code, alone.output]).toEqual([2, expect.stringMatching(/^usage: /)]);
});
