import { describe, expect, test } from '@jest/globals';
import { Gpt, Infinito, LstmLanguageModel } from '../../../lib/models/index.js';
import type { GradientOptions, LanguageModel } from '../../../lib/models/index.js';
import {
  manualSeed,
  memory,
  noGrad,
  program,
  randint,
  getRandomState,
  scope,
  tensor,
} from '../../../lib/tensor/index.js';
import type { SummedLoss, Tensor } from '../../../lib/tensor/index.js';

import { LeakingModel } from '../../conformance/models.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const vocabSize = 50;
const small = { vocabSize, contextLength: 16, width: 16, layers: 3, heads: 4, initStd: 0.2 } as const;

const models: Record<string, () => LanguageModel> = {
  'gpt, dropout in all places, stochastic depth, 2 kv heads': () =>
    new Gpt({ ...small, dropout: 0.2, stochasticDepth: 0.3, kvHeads: 2 }),
  'gpt, shares of input and values, capped logits, learned positions': () =>
    new Gpt({
      ...small,
      valueResidual: { input: true, value: true },
      logitSoftCap: 10,
      positions: { type: 'learned' },
    }),
  'gpt, 1 layer, untied': () => new Gpt({ ...small, layers: 1, tied: false }),
  'gpt, differential attention, dropout, 2 kv heads': () =>
    new Gpt({ ...small, attention: { type: 'differential' }, dropout: 0.2, kvHeads: 2 }),
  'gpt, windows of 5 tokens': () => new Gpt({ ...small, attention: { type: 'slidingWindow', window: 5 } }),
  'lstm, 2 layers': () => new LstmLanguageModel({ vocabSize, embeddingDim: 8, width: 12, dropout: 0 }),
  'lstm, variational and recurrent dropout, tied': () =>
    new LstmLanguageModel({
      vocabSize,
      embeddingDim: 8,
      width: 12,
      dropoutMask: 'sequence',
      recurrentDropout: 0.3,
      tied: true,
    }),
};

/** A memory that acts from the first token on. */
const slots = { type: 'slots', slots: 3, chunkLength: 2, topK: 2, threshold: 0.1 } as const;
const segmented = { vocabSize, segmentLength: 4, width: 16, layers: 3, heads: 4, initStd: 0.2 } as const;
const infinitos: typeof models = {
  'infinito, three segments, dropout, ΔPhi, noise': () =>
    new Infinito({
      ...{ ...segmented, dropout: 0.2, noise: { type: 'learned' } },
      memory: { ...slots, gate: { type: 'dynamic', bias: 0 }, objective: { type: 'deltaPhi', weight: 1 } },
    }),
  'infinito, soft writes, counted reads': () =>
    new Infinito({
      ...segmented,
      memory: { ...slots, gate: { type: 'static', bias: 0 }, writeMode: 'soft', trackAccess: true },
    }),
};

const newIds = () => randint(0, vocabSize, [3, 12], { dtype: 'int64' });

interface Outcome {
  loss: number;
  gradients: Record<string, Tensor>;
  random: Uint8Array;
}

/** One pass from the same random numbers. */
function gradientsOf(model: LanguageModel, ids: Tensor, options: GradientOptions): Outcome {
  model.zeroGrad();
  manualSeed(9);
  const targets = ids.roll([-1], [1]);
  const { lossSum } = model.accumulateGradients(ids, targets, { training: true }, options);
  const entries = Object.entries(model.namedParameters()).map(([name, { grad }]) => [name, grad!.clone()] as const);
  return { loss: lossSum.item(), gradients: Object.fromEntries(entries), random: getRandomState() };
}

/** The largest relative difference of gradients, by the norm of each. */
function difference(a: Record<string, Tensor>, b: Record<string, Tensor>): number {
  return Math.max(
    ...Object.entries(a).map(([name, x]) => x.sub(b[name]!).norm().item() / Math.max(x.norm().item(), 1e-8)),
  );
}

/** What a model counts by itself, to be put back before the next pass. */
function saveBuffers(model: LanguageModel): () => void {
  const saved = Object.values(model.namedBuffers()).map((value) => [value, value.clone().keep()] as const);
  return () => noGrad(() => saved.forEach(([value, before]) => void value.copy_(before)));
}

