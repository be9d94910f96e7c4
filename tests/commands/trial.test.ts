import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { palabra } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

const story = 'The sun climbs over the hill. The bird sings in the tree. The river runs down to the sea.\n';
const small = ['--model.width', '32', '--model.layers', '1', '--model.heads', '2', '--model.contextLength', '16'];
const rehearsals = () => readdirSync(tmpdir()).filter((name) => name.startsWith('palabra-dry-run-'));

describe('before a long run', () => {
  const folder = temporaryFolder();
  const text = join(folder.path, 'story.txt');
  const train = ['train', text, '--tokenizer', 'char', ...small];

  beforeAll(() => writeFileSync(text, story.repeat(60)));
  afterAll(() => folder[Symbol.dispose]());

  test('train --dry-run shows layers, memory, passes and an overfitted batch, and leaves nothing behind', async () => {
    const before = rehearsals();
    const words = [...train, '--dry-run', '--trainer.steps', '40', '--trainer.batchSize', '8'];
    const { status, stdout } = await palabra(words);
    expect(stdout).toMatch(/^data +[\d,]+ tokens to train on, [\d.]+ for each parameter\nsteps +40\n/);
    expect(stdout).toMatch(/blocks\.0\.attention\.query +Linear\(32 → 32\) +8 × 16 × 32 +1,024/);
    expect(stdout).toMatch(/a training step of 8 × 16 tokens: [\d.]+ [KM]iB \(weights/);
    expect(stdout).toMatch(/\n1 × 16 random tokens +passed +loss \d\.\d{4} beside ln V = \d\.\d{4}/);
    expect(stdout).toMatch(/\n32 × 16 random tokens +passed/);
    expect(stdout).toMatch(/\noverfit 4 × 16 +passed +loss 0\.0\d+ after \d+ steps/);
    expect([status, rehearsals()]).toEqual([0, before]);
  });

  test('train --overfit-one-batch does that alone, told as JSON', async () => {
    const { status, stdout } = await palabra([...train, '--overfit-one-batch', '--json']);
    const trial = JSON.parse(stdout);
    expect(trial).toMatchObject({ passed: true, passes: [], overfit: { rows: 4, length: 16, passed: true } });
    expect(trial).not.toHaveProperty('summary');
    expect(trial.overfit.loss).toBeLessThan(0.1);
    expect(status).toBe(0);
  });

  test('a first loss that is not ln V ends with 1', async () => {
    const { status, stdout } = await palabra([...train, '--dry-run', '--model.initStd', '3']);
    expect([status, stdout]).toEqual([1, expect.stringMatching(/1 × 16 random tokens +failed[^]*Something is wrong/)]);
  });

  test('settings that the run would refuse are refused here', async () => {
    const refused = await palabra([...train, '--dry-run', '--trainer.schedule.warmup', '99', '--trainer.steps', '9']);
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining('[PAL_ARGUMENT] cosineSchedule') });
    expect(await palabra(train)).toMatchObject({ status: 2, stderr: expect.stringContaining('--run <folder>') });
  });

  test('train and resume --strict end with 2 when a diagnosis makes the run worthless', async () => {
    // One sentence again and again: a character model knows the next one, and the splits share their windows.
    writeFileSync(join(folder.path, 'same.txt'), story.repeat(400));
    const run = join(folder.path, 'run');
    const words = ['train', join(folder.path, 'same.txt'), '--run', run, '--tokenizer', 'char', ...small];
    const budget = ['--trainer.steps', '120', '--trainer.optimizer.learningRate', '0.01'];
    const { status, stdout } = await palabra([...words, ...budget, '--strict', '--json']);
    expect(JSON.parse(stdout).diagnoses[0]).toMatchObject({ code: 'LEAK', severity: 'error' });
    expect(status).toBe(2);
    expect((await palabra(['resume', run, '--trainer.steps', '121'])).status).toBe(0);
    expect((await palabra(['resume', run, '--trainer.steps', '122', '--strict'])).status).toBe(2);
    expect(existsSync(join(run, 'diagnoses.json'))).toBe(true);
  });
});

describe('resume', () => {
  test('changes what is named of the optimizer and the schedule, and keeps the rest', async () => {
    using folder = temporaryFolder();
    const [text, run] = [join(folder.path, 'story.txt'), join(folder.path, 'run')];
    writeFileSync(text, story.repeat(60));
    const optimizer = ['sgd', '--trainer.optimizer.momentum', '0.5', '--trainer.optimizer.weightDecay', '0.01'];
    const words = ['train', text, '--run', run, '--tokenizer', 'char', ...small, '--trainer.steps', '4'];
    expect((await palabra([...words, '--trainer.optimizer', ...optimizer])).status).toBe(0);
    const gentler = ['--trainer.optimizer.learningRate', '0.05', '--trainer.schedule.minimum', '0'];
    expect(await palabra(['resume', run, '--trainer.steps', '6', ...gentler])).toMatchObject({ status: 0 });
    const { trainer } = JSON.parse(readFileSync(join(run, 'config.json'), 'utf8'));
    expect(trainer).toMatchObject({
      steps: 6,
      optimizer: { type: 'sgd', learningRate: 0.05, momentum: 0.5, weightDecay: 0.01 },
      schedule: { type: 'cosine', minimum: 0 },
    });
    const other = await palabra(['resume', run, '--trainer.steps', '7', '--trainer.optimizer', 'adamw']);
    expect(other).toMatchObject({ status: 1, stderr: expect.stringContaining('PAL_CHECKPOINT') });
  });
});

describe('build', () => {
  const sizes = ['--build.vocabSize', '50', '--build.batch', '4'];

  test('shows a model that has no data yet', async () => {
    const { status, stdout } = await palabra(['build', '--model', 'lstm', ...sizes, '--build.length', '12']);
    expect(stdout).toMatch(/^path +layer +output +parameters\n\(model\) +LstmLanguageModel +4 × 12 × 50/);
    expect(stdout).not.toContain('random tokens');
    expect(status).toBe(0);
  });

  test('--dry-run tries it on random tokens', async () => {
    const { status, stdout } = await palabra(['build', ...small, ...sizes, '--dry-run', '--json']);
    const { summary, passes, overfit, passed } = JSON.parse(stdout);
    expect([status, passed, overfit.passed, overfit.steps <= 200]).toEqual([0, true, true, true]);
    expect(passes.map(({ batchSize }: { batchSize: number }) => batchSize)).toEqual([1, 32]);
    expect(summary).toMatchObject({ step: { batch: 4, length: 16 }, memory: { total: expect.any(Number) } });
    expect((await palabra(['build', ...sizes, '--dry-run', '--model.initStd', '3'])).status).toBe(1);
  });
});
