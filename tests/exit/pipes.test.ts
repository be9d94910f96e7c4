import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { builtPalabra } from '../helpers/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'palabra-pipes-'));
const text = join(folder, 'text.txt');
const run = join(folder, 'run');
const sweep = join(folder, 'sweep.json');
/** Where a process writes what nobody caught. */
const uncaught = join(folder, 'uncaught.txt');
const monitor = join(folder, 'monitor.mjs');
writeFileSync(text, 'the sun climbs and the bird sings over the hill. '.repeat(60));
writeFileSync(
  monitor,
  `import { appendFileSync } from 'node:fs';
process.on('uncaughtExceptionMonitor', (error) => appendFileSync(${JSON.stringify(uncaught)}, String(error.stack)));`,
);
writeFileSync(
  sweep,
  JSON.stringify({
    name: 'rate',
    method: 'grid',
    base: './base.json',
    data: ['text.txt'],
    parameters: { 'trainer.optimizer.learningRate': { values: [1e-3, 1e-2] } },
    budget: { tokens: 640, trials: 2 },
    confirm: { top: 1, seeds: 1 },
  }),
);
writeFileSync(
  join(folder, 'base.json'),
  JSON.stringify({
    tokenizer: { type: 'char' },
    model: { type: 'gpt', width: 16, layers: 1, heads: 2, contextLength: 16 },
    trainer: { batchSize: 4, optimizer: { type: 'adamw' } },
  }),
);
const env = { ...process.env, NODE_OPTIONS: `--import ${monitor}` };
const small = ['--model.layers', '1', '--model.width', '16', '--model.heads', '2', '--model.contextLength', '16'];
const train = [text, '--tokenizer', 'char', '--preset', 'transformer', ...small, '--trainer.batchSize', '4'];

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const readUncaught = (): string => (existsSync(uncaught) ? readFileSync(uncaught, 'utf8') : '');

/** The reasons of the ends that a run has written down, with their steps. */
function readEnds(): [string, number][] {
  const lines = readFileSync(join(run, 'metrics.jsonl'), 'utf8').trim().split('\n');
  const records = lines.map((line) => JSON.parse(line) as { type: string; reason: string; step: number });
  return records.filter(({ type }) => type === 'end').map(({ reason, step }) => [reason, step]);
}

/** Runs `palabra` without a reader of results, errors and progress. */
const runUnread = (words: readonly string[], input = ''): Promise<number | null> =>
  runWithoutReaders([builtPalabra, ...words], input);

async function runWithoutReaders(words: readonly string[], input = ''): Promise<number | null> {
  const child = spawn(process.execPath, words, { env, stdio: 'pipe' });
  child.stdout.destroy();
  child.stderr.destroy();
  child.stdin.on('error', () => undefined).end(input);
  return await new Promise((done) => child.on('close', done));
}

/** Waits until the run has written down a step. */
async function waitForStep(step: number): Promise<void> {
  const written = (): boolean => readFileSync(join(run, 'metrics.jsonl'), 'utf8').includes(`"index":${step},`);
  while (!written()) await new Promise((next) => setTimeout(next, 20));
}

test('training goes on to its end behind 2>&1 | head', () => {
  const words = ['train', ...train, '--run', run, '--trainer.steps', '30', '--trainer.checkpointEvery', '20'];
  const quoted = [process.execPath, builtPalabra, ...words].map((word) => `'${word}'`).join(' ');
  const shell = `set -o pipefail; ${quoted} 2>&1 | head -2`;
  const { status, stdout } = spawnSync('bash', ['-c', shell], { encoding: 'utf8', env });
  expect([status, stdout.trim().split('\n').length, readUncaught()]).toEqual([0, 2, '']);
  expect([readEnds(), existsSync(join(run, 'model'))]).toEqual([[['limit', 30]], true]);
});

test('SIGHUP ends training as SIGTERM does: after saving', async () => {
  const child = spawn(process.execPath, [builtPalabra, 'resume', run, '--trainer.steps', '1000000'], { env });
  // A terminal that is hung up takes its streams along.
  await waitForStep(31);
  child.stdout.destroy();
  child.stderr.destroy();
  child.kill('SIGHUP');
  const code = await new Promise((done) => child.on('close', done));
  const [reason, step] = readEnds().at(-1)!;
  expect([code, reason, readUncaught()]).toEqual([129, 'SIGHUP', '']);
  expect(existsSync(join(run, 'checkpoints', `step-${String(step).padStart(8, '0')}`))).toBe(true);
});

test.each([
  [['analyze', text]],
  [['tokenizer', 'train', text, '--out', join(folder, 'tokenizer')]],
  [['tokenizer', 'encode', run], 'the sun'],
  [['prepare', text, '--out', join(folder, 'prepared'), '--prepare.contamination', 'false']],
  [['generate', run, 'the', '--maxTokens', '20']],
  [['chat', run], 'the sun\nthe bird\n'],
  [['evaluate', run, text]],
  [['inspect', run]],
  [['doctor']],
  [['sweep', 'run', sweep, '--out', join(folder, 'sweep')]],
])('%j works without readers', async (words, input = '') => {
  expect([await runUnread(words, input), readUncaught()]).toEqual([0, '']);
});

test('a program that shows its progress goes on without readers', async () => {
  const program = `import { Progress } from '${resolve('dist/index.js')}';
const progress = new Progress({ total: 3, plainIntervalMs: 0 });
for (let step = 1; step <= 3; step++) {
  progress.update(step);
  await new Promise((next) => setTimeout(next));
}
process.exitCode = 7;`;
  const words = ['--input-type=module', '--eval', program];
  expect([await runWithoutReaders(words), readUncaught()]).toEqual([7, '']);
});

test('commands write through the streams that survive their readers, and by no other way', () => {
  const sources = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const writing = sources.filter((path) => {
    const code = readFileSync(join('lib', path), 'utf8').replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, '');
    return /process\.std(?:out|err)\.write|\bconsole\.\w+\(|std(?:out|err) }? ?= process\b/.test(code);
  });
  // The card shows a program; the probe is a process of its own, which is read by the one that starts it.
  const others = ['native/libtorch/probe.ts', 'training/run-directory/model-card.ts'];
  expect(writing.sort()).toEqual(['core/work/standard-error.ts', ...others]);
});