describe.each(Object.entries({ ...models, ...infinitos }))('%s', (_, make) => {
  test('has the same loss and gradients with and without checkpointing', () => {
    scope(() => {
      manualSeed(3);
      const model = make();
      const ids = newIds();
      const restore = saveBuffers(model);
      const plain = gradientsOf(model, ids, { checkpointing: false, labelSmoothing: 0.1, zLoss: 1e-3 });
      restore();
      const checkpointed = gradientsOf(model, ids, { checkpointing: true, labelSmoothing: 0.1, zLoss: 1e-3 });
      expect(checkpointed.loss).toBeCloseTo(plain.loss, 3);
      expect(difference(checkpointed.gradients, plain.gradients)).toBeLessThan(1e-5);
      expect(checkpointed.random).toEqual(plain.random);
      model.dispose();
    });
  });

  test('the same again, recorded and replayed', async () => {
    manualSeed(3);
    const model = make();
    const ids = newIds().keep();
    const restore = saveBuffers(model);
    const expected = scope(() => gradientsOf(model, ids, { checkpointing: true }).loss);
    const step = program((inputs: Tensor) => {
      model.zeroGrad();
      const targets = inputs.roll([-1], [1]);
      const options = { checkpointing: true };
      const { lossSum } = model.accumulateGradients(inputs, targets, { training: true }, options);
      return { lossSum, grads: model.parameters().map((parameter) => parameter.grad!) };
    });
    const runs = [];
    for (let i = 0; i < 2; i++) {
      manualSeed(9);
      restore();
      const { lossSum, grads } = await step.run(ids);
      runs.push({ loss: lossSum.item(), norms: grads.map((grad) => noGrad(() => grad.norm().item())) });
    }
    expect(runs[0]!.loss).toBe(expected);
    expect(runs[1]).toEqual(runs[0]);
    step.dispose();
    model.dispose();
  });
});

/** An LSTM whose short stages can be passed through without checkpointing. */
class ChunkedLstm extends LstmLanguageModel {
  chunkedLoss(ids: Tensor, targets: Tensor): SummedLoss {
    const { start, segments, end } = this.segment(ids, { training: true }, true);
    const last = segments.reduce((stream, stage) => stage(stream), start());
    return this.featureLoss(end(last), targets, {});
  }
}

test("dropout at each token drops the same in an LSTM's chunks when they are passed again", () => {
  scope(() => {
    const model = new ChunkedLstm({ vocabSize, embeddingDim: 8, width: 12, dropout: 0.5 });
    const ids = newIds();
    const checkpointed = gradientsOf(model, ids, { checkpointing: true, scale: 1 });
    model.zeroGrad();
    manualSeed(9);
    const { lossSum } = model.chunkedLoss(ids, ids.roll([-1], [1]));
    lossSum.backward();
    expect(checkpointed.loss).toBeCloseTo(lossSum.item(), 3);
    const gradients = Object.entries(model.namedParameters()).map(([name, { grad }]) => [name, grad!] as const);
    expect(difference(checkpointed.gradients, Object.fromEntries(gradients))).toBeLessThan(1e-5);
  });
});

test.each([
  ['gpt', () => new Gpt({ ...small, dropout: 0.1 })],
  ['lstm', () => new LstmLanguageModel({ vocabSize, embeddingDim: 8, width: 12, dropout: 0 })],
])('packed documents have the same gradients too: %s', (_, make) => {
  scope(() => {
    const model = make();
    const ids = newIds();
    const documents = ids.ge(30).to('int64').cumsum(1);
    const passes = [false, true].map((checkpointing) => {
      model.zeroGrad();
      manualSeed(9);
      const { lossSum } = model.accumulateGradients(ids, ids, { training: true, documents }, { checkpointing });
      const entries = Object.entries(model.namedParameters()).map(([name, { grad }]) => [name, grad!.clone()] as const);
      return { loss: lossSum.item(), gradients: Object.fromEntries(entries) };
    });
    expect(passes[1]!.loss).toBeCloseTo(passes[0]!.loss, 3);
    expect(difference(passes[1]!.gradients, passes[0]!.gradients)).toBeLessThan(1e-5);
  });
});

