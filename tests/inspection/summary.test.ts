import { createHash } from 'node:crypto';
import { afterAll, describe, expect, test } from '@jest/globals';
import { WindowDataset } from '../../lib/data/index.js';
import { summarize } from '../../lib/inspection/index.js';
import type { ModelSummary, SummaryOptions } from '../../lib/inspection/index.js';
import { Gpt, LstmLanguageModel, lstmPresets } from '../../lib/models/index.js';
import type { ForwardContext, LanguageModel, LossOutput } from '../../lib/models/index.js';
import { buffer, sumTokenLoss } from '../../lib/nn/index.js';
import { buildOptimizer, computeClipDivisor, computeGradNorm } from '../../lib/optim/index.js';
import type { OptimizerConfigOptions } from '../../lib/optim/index.js';
import { getRandomState, memory, noGrad, ones, program, randint, scope } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { Trainer } from '../../lib/training/index.js';

/** How far the prediction may be from the measured peak. */
const MARK = 0.1;
const MIB = 2 ** 20;

/** The peak of a run: recording a step, and replaying it. */
async function measuredPeak(
  make: () => LanguageModel,
  step: SummaryOptions,
  config: OptimizerConfigOptions = { type: 'adamw' },
): Promise<number> {
  const before = memory.stats().allocatedBytes;
  memory.resetPeak();
  const model = make();
  const optimizer = buildOptimizer(config, model);
  const { batch, length, autocast, checkpointing } = step;
  const ids = randint(0, model.config.vocabSize, [batch, length], { dtype: 'int64' }).keep();
  const recorded = program((inputs: Tensor) => {
    optimizer.zeroGrad();
    const { lossSum } = model.accumulateGradients(inputs, inputs, { training: true }, { autocast, checkpointing });
    const norm = computeGradNorm(optimizer.parameters());
    optimizer.step({ gradientDivisor: computeClipDivisor(norm, 1) });
    return lossSum;
  });
  for (let i = 0; i < 2; i++) (await recorded.run(ids)).dispose();
  const peak = memory.stats().peakAllocatedBytes - before;
  recorded.dispose();
  optimizer.dispose();
  ids.dispose();
  model.dispose();
  return peak;
}

function hashOf(model: LanguageModel): string {
  const hash = createHash('sha256');
  for (const parameter of model.parameters()) hash.update(parameter.bits());
  return hash.digest('hex');
}

const small = { width: 128, layers: 4, heads: 4, contextLength: 64 } as const;
const cases: [string, () => LanguageModel, SummaryOptions][] = [
  ['gpt, 0.8 M', () => new Gpt({ vocabSize: 65, ...small }), { batch: 12, length: 64 }],
  [
    'gpt, learned, LayerNorm, GELU, dropout',
    () =>
      new Gpt({
        ...{ vocabSize: 65, ...small, dropout: 0.1 },
        ...{ positions: { type: 'learned' }, norm: { type: 'layer' }, mlp: { type: 'gelu' } },
      }),
    { batch: 12, length: 64 },
  ],
  ['gpt, V 8,192', () => new Gpt({ vocabSize: 8192, width: 256, layers: 4, heads: 4 }), { batch: 4, length: 128 }],
  ['gpt, checkpointed', () => new Gpt({ vocabSize: 65, ...small }), { batch: 12, length: 64, checkpointing: true }],
  ['gpt, bfloat16', () => new Gpt({ vocabSize: 65, ...small }), { batch: 12, length: 64, autocast: 'bfloat16' }],
  [
    'gpt, differential attention',
    () => new Gpt({ vocabSize: 65, ...small, attention: { type: 'differential' } }),
    { batch: 12, length: 64 },
  ],
  [
    'gpt, windows of 32 tokens, 2 kv heads',
    () =>
      new Gpt({
        ...{ vocabSize: 65, width: 64, layers: 2, heads: 4, kvHeads: 2, contextLength: 256 },
        attention: { type: 'slidingWindow', window: 32 },
      }),
    { batch: 6, length: 256 },
  ],
  [
    'gpt, soft-capped attention, 1 × 512 tokens',
    () =>
      new Gpt({
        vocabSize: 65,
        width: 64,
        layers: 2,
        heads: 4,
        contextLength: 512,
        attention: { type: 'logitSoftCap' },
      }),
    { batch: 1, length: 512 },
  ],
  ['gpt, batch 1', () => new Gpt({ vocabSize: 65, ...small }), { batch: 1, length: 64 }],
  ['lstm, V 65', () => new LstmLanguageModel({ vocabSize: 65 }), { batch: 32, length: 100 }],
  [
    'lstm, the standard preset',
    () => new LstmLanguageModel({ vocabSize: 10_004, ...lstmPresets.standard }),
    { batch: 32, length: 100 },
  ],
  [
    'lstm, by chunks of time',
    () => new LstmLanguageModel({ vocabSize: 65 }),
    { batch: 32, length: 100, checkpointing: true },
  ],
];

