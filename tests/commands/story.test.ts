import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { RunConfig } from '../../lib/training/index.js';
import { palabra } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

const story = 'The sun climbs over the hill. The bird sings in the tree. The river runs down to the sea.\n';
const small = ['--model.width', '16', '--model.layers', '1', '--model.heads', '2', '--model.contextLength', '32'];
const short = [
  '--trainer.steps',
  '40',
  '--trainer.batchSize',
  '8',
  '--trainer.evaluateEvery',
  '20',
  '--trainer.optimizer.learningRate',
  '0.01',
];

/** From a text to a model that is trained, resumed, used and judged, all in one folder. */
describe('palabra, from a text to a judged model', () => {
  const folder = temporaryFolder();
  const at = (...names: string[]) => join(folder.path, ...names);
  const run = at('run');

  beforeAll(() => {
    writeFileSync(at('story.txt'), story.repeat(60));
    writeFileSync(at('long.txt'), story.repeat(150));
    writeFileSync(at('story.jsonl'), `${JSON.stringify({ body: story.repeat(20) })}\n`.repeat(3) + 'no JSON\n');
  });
  afterAll(() => folder[Symbol.dispose]());

  test('analyze says what the text is like, and draws it', async () => {
    const { status, stdout } = await palabra(['analyze', at('story.txt'), '--json', '--html', at('analysis.html')]);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('recommendation');
    expect(readFileSync(at('analysis.html'), 'utf8')).toContain('<svg');
  });

  test('tokenizer train, encode and decode', async () => {
    const words = ['tokenizer', 'train', at('story.jsonl'), '--out', at('tokens'), '--source.field', 'body'];
    expect(await palabra(words)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/story\.jsonl.* in line 4/),
    });
    const trained = await palabra([
      ...words,
      '--source.onMalformed',
      'report',
      '--tokenizer.vocabSize',
      '280',
      '--json',
    ]);
    expect(trained).toMatchObject({ status: 0, stderr: expect.stringContaining('1 malformed') });
    expect(JSON.parse(trained.stdout)).toMatchObject({ type: 'bpe', size: 280 });
    const { stdout: ids } = await palabra(['tokenizer', 'encode', at('tokens'), 'The bird sings.']);
    expect(await palabra(['tokenizer', 'decode', at('tokens'), ...ids.trim().split(' ')])).toMatchObject({
      status: 0,
      stdout: 'The bird sings.\n',
    });
  });

  test('a preset is where settings start from; a file and options win', async () => {
    writeFileSync(at('over.yaml'), 'model: {width: 24}\ntrainer: {schedule: {type: constant}}\n');
    const words = ['train', at('story.txt'), '--preset', 'lstm-minimal', '--config', at('over.yaml')];
    const options = ['--run', at('preset'), '--trainer.steps', '2', '--tokenizer.words', '9', '--dataset.stride', '25'];
    expect(await palabra([...words, ...options])).toMatchObject({ status: 0 });
    const { trainer, model, tokenizer } = JSON.parse(readFileSync(at('preset', 'config.json'), 'utf8')) as RunConfig;
    expect(trainer).toMatchObject({ steps: 2, labelSmoothing: 0.1, optimizer: { type: 'adamw' } });
    expect(trainer).not.toHaveProperty('epochs');
    expect(trainer.schedule).toEqual({ type: 'constant', warmup: 0 });
    expect(model).toMatchObject({ kind: 'lstm', config: { width: 24, layers: 1, dropout: 0.3, vocabMultiple: 8 } });
    expect(tokenizer).toEqual({ type: 'word', size: 13 });
    expect(JSON.parse(readFileSync(at('preset', 'data.json'), 'utf8'))).toMatchObject({
      dataset: { length: 100, stride: 25 },
    });
    expect(await palabra([...words, '--preset', 'none'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/Allowed choices are transformer, llama, nanologic, [-a-z, ]*lstm, lstm-minimal/),
    });
  });

  test('the dropout follows from how often the text will be seen, by any bound', async () => {
    const dropout = async (...bound: string[]) => {
      const words = ['train', at('story.txt'), '--run', at(`run${bound.join('')}`), ...small, ...bound];
      const { status, stderr } = await palabra([...words, '--trainer.batchSize', '8', '--tokenizer.vocabSize', '280']);
      expect([status, stderr]).toEqual([0, expect.any(String)]);
      const { model } = JSON.parse(readFileSync(at(`run${bound.join('')}`, 'config.json'), 'utf8')) as {
        model: { config: { dropout: unknown } };
      };
      return model.config.dropout;
    };
    expect(await dropout('--trainer.steps', '2')).toBe(0);
    expect(await dropout('--trainer.steps', '100')).toEqual({ embedding: 0.2, attention: 0, residual: 0.2 });
  });

  test('train leaves a run with a model, told as JSON', async () => {
    const words = ['train', at('story.txt'), '--run', run, '--tokenizer', 'char', ...small, ...short];
    const { status, stdout, stderr } = await palabra([...words, '--json']);
    expect({ status, stderr: stderr.slice(-300) }).toMatchObject({ status: 0 });
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ reason: 'limit', step: 40, folder: run });
    expect(result.best.loss).toBeLessThan(result.unigramLoss);
    expect(stderr).toContain('validation loss');
    expect(stderr).toMatch(
      /^[\d,]+ tokens to train on in [\d,]+ examples, [\d.]+ % padding, [\d.]+ parameters a token, /m,
    );
    expect(await palabra(words)).toMatchObject({ status: 1, stderr: expect.stringContaining('palabra resume') });
  });

  test('resume lengthens it', async () => {
    const { status, stdout } = await palabra(['resume', run, '--trainer.steps', '60', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ reason: 'limit', step: 60 });
  });

  test('generate continues a prompt, the same for the same seed', async () => {
    const words = ['generate', run, 'The sun', '--maxTokens', '12', '--seed', '3'];
    const { status, stdout } = await palabra(words);
    expect(status).toBe(0);
    expect(stdout.startsWith('The sun')).toBe(true);
    expect((await palabra(words)).stdout).toBe(stdout);
    const { texts } = JSON.parse((await palabra([...words, '--json', '--samples', '2'])).stdout);
    expect(texts).toHaveLength(2);
    expect(`The sun${texts[0].text}\n`).toBe(stdout);
    expect(texts[0].logProbabilities).toHaveLength(12);
  });

  test('evaluate measures a split and a file, and holds figures against goals', async () => {
    const split = JSON.parse((await palabra(['evaluate', run, '--json'])).stdout);
    expect(split.scores.perplexity).toBeGreaterThan(1);
    const all = ['evaluate', run, at('story.txt'), '--evaluation.metrics', 'all', '--out', at('report')];
    expect(await palabra(all)).toMatchObject({ status: 0, stdout: expect.stringContaining('bits a byte') });
    expect(readFileSync(at('report', 'evaluation.html'), 'utf8')).toContain('<table');
    expect(readFileSync(at('report', 'evaluation.csv'), 'utf8')).toContain('scores.perplexity');
    const goals = ['--evaluation.goals', '{scores.perplexity: {max: 1.01}}'];
    expect(await palabra(['evaluate', run, ...goals])).toMatchObject({ status: 1, stderr: '' });
  });

  test('validate recomputes what the run wrote down', async () => {
    const { stdout } = await palabra(['validate', run, '--json']);
    const { checks } = JSON.parse(stdout) as { checks: { name: string; passed?: boolean }[] };
    expect(checks).toContainEqual(expect.objectContaining({ name: 'perplexity as stored', passed: true }));
    expect((await palabra(['validate', run, '--perplexityGoal', '1.01'])).status).toBe(1);
  });

  test('compare of a model with itself finds no difference', async () => {
    const twin = ['compare', run, at('run', 'model'), '--text', at('long.txt'), '--json'];
    const { status, stdout, stderr } = await palabra(twin);
    expect(`${status} ${stderr}`).toMatch(/^0/);
    expect(JSON.parse(stdout).pairs[0].test).toMatchObject({ p: 1 });
  });

  test('inspect lists neighbours and draws attention; chat shows ways of sampling', async () => {
    const near = JSON.parse((await palabra(['inspect', run, '--neighbours', 'b', '--count', '3', '--json'])).stdout);
    expect(near).toHaveLength(3);
    const { stdout } = await palabra(['inspect', run, '--attention', 'The sun', '--out', at('maps'), '--json']);
    const { files, layers } = JSON.parse(stdout) as { files: string[]; layers: unknown[] };
    expect(layers).toHaveLength(1);
    expect(readFileSync(files[0]!, 'utf8')).toContain('<svg');
    expect((await palabra(['chat', run, 'The sun', 'The bird', '--demo'])).stdout).toMatch(/Greedy[^]*Memory:/);
  });

  test('verify, inspect and diagnose speak of the same run', async () => {
    expect(await palabra(['verify', run])).toMatchObject({ status: 0, stdout: expect.stringContaining('causality') });
    expect(JSON.parse((await palabra(['inspect', run, '--json'])).stdout)).toMatchObject({ kind: 'gpt' });
    const { status, stdout } = await palabra(['diagnose', run, '--json']);
    expect(status).toBe(0);
    expect(Array.isArray(JSON.parse(stdout))).toBe(true);
  });

  test('prepare once, train an LSTM from a file of settings', async () => {
    expect(
      await palabra(['prepare', at('story.txt'), '--out', at('data'), '--tokenizer.vocabSize', '300']),
    ).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/train +[\d,]+ tokens/),
    });
    const settings =
      'model: {type: lstm, width: 16, layers: 1}\ntrainer: {steps: 10, batchSize: 4}\ndataset: {length: 20}\n';
    writeFileSync(at('run.yaml'), settings);
    const words = ['train', at('data'), '--run', at('lstm'), '--config', at('run.yaml'), '--json'];
    const { status, stdout, stderr } = await palabra(words);
    expect(`${status} ${stderr}`).toMatch(/^0/);
    expect(JSON.parse(stdout)).toMatchObject({ step: 10 });
  });

  test.each([
    [['train', 'nothing/*.txt', '--run', 'x'], 1, 'none in'],
    [['train', 'a.txt', '--run', 'x', '--model.witdh', '4'], 2, 'Did you mean --model.width?'],
    [['train', 'a.txt', '--run', 'x', '--trainer.steps', 'many'], 2, 'Expected an integer'],
    [['generate', 'nowhere', 'Once'], 1, '[PAL_FILE]'],
    [['resume', 'nowhere'], 1, '[PAL_FILE]'],
    [['generate', '$RUN', 'The sun', '--topP', '2'], 1, 'topP'],
    [['generate', '$RUN', 'ω'], 1, '[PAL_'],
    [['evaluate', '$RUN', '--split', 'tset'], 2, 'test'],
    [['inspect', '$RUN', '--attention', 'The sun'], 1, '--out'],
    [['inspect', '$RUN', '--phi', 'The sun'], 1, '--out'],
    [['compare', '$RUN'], 1, 'at least two models'],
  ])('a wrong line says what to do: %j', async (words, code, message) => {
    const { status, stderr } = await palabra(words.map((word) => (word === '$RUN' ? run : word)));
    expect({ status, stderr }).toEqual({ status: code, stderr: expect.stringContaining(message) });
  });
});