test('chunks of time carry a state on, as one pass does', () => {
  scope(() => {
    const model = new LstmLanguageModel({ vocabSize, embeddingDim: 8, width: 12, dropout: 0 });
    const ids = newIds();
    const passes = [false, true].map((checkpointing) => {
      const state = model.newState(3);
      model.zeroGrad();
      const losses = [0, 1].map(() =>
        model.accumulateGradients(ids, ids, { training: true, state }, { checkpointing }).lossSum.item(),
      );
      const gradients = Object.entries(model.namedParameters()).map(
        ([name, { grad }]) => [name, grad!.clone()] as const,
      );
      const { length } = state;
      state.dispose();
      return { losses, length, gradients: Object.fromEntries(gradients) };
    });
    const [plain, checkpointed] = passes as [(typeof passes)[0], (typeof passes)[0]];
    expect([plain.length, checkpointed.length]).toEqual([24, 24]);
    expect(plain.losses[1]).not.toBe(plain.losses[0]);
    checkpointed.losses.forEach((loss, i) => expect(loss).toBeCloseTo(plain.losses[i]!, 3));
    expect(difference(checkpointed.gradients, plain.gradients)).toBeLessThan(1e-5);
  });
});

test('under autocast gradients are the same too', () => {
  scope(() => {
    manualSeed(3);
    const model = new Gpt({ ...small, dropout: 0.1 });
    const ids = newIds();
    const plain = gradientsOf(model, ids, { autocast: 'bfloat16' });
    const checkpointed = gradientsOf(model, ids, { autocast: 'bfloat16', checkpointing: true });
    expect(difference(checkpointed.gradients, plain.gradients)).toBeLessThan(2e-2);
    expect(checkpointed.loss).toBe(plain.loss);
  });
});

describe('peak memory of a replayed step', () => {
  const sizes = { vocabSize: 256, width: 64 } as const;

  test.each([
    ['gpt', () => new Gpt({ ...sizes, contextLength: 128, layers: 8, heads: 4 }), 128, 0.35],
    ['lstm', () => new LstmLanguageModel({ ...sizes, embeddingDim: 64, layers: 2, dropout: 0 }), 100, 0.6],
  ] as const)('%s', async (name, make, time, share) => {
    const model = make();
    const ids = randint(0, 256, [8, time], { dtype: 'int64' }).keep();
    const [plain, checkpointed] = [await peakOf(model, ids, false), await peakOf(model, ids, true)];
    console.log(
      `${name}: ${(plain / 2 ** 20).toFixed(1)} MiB, checkpointed ${(checkpointed / 2 ** 20).toFixed(1)} MiB`,
    );
    expect(checkpointed / plain).toBeLessThan(share);
    ids.dispose();
    model.dispose();
  });
});

/** Bytes at the peak of a replayed pass over those of the model alone. */
async function peakOf(model: LanguageModel, ids: Tensor, checkpointing: boolean): Promise<number> {
  const step = program((inputs: Tensor) => {
    model.zeroGrad();
    const options = { checkpointing };
    return model.accumulateGradients(inputs, inputs, { training: true }, options).lossSum;
  });
  (await step.run(ids)).dispose();
  model.zeroGrad();
  const before = memory.stats().allocatedBytes;
  memory.resetPeak();
  (await step.run(ids)).dispose();
  const { peakAllocatedBytes } = memory.stats();
  step.dispose();
  model.zeroGrad();
  return peakAllocatedBytes - before;
}

describe('what cannot be checkpointed says so', () => {
  test('a model without stages', () => {
    const model = new LeakingModel();
    const ids = tensor([[1, 2]], { dtype: 'int64' });
    const run = () => model.accumulateGradients(ids, ids, { training: true }, { checkpointing: true });
    expect(run).toThrow(/\[PAL_UNSUPPORTED\] LeakingModel\.accumulateGradients.*SegmentedLanguageModel/);
  });

  test('a Gpt with a state', () => {
    const model = new Gpt(small);
    const ids = tensor([[1, 2]], { dtype: 'int64' });
    const context = { training: true, state: model.newState(1) };
    const run = () => model.accumulateGradients(ids, ids, context, { checkpointing: true });
    expect(run).toThrow(/\[PAL_UNSUPPORTED\] Gpt\.forward.*without a state/);
  });
});