test.each(cases)('predicts the peak of a training step within 10 %%: %s', async (name, make, step) => {
  const model = make();
  const { memory: predicted } = summarize(model, step);
  model.dispose();
  const measured = await measuredPeak(make, step);
  const error = predicted.total / measured - 1;
  console.log(
    `${name}: predicted ${(predicted.total / MIB).toFixed(1)} MiB, measured ${(measured / MIB).toFixed(1)} MiB ` +
      `(${(100 * error).toFixed(1)} %)`,
  );
  expect(Math.abs(error)).toBeLessThan(MARK);
});

const optimizers: [OptimizerConfigOptions['type'], SummaryOptions][] = [
  ['adamw', { batch: 1, length: 8 }],
  ['muon', { batch: 1, length: 8 }],
  ['muon', { batch: 12, length: 64 }],
  ['sgd', { batch: 1, length: 8 }],
  ['schedule-free', { batch: 1, length: 8 }],
];

test.each(optimizers)('predicts the peak with the optimizer at hand: %s, %j', async (type, step) => {
  const make = () => new Gpt({ vocabSize: 1024, ...small });
  const model = make();
  const optimizer = buildOptimizer({ type }, model);
  const weights = hashOf(model);
  const { memory: predicted } = summarize(model, { ...step, optimizer });
  expect(hashOf(model)).toBe(weights);
  optimizer.dispose();
  model.dispose();
  const measured = await measuredPeak(make, step, { type });
  const error = predicted.total / measured - 1;
  console.log(
    `${type}: predicted ${(predicted.total / MIB).toFixed(1)} MiB, measured ${(measured / MIB).toFixed(1)} MiB ` +
      `(${(100 * error).toFixed(1)} %)`,
  );
  expect(Math.abs(error)).toBeLessThan(MARK);
});

test.each(['adamw', 'muon'] as const)('predicts what a Trainer reports: %s', async (type) => {
  const before = memory.stats().allocatedBytes;
  using model = new Gpt({ vocabSize: 65, ...small });
  const tokens = Uint16Array.from({ length: 5000 }, (_, i) => (i * i) % 65);
  const data = { train: new WindowDataset(tokens, { length: 64 }) };
  const trainer = new Trainer({ model, data, steps: 3, batchSize: 12, optimizer: { type } });
  const predicted = summarize(model, { batch: 12, length: 64, optimizer: trainer.optimizer }).memory.total;
  const peaks = [];
  for await (const step of trainer.steps()) peaks.push(step.peakBytes - before);
  trainer.optimizer.dispose();
  const error = predicted / Math.max(...peaks) - 1;
  const shown = peaks.map((peak) => (peak / MIB).toFixed(1)).join(', ');
  console.log(`${type}: predicted ${(predicted / MIB).toFixed(1)} MiB, the trainer's steps ${shown}`);
  expect(Math.abs(error)).toBeLessThan(MARK);
});

/** A model that looks at values on its way, so that it can't be passed through without any. */
class Looking extends Gpt {
  override forward(ids: Tensor, context?: ForwardContext): Tensor {
    if (ids.max().item() >= this.config.vocabSize) throw new RangeError('no such token');
    return super.forward(ids, context);
  }

  override loss(ids: Tensor, targets: Tensor, context?: ForwardContext): LossOutput {
    return sumTokenLoss(this.forward(ids, context), targets);
  }
}

/** What a model keeps of a pass for later ones, as objects of its own and by length. */
class Tables {
  readonly byLength = new Map<number, Tensor>();
  readonly order: Tensor[] = [];
}

