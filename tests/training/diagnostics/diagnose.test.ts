import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { diagnose, selectExitCode, diagnosisTitles, formatDiagnosis } from '../../../lib/training/index.js';
import type { DiagnosisCode, RunFacts, RunRecord, SampleRecord } from '../../../lib/training/index.js';
import { RunRecorder } from '../../../lib/training/diagnostics/recorder.js';

const V = 1000;
const EPOCHS = 12;
const STEPS_AN_EPOCH = 20;

/** What a script may change of a healthy run. */
interface Script {
  /** Losses after each of the 12 epochs. */
  validation?: (epoch: number) => number;
  train?: (epoch: number) => number;
  learningRate?: (step: number) => number;
  gradNorm?: (step: number) => number;
  facts?: RunFacts;
  samples?: SampleRecord[];
  end?: string;
}

/** From ln V to 3, nearly there after 12 epochs. */
const falling = (epoch: number) => 3 + (Math.log(V) - 3) * Math.exp(-epoch);
const cosine = (step: number) => 1e-3 * (0.1 + 0.45 * (1 + Math.cos((Math.PI * step) / (EPOCHS * STEPS_AN_EPOCH))));
const distinct = Array.from({ length: 60 }, (_, index) => (index * 7) % 53);
const sample = { ids: distinct, logProbabilities: distinct.map(() => -3.3), temperature: 0.8 };

const healthyFacts: RunFacts = {
  ...{ vocabSize: V, parameters: 50_000, trainTokens: 1_000_000, dropout: 0.3, tokenizer: 'char', maxGradNorm: 1 },
  ...{ unknownRate: 0.01, sharedWindows: 0.0005, precision: 'float16', matrices: { head: [1000, 64] } },
};

function recorderOf(script: Script = {}): RunRecorder {
  const { validation = falling, train = (epoch) => falling(epoch) - 0.1 } = script;
  const { learningRate = cosine, gradNorm = () => 0.5 } = script;
  const recorder = new RunRecorder({ ...healthyFacts, ...script.facts });
  recorder.start(0);
  for (let index = 1; index <= EPOCHS * STEPS_AN_EPOCH; index++) {
    const epoch = index / STEPS_AN_EPOCH;
    const loss = index === 1 ? Math.log(V) : train(epoch);
    recorder.step({ index, loss, gradNorm: gradNorm(index), learningRate: learningRate(index) });
    if (Number.isInteger(epoch)) recorder.evaluation({ step: index, epoch, loss: validation(epoch) });
  }
  recorder.end(script.end ?? 'limit');
  return recorder;
}

function recordOf(script: Script = {}): RunRecord {
  const { history } = recorderOf(script);
  return { history, facts: { ...healthyFacts, ...script.facts }, samples: script.samples ?? [sample, sample] };
}

const codes = (script?: Script) => diagnose(recordOf(script)).map(({ code }) => code);

test('nothing is wrong with a healthy run', () => {
  expect(diagnose(recordOf())).toEqual([]);
});

test('a check that lacks its facts finds nothing', () => {
  expect(diagnose({ history: new RunRecorder({}).history, facts: {}, samples: [] })).toEqual([]);
});

const still = () => 4;
const repeating = Array.from({ length: 60 }, (_, index) => index % 3);
const spikes = (from: number, to: number) => (step: number) => (step >= from && step < to ? 50 : 0.5);

