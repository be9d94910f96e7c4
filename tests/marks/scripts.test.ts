import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Gpt, saveModel } from '../../lib/models/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import { BpeTokenizer, ChatTemplate } from '../../lib/text/index.js';
import { datasetNames, readFacts } from '../../scripts/anthropology.js';
import { chatTemplates, specialTokens, templateTokens } from '../helpers/chat-templates.js';

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

/** Scripts that make their own text. */
const SELF_SUPPLIED = ['scripts/extend.ts', 'scripts/train-adapters.ts'];

/** Runs a script on the built package; `interruptAt` sends Ctrl-C once the output has it. */
function run(script: string, args: string[], interruptAt?: string): Promise<Ending> {
  const child = spawn(process.execPath, [
    '--import',
    'tsx',
    script,
    ...(SELF_SUPPLIED.includes(script) ? [] : ['--data', data]),
    ...args,
  ]);
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

describe('a trainer extended', () => {
  const source = readFileSync('scripts/extend.ts', 'utf8');

  test.each([1, 2, 3])('wish %i takes at most 15 lines', (wish) => {
    const [, section] = source.split(`// ${wish}. `);
    const lines = section!
      .slice(0, section!.indexOf(`// End of ${wish}.`))
      .split('\n')
      .slice(1, -1);
    expect(lines.length).toBeGreaterThan(5);
    expect(lines.length).toBeLessThanOrEqual(15);
  });

  test('by a module and a loss, an optimizer and a schedule, a mix and a figure: all learn and leave a run', async () => {
    const out = join(folder, 'extend');
    const { code, output } = await run('scripts/extend.ts', ['--out', out]);
    expect([code, output]).toEqual([0, expect.stringMatching(/^(\w+: step 40, validation loss \d\.\d{4}\n){3}$/)]);
    const config = (name: string): unknown => JSON.parse(readFileSync(join(out, name, 'config.json'), 'utf8'));
    expect(config('module')).toMatchObject({ own: { model: 'Bigram', loss: 'a function' } });
    expect(config('optimizer')).toMatchObject({ own: { optimizer: 'a function', schedule: 'a function' } });
    const lines = readFileSync(join(out, 'mix', 'metrics.jsonl'), 'utf8').split('\n');
    expect(lines.filter((line) => line.includes('"mix/web"'))).toHaveLength(40);
    const [events] = readdirSync(join(out, 'mix', 'tensorboard'));
    expect(readFileSync(join(out, 'mix', 'tensorboard', events!), 'latin1').split('log/mix/web')).toHaveLength(41);
  });
});

test('a model is fine-tuned, with a rate that was looked for and histograms', async () => {
  const [first, out] = [join(folder, 'taught'), join(folder, 'fine-tuned')];
  await run('scripts/quickstart.ts', ['--steps', '8', '--out', first]);
  const { code, output } = await run('scripts/fine-tune.ts', ['--from', first, '--steps', '8', '--out', out]);
  expect([code, output]).toEqual([
    0,
    expect.stringMatching(/suggested rate (none|\d\.\de-\d)\nvalidation loss \d+\.\d{4} nats a token after step \d/),
  ]);
  expect(readFileSync(join(out, 'metrics.jsonl'), 'utf8')).toContain('"type":"histograms"');
});

describe('adapters improved by twelve data sets', () => {
  const source = readFileSync('scripts/train-adapters.ts', 'utf8');

  test('on one page', () => {
    expect(source.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
    expect(source).toContain('{ r: 56, loraAlpha: 112 }');
  });

  test('tell of copies, of each data set, of what is refused, and go back', async () => {
    const [base, out] = [join(folder, 'tiny'), join(folder, 'adapters')];
    await saveTinyModel(base);
    const { code, output } = await run('scripts/train-adapters.ts', ['--quick', '--model', base, '--out', out]);
    expect([code, output]).toEqual([0, expect.stringMatching(/\nrestored: current /)]);
    const runs = output.match(/^(sequential|mixed): .*$/gmu)!;
    expect(runs.map((line) => /^\w+: (\d+) copies/u.exec(line)![1])).toEqual(['32', '64', '64', '64']);
    expect(runs[3]).toMatch(/rejected$/);
    const losses = String.raw`\d\.\d\d → \d\.\d\d, by -?\d\.\d{3} \[-?\d\.\d{3}, -?\d\.\d{3}\]`;
    const rows = output.match(new RegExp(String.raw`^\w+\.jsonl: ${losses} \| ${losses} \|\| ${losses}$`, 'gmu'));
    expect(rows?.map((row) => row.split('.')[0])).toEqual(datasetNames);
    const [, current, previous] = /^current (\S+), previous (\S+), /mu.exec(output)!;
    expect(output).toContain(`restored: current ${previous}, previous ${current}\n`);
    const pointers = JSON.parse(readFileSync(join(out, 'sequential', 'pointers.json'), 'utf8')) as unknown;
    expect(pointers).toMatchObject({ current: previous, previous: current });
  });
});

/** A model that knows nothing, with a chat template. */
async function saveTinyModel(target: string): Promise<void> {
  const text = readFacts().map(({ answer }) => answer);
  const tokenizer = await BpeTokenizer.train(text.join('\n'), {
    vocabSize: 600,
    specialTokens: ['<END>', '<PAD>', ...specialTokens],
  });
  manualSeed(1);
  const model = new Gpt({ vocabSize: tokenizer.size, contextLength: 512, width: 32, layers: 2, heads: 2 });
  const chatTemplate = new ChatTemplate(chatTemplates.chatml, { tokens: templateTokens.chatml });
  await saveModel(target, model, { tokenizer, chatTemplate });
  model.dispose();
}