class Keeping extends Gpt {
  readonly tables = new Tables();
  scale = buffer(ones([1, 1]), { persistent: false });

  override forward(ids: Tensor, context?: ForwardContext): Tensor {
    const T = ids.size(1);
    const known = this.tables.byLength.get(T);
    this.scale = known ?? buffer(ones([T, 1]), { persistent: false });
    this.tables.byLength.set(T, this.scale);
    if (known === undefined) this.tables.order.push(this.scale);
    return super.forward(ids, context).mul(this.scale);
  }

  override loss(ids: Tensor, targets: Tensor, context?: ForwardContext): LossOutput {
    return sumTokenLoss(this.forward(ids, context), targets);
  }
}

/** A model that keeps one where nothing finds it. */
class Hiding extends Looking {
  #seen: Tensor | undefined;

  override forward(ids: Tensor, context?: ForwardContext): Tensor {
    this.#seen ??= ones([1]).keep();
    return Gpt.prototype.forward.call(this, ids, context).mul(this.#seen);
  }
}

describe('a model that is no plain pass', () => {
  const config = { vocabSize: 65, width: 32, layers: 2, heads: 2, contextLength: 32 } as const;
  const step = { batch: 8, length: 32 };

  test('that looks at values is computed, and says so', () => {
    using plain = new Gpt(config);
    using model = new Looking(config);
    const reasons: Error[] = [];
    const looked = summarize(model, { ...step, onComputing: (reason) => reasons.push(reason) });
    expect(reasons.map(({ message }) => message)).toEqual([expect.stringMatching(/none to read/)]);
    const told = summarize(plain, { ...step, onComputing: (reason) => reasons.push(reason) });
    expect(reasons).toHaveLength(1);
    expect(looked.rows.map(({ output }) => output)).toEqual(told.rows.map(({ output }) => output));
  });

  test.each(['adamw', 'sgd', 'muon', 'schedule-free'] as const)(
    'but a plain one with an update by %s is passed without values',
    (type) => {
      using model = new Gpt(config);
      const optimizer = buildOptimizer({ type }, model);
      const reasons: string[] = [];
      summarize(model, { ...step, optimizer, onComputing: ({ message }) => reasons.push(message) });
      expect(reasons).toEqual([]);
      optimizer.dispose();
    },
  );

  test('that keeps tensors of a pass keeps none of this one', () => {
    using model = new Keeping(config);
    using ids = randint(0, 65, [1, 4], { dtype: 'int64' }).keep();
    const logits = () => scope(() => model.forward(ids, { training: false }).tolist());
    const expected = logits();
    const { liveSlots } = memory.stats();
    summarize(model, step);
    expect([...model.tables.byLength.keys()]).toEqual([4]);
    expect(model.tables.order).toEqual([model.scale]);
    expect(memory.stats().liveSlots).toBe(liveSlots);
    expect(logits()).toEqual(expected);
  });

  test('that keeps some where they are not found is named', () => {
    using model = new Hiding(config);
    expect(() => summarize(model, step)).toThrow(/\[PAL_UNSUPPORTED\] summarize.*Hiding/);
  });
});

test('a model of 135 million parameters is told in less time than one of its rows takes forward', () => {
  using model = new Gpt({
    ...{ vocabSize: 49_152, width: 576, layers: 30, heads: 9, kvHeads: 3, contextLength: 8192, tied: true },
    mlp: { type: 'swiglu', hiddenWidth: 1536 },
  });
  using ids = randint(0, 49_152, [1, 512], { dtype: 'int64' }).keep();
  const time = (fn: () => void): number => {
    const start = performance.now();
    fn();
    return performance.now() - start;
  };
  const forward = time(() => scope(() => void noGrad(() => model.forward(ids, { training: false }))));
  let found: ModelSummary | undefined;
  const told = time(() => (found = summarize(model, { batch: 32, length: 8192 })));
  console.log(
    `${told.toFixed(0)} ms, a row of 512 tokens forward ${forward.toFixed(0)} ms\n${String(found?.memory.total)}`,
  );
  expect(found?.parameters).toBe(134_518_848);
  expect(found?.rows[0]?.output).toEqual([32, 8192, 49_152]);
  expect(told).toBeLessThan(forward);
});

describe('summarize', () => {
  const model = new Gpt({ vocabSize: 11, contextLength: 8, width: 8, layers: 2, heads: 2, kvHeads: 1 });

  afterAll(() => {
    model.dispose();
  });

  test('lists every module with the shape of its output and its parameters', () => {
    const { rows, parameters } = summarize(model, { batch: 6, length: 5 });
    const row = (path: string) => rows.find((candidate) => candidate.path === path);
    expect(rows.map(({ path }) => path)).toEqual([...model.namedModules()].map(([path]) => path));
    expect(row('embedding')).toEqual({
      path: 'embedding',
      layer: 'Embedding(11 × 8)',
      output: [6, 5, 8],
      parameters: 88,
    });
    expect(row('blocks.1.attention.key')!.output).toEqual([6, 5, 4]);
    expect(row('blocks.1.attention')!.output).toEqual([6, 5, 8]);
    expect(row('blocks.0')!.output).toEqual([6, 5, 8]);
    expect(row('norm')!.parameters).toBe(8);
    expect(parameters).toBe(model.parameterCount());
  });

  test('knows the layers of an LSTM, its state aside', () => {
    using lstm = new LstmLanguageModel({ vocabSize: 13, embeddingDim: 6, width: 8, tied: true, vocabMultiple: 8 });
    const { rows, parameters } = summarize(lstm, { batch: 6, length: 5 });
    const outputs = Object.fromEntries(rows.map(({ path, output }) => [path, output]));
    expect(outputs).toMatchObject({
      '': [6, 5, 13],
      embedding: [6, 5, 6],
      lstm: [6, 5, 8],
      'lstm.layers.0': [6, 5, 8],
      'lstm.layers.1': [6, 5, 8],
      projection: [6, 5, 6],
      head: [6, 5, 13],
    });
    expect(rows.find(({ path }) => path === 'lstm.layers.1')!.parameters).toBe(2 * 4 * 8 * 8 + 2 * 4 * 8);
    expect(parameters).toBe(13 * 6 + (4 * 8 * (6 + 8) + 64) + (2 * 4 * 8 * 8 + 64) + (8 * 6 + 6) + 13);
  });

  test('leaves model and random numbers as they were', () => {
    const before = { weights: model.parameters().map((tensor) => tensor.bits()), random: getRandomState() };
    const { memory: first } = summarize(model, { batch: 6, length: 5 });
    expect({ weights: model.parameters().map((tensor) => tensor.bits()), random: getRandomState() }).toEqual(before);
    expect(model.parameters().every(({ grad }) => grad === undefined)).toBe(true);
    expect(Object.hasOwn(model.norm, 'forward')).toBe(false);
    expect(Math.abs(summarize(model, { batch: 6, length: 5 }).memory.total / first.total - 1)).toBeLessThan(0.01);
  });

  test('adds up', () => {
    const { memory: bytes } = summarize(model, { batch: 6, length: 5, statesPerParameter: 1 });
    expect(bytes.gradients).toBe(4 * model.parameterCount());
    expect(bytes.optimizer).toBe(bytes.gradients);
    expect(bytes.weights).toBeGreaterThanOrEqual(bytes.gradients);
    expect(bytes.total).toBe(bytes.weights + bytes.gradients + bytes.optimizer + bytes.activations);
  });

  test('prints a table', () => {
    const lines = String(summarize(model, { batch: 6, length: 5 })).split('\n');
    expect(lines[0]).toMatch(/^path +layer +output +parameters$/);
    expect(lines[1]).toMatch(/^\(model\) +Gpt +6 × 5 × 11 +1,\d{3}$/);
    expect(lines).toContainEqual(expect.stringMatching(/^head +Linear\(8 → 11\) +6 × 5 × 11 +88$/));
    expect(lines.at(-1)).toMatch(
      /^a training step of 6 × 5 tokens: .* \(weights .*, gradients .*, optimizer .*, activations .*\)$/,
    );
  });

  test('refuses a step of nothing', () => {
    expect(() => summarize(model, { batch: 0, length: 5 })).toThrow(/\[PAL_ARGUMENT\] summarize.*batch/);
    expect(() => summarize(model, { batch: 1, length: 9 })).toThrow(/contextLength/);
  });
});