/** For each code, runs in which it is all that is found. */
const fixtures: [DiagnosisCode, string, Script][] = [
  ['LSTM_NAN', 'a loss that is no number', { train: (epoch) => (epoch === 5 ? NaN : falling(epoch)) }],
  ['LSTM_NAN', 'an infinite norm', { gradNorm: (step) => (step === 60 ? Infinity : 0.5) }],
  ['LSTM_NAN', 'a norm over 10 times its average, 3 steps in a row', { gradNorm: spikes(100, 103) }],
  [
    'LEAK',
    'a perplexity out of reach',
    { validation: (epoch) => falling(epoch) - 2.7, train: (epoch) => falling(epoch) - 2.4 },
  ],
  [
    'LEAK',
    'the same with words',
    {
      validation: () => 2.9,
      train: () => 3,
      facts: { tokenizer: 'word' },
      learningRate: (step) => (step < 10 ? 1 : 0.1),
    },
  ],
  ['LEAK', 'validation far below training', { train: (epoch) => 2.2 * falling(epoch) }],
  ['LEAK', 'windows in both splits', { facts: { sharedWindows: 0.002 } }],
  ['INIT_LOSS', 'too high', { facts: { vocabSize: 400 } }],
  ['INIT_LOSS', 'too low', { facts: { vocabSize: 3000 } }],
  [
    'OVERFIT',
    'validation rises while training falls',
    {
      train: (epoch) => falling(epoch) - 0.02 * epoch,
      validation: (epoch) => (epoch < 9 ? falling(epoch) : 3 + 0.02 * (epoch - 8)),
    },
  ],
  ['OVERFIT', 'a wide gap', { train: (epoch) => falling(epoch) - 0.6 }],
  [
    'UNDERTRAINED',
    'perplexity still falls',
    { validation: (epoch) => 6 - 0.1 * epoch, train: (epoch) => 5.9 - 0.1 * epoch },
  ],
  ['UNDERTRAINED', 'the loss is nearly that of guessing', { validation: () => 6, train: () => 6 }],
  ['PLATEAU', 'nothing moves at a high rate', { validation: still, train: still, learningRate: () => 1e-3 }],
  ['DEAD_LR', 'a thousandth of the highest rate', { learningRate: (step) => (step < 200 ? 1e-3 : 9e-7) }],
  [
    'DEAD_LR',
    'the minimum of a plateau schedule',
    { learningRate: (step) => (step < 200 ? 1e-4 : 1e-6), facts: { minimumLearningRate: 1e-6 } },
  ],
  ['VOCAB_OOV', 'unknown words', { facts: { unknownRate: 0.06 } }],
  ['DATA_RATIO', 'more parameters than tokens', { facts: { parameters: 1_000_001 } }],
  ['DIM_ALIGN', 'odd sizes in float16', { facts: { matrices: { head: [1001, 64], inner: [64, 64] } } }],
  ['GEN_REPEAT', 'trigrams that come again', { samples: [sample, { ids: repeating }] }],
  [
    'GEN_REPEAT',
    'a long span that comes again',
    { samples: [{ ids: [...distinct.slice(0, 21), 900, ...distinct.slice(0, 21), 901, ...distinct] }] },
  ],
  [
    'HOT_SAMPLING',
    'improbable tokens at a high temperature',
    { samples: [{ ...sample, temperature: 1.3, logProbabilities: distinct.map(() => -4.6) }] },
  ],
];

