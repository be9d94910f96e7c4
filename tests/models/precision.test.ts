import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import { Gpt, LstmLanguageModel } from '../../lib/models/index.js';
import type { GradientOptions, LanguageModel } from '../../lib/models/index.js';
import { IGNORED_TARGET } from '../../lib/nn/index.js';
import { Scope, manualSeed, program, scope, tensor } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const [vocabSize, BATCH, LENGTH] = [40, 32, 12];
/** How far gradients in a short dtype may be from those in float32; bfloat16 has three bits less. */
const MARKS = { float16: 2e-2, bfloat16: 5e-2 } as const;

const small = { vocabSize, contextLength: LENGTH, width: 32, layers: 2, heads: 4, initStd: 0.1 } as const;

const models: Record<string, () => LanguageModel> = {
  gpt: () => new Gpt(small),
  'gpt, learned positions, LayerNorm, GELU, bias': () =>
    new Gpt({
      ...{ ...small, positions: { type: 'learned' }, norm: { type: 'layer' }, mlp: { type: 'gelu' }, bias: true },
      tied: false,
    }),
  'gpt, differential attention, 2 kv heads': () =>
    new Gpt({ ...small, attention: { type: 'differential' }, kvHeads: 2 }),
  lstm: () => new LstmLanguageModel({ vocabSize, embeddingDim: 16, width: 24, dropout: 0 }),
};

interface Batch {
  inputs: Tensor;
  targets: Tensor;
  /** The targets that count. */
  count: number;
}

/** Rows of random ids, of which the later rows have fewer and fewer targets that count. */
function newBatch(): Batch {
  const random = new Random(4);
  const ids = Array.from({ length: BATCH * (LENGTH + 1) }, () => random.integer(vocabSize));
  const rows = tensor(ids, { shape: [BATCH, LENGTH + 1], dtype: 'int64' });
  const counts = tensor(Array.from({ length: BATCH * LENGTH }, (_, i) => i % LENGTH < LENGTH - (i >> 7))).reshape([BATCH, LENGTH]); // prettier-ignore
  const targets = rows.narrow(1, 1, LENGTH).maskedFill(counts.eq(0), IGNORED_TARGET);
  return { inputs: rows.narrow(1, 0, LENGTH), targets, count: counts.sum().item() };
}

/** The gradients of a model's parameters by name, divided by a factor. */
function gradientsOf(model: LanguageModel, factor = 1): Record<string, Tensor> {
  const entries = Object.entries(model.namedParameters()).map(([name, { grad }]) => [name, grad!.div(factor)] as const);
  return Object.fromEntries(entries);
}

/** The largest difference by the norm of each, relative to it. */
function worst(found: Record<string, Tensor>, expected: Record<string, Tensor>): [error: number, name: string] {
  const errors = Object.entries(expected).map(([name, exact]): [number, string] => [
    found[name]!.sub(exact).norm().item() / exact.norm().item(),
    name,
  ]);
  return errors.reduce((a, b) => (b[0] > a[0] ? b : a));
}

describe.each(Object.entries(models))('%s', (title, make) => {
  let model: LanguageModel;

  beforeEach(() => {
    manualSeed(12);
    model = make();
  });

  afterEach(() => {
    model.dispose();
  });

  /** A pass over the whole batch from no gradients. */
  function pass({ inputs, targets }: Batch, options: GradientOptions = {}): number {
    model.zeroGrad();
    return model.accumulateGradients(inputs, targets, { training: true }, options).lossSum.item();
  }

  test('8 × 4 sequences add up to 32 when normalised by tokens', () => {
    scope(() => {
      const batch = newBatch();
      const loss = pass(batch);
      const expected = gradientsOf(model);
      model.zeroGrad();
      const parts = Array.from({ length: 8 }, (_, i) => {
        const [inputs, targets] = [batch.inputs, batch.targets].map((rows) => rows.narrow(0, 4 * i, 4));
        return model.accumulateGradients(inputs!, targets!, { training: true }, { scale: 1 / batch.count });
      });
      expect(parts.reduce((sum, { lossSum }) => sum + lossSum.item(), 0) / loss).toBeCloseTo(1, 6);
      expect(parts.reduce((sum, { count }) => sum + Number(count.item()), 0)).toBe(batch.count);
      const [error, name] = worst(gradientsOf(model), expected);
      console.log(`${title}: 8 × 4 against 32: ${error.toExponential(1)} (${name})`);
      expect(error).toBeLessThan(1e-5);
    });
  });

  test.each([
    ['bfloat16', 1, false],
    ['float16', 2 ** 10, false],
    ['bfloat16', 1, true],
    ['float16', 2 ** 10, true],
  ] as const)('gradients under %s, scaled by %i, checkpointing %s', (autocast, scale, checkpointing) => {
    scope(() => {
      const batch = newBatch();
      const loss = pass(batch);
      const expected = gradientsOf(model);
      const short = pass(batch, { autocast, checkpointing, scale: scale / batch.count });
      const [error, name] = worst(gradientsOf(model, scale), expected);
      console.log(`${title}, ${autocast}: ${error.toExponential(1)} (${name})`);
      expect(short / loss).toBeCloseTo(1, 2);
      expect(model.parameters().every(({ grad }) => grad!.dtype === 'float32')).toBe(true);
      expect(error).toBeGreaterThan(1e-6);
      expect(error).toBeLessThan(MARKS[autocast]);
    });
  });

  test.each(['bfloat16', 'float16'] as const)('a recorded pass under %s is the eager one', async (autocast) => {
    using made = new Scope();
    const { inputs, targets } = made.run(newBatch);
    const eager = scope(() => pass({ inputs, targets, count: 0 }, { autocast }));
    model.zeroGrad();
    const step = program((ids: Tensor, next: Tensor) => {
      model.zeroGrad();
      return model.accumulateGradients(ids, next, { training: true }, { autocast }).lossSum;
    });
    for (let i = 0; i < 2; i++) expect(made.own(await step.run(inputs, targets)).item()).toBe(eager);
    step.dispose();
  });
});