test.each(fixtures)('%s: %s', (code, _, script) => {
  const found = diagnose(recordOf(script));
  expect(found.map((diagnosis) => diagnosis.code)).toEqual([code]);
  const [{ message, advice, evidence, docs }] = found as [(typeof found)[number]];
  expect(Object.keys(evidence).length).toBeGreaterThan(0);
  expect(message).toMatch(/^[A-Z0-9].*\.$/);
  expect(advice).toMatch(/^[A-Z].*\.$/);
  expect(`${message}${advice}`).not.toMatch(/undefined|NaN\b(?!,)|\[object/);
  expect(docs).toBe(`lib/training/diagnostics/README.md#${code.toLowerCase()}`);
});

describe('OOM', () => {
  const oom = (end: string, error?: unknown): RunRecord => {
    const recorder = recorderOf();
    recorder.event({ type: 'out-of-memory', step: 3, rows: 32, microBatches: 4 });
    recorder.end(end, error);
    return { history: recorder.history, facts: healthyFacts, samples: [] };
  };

  test('a warning where the run went on, an error where memory ended it', () => {
    expect(diagnose(oom('limit'))).toMatchObject([{ code: 'OOM', severity: 'warning', evidence: { microBatch: 8 } }]);
    expect(diagnose(oom('error', new Error('another')))).toMatchObject([{ code: 'OOM', severity: 'warning' }]);
    const fatal = diagnose(oom('error', { code: 'PAL_OUT_OF_MEMORY' }));
    expect(fatal).toMatchObject([{ code: 'OOM', severity: 'error' }]);
    expect(fatal[0]!.message).toBe('Out of memory at step 3: not even a single row fits.');
    expect(diagnose(oom('limit'))[0]!.message).toBe(
      'Out of memory at batch 32, step 3: micro-batch 8×4 from there on.',
    );
  });
});

describe('what is near a trigger but none', () => {
  test.each<[string, Script]>([
    ['two spikes in a row', { gradNorm: spikes(100, 102) }],
    ['a rise before the average is known', { gradNorm: spikes(5, 9) }],
    ['a norm that grows slowly', { gradNorm: (step) => 0.5 * 1.05 ** Math.min(step, 100) }],
    ['a loss 9 % off', { facts: { vocabSize: 560 } }],
    ['a plateau at a low rate', { validation: still, train: still, learningRate: (step) => (step < 10 ? 1e-3 : 4e-4) }],
    [
      'a run that was interrupted',
      { validation: (epoch) => 6 - 0.1 * epoch, train: (epoch) => 5.9 - 0.1 * epoch, end: 'interrupted' },
    ],
    ['one repeating sample of three', { samples: [sample, sample, { ids: repeating }] }],
    ['probable tokens at a high temperature', { samples: [{ ...sample, temperature: 1.3 }] }],
    ['improbable tokens at a low temperature', { samples: [{ ...sample, logProbabilities: distinct.map(() => -9) }] }],
    ['odd sizes in float32', { facts: { matrices: { head: [1001, 63] }, precision: 'float32' } }],
  ])('%s', (_, script) => {
    expect(codes(script)).toEqual([]);
  });

  test('an update that the scaler skipped', () => {
    const recorder = recorderOf();
    recorder.step({ index: 241, loss: NaN, gradNorm: Infinity, learningRate: 1e-4, skipped: true });
    expect(diagnose({ history: recorder.history, facts: healthyFacts, samples: [] })).toEqual([]);
  });
});

describe('the messages', () => {
  test('name the values that the reader needs', () => {
    const [explosion] = diagnose(recordOf({ gradNorm: spikes(100, 103), learningRate: () => 1e-3 }));
    expect(explosion!.message).toBe('Gradient explosion at step 102: norm 50, clip 1, lr 0.001.');
    expect(explosion!.advice).toContain('clip 1→0.5 and lr 0.001→5.0e-4');
    const [repeat] = diagnose(recordOf({ samples: [{ ids: repeating }], train: (epoch) => falling(epoch) - 0.4 }));
    expect(repeat!.message).toContain('train/val gap 0.4');
    expect(repeat!.advice).toContain('topP 0.9');
  });

  test('with a wide gap repetition is a matter of dropout', () => {
    const found = diagnose(recordOf({ samples: [{ ids: repeating }], train: (epoch) => falling(epoch) - 0.6 }));
    expect(found.map(({ code }) => code)).toEqual(['OVERFIT', 'GEN_REPEAT']);
    expect(found[1]!.advice).toContain('Raise dropout (now 0.3)');
  });

  test('the worst comes first', () => {
    const found = diagnose(recordOf({ facts: { sharedWindows: 1, matrices: { odd: [7, 7] }, unknownRate: 1 } }));
    expect(found.map(({ severity }) => severity)).toEqual(['error', 'warning', 'info']);
  });

  test('as text', () => {
    const [found] = diagnose(recordOf({ facts: { unknownRate: 0.06 } }));
    expect(formatDiagnosis(found!).split('\n')[0]).toBe(
      'warning VOCAB_OOV: 6 % of the tokens are unknown to the vocabulary.',
    );
  });
});

test('strict turns errors into exit code 2', () => {
  const [error, warning] = [recordOf({ facts: { sharedWindows: 1 } }), recordOf({ facts: { unknownRate: 1 } })].map(
    diagnose,
  );
  expect(selectExitCode(error!, { strict: true })).toBe(2);
  expect(selectExitCode(error!)).toBe(0);
  expect(selectExitCode(warning!, { strict: true })).toBe(0);
});

describe('a resumed run', () => {
  test('that explodes at its first step tells the learning rate of its settings', () => {
    const recorder = new RunRecorder({ ...healthyFacts, learningRate: 0.25 });
    recorder.start(40);
    recorder.end('error', { code: 'PAL_NON_FINITE', details: { step: 41, loss: NaN, gradNorm: NaN } });
    const [found] = diagnose({ history: recorder.history, facts: healthyFacts, samples: [] });
    expect(found!.message).toBe('Gradient explosion at step 41: norm NaN, clip 1, lr 0.25.');
  });

  test('forgets what comes again', () => {
    const recorder = recorderOf({ gradNorm: spikes(235, 240) });
    expect(recorder.history.explosion?.step).toBe(237);
    recorder.start(100);
    expect(recorder.history).toMatchObject({ steps: 100, explosion: undefined, end: undefined });
    expect(recorder.history.evaluations.map(({ step }) => step)).toEqual([20, 40, 60, 80, 100]);
    expect(recorder.history.firstLoss).toBeCloseTo(Math.log(V), 12);
  });
});

test('every code has a fixture here and its place in the README', () => {
  const tested = new Set([...fixtures.map(([code]) => code), 'OOM']);
  expect([...tested].sort()).toEqual(Object.keys(diagnosisTitles).sort());
  expect(existsSync('lib/training/diagnostics/README.md')).toBe(true);
  const readme = readFileSync('lib/training/diagnostics/README.md', 'utf8');
  for (const code of tested) expect(readme).toContain(`<a id="${code.toLowerCase()}"></a>\`${code}\``);
});
