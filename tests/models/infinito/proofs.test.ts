import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { Infinito } from '../../../lib/models/index.js';
import type { InfinitoOptions } from '../../../lib/models/index.js';
import { mergeMemory } from '../../../lib/models/infinito/memory/merge-memory.js';
import { makeEntries } from '../../../lib/models/infinito/memory/entries.js';
import { AdamW } from '../../../lib/optim/index.js';
import { arange, cat, full, manualSeed, noGrad, rand, randn, scope, tensor } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { trainStep } from '../../../lib/training/index.js';
import { difference, randomIds } from '../../conformance/language-model.js';
import { batchOfTensors } from '../../helpers/batches.js';
import { freedAfterEach } from '../../helpers/freed.js';
import { trackedFiles } from '../../helpers/source-tree.js';

freedAfterEach();

const slots = { type: 'slots', slots: 3, chunkLength: 2, topK: 2, threshold: 0.1 } as const;
const memory = { ...slots, gate: { type: 'dynamic', bias: 0 } } as const;
const small = { vocabSize: 16, segmentLength: 4, width: 16, layers: 2, heads: 4, initStd: 0.2, tied: false } as const;

function build(options: Partial<InfinitoOptions> = {}): Infinito {
  manualSeed(3);
  return new Infinito({ ...small, memory, ...options });
}

function buildExact(options: Partial<InfinitoOptions> = {}): Infinito {
  return build(options).to({ dtype: 'float64' });
}

function copyTensors(model: Infinito): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(model.stateDict()).map(([name, value]) => [name, value.clone()]));
}

function computeNll(model: Infinito, ids: Tensor): number {
  return noGrad(() => model.loss(ids, ids.roll([-1], [1]), { training: false }).lossSum.item());
}

test('T2: no logit has a gradient to a later token, over three segments, and every one to its own', () => {
  const model = buildExact();
  const ids = arange(12, { dtype: 'int64' }).unsqueeze(0); // another token at each place
  for (let t = 0; t < 12; t++) {
    model.zeroGrad();
    model.forward(ids, { training: false }).select(1, t).square().sum().backward();
    const reached = model.embedding.weight.grad!.abs().sum(1).narrow(0, 0, 12).tolist() as number[];
    expect(reached.slice(t + 1)).toEqual(Array<number>(11 - t).fill(0));
    expect(reached[t]).toBeGreaterThan(0);
  }
  // The last one has a gradient to the segment before it, which it reaches by the memory alone.
  expect(model.embedding.weight.grad!.abs().sum(1).narrow(0, 4, 4).max().item()).toBeGreaterThan(0);
});

test('T6: evaluation changes nothing, is the same twice, and the same after the model was stored', async () => {
  const [model, ids] = [build(), randomIds(2, 12, new Random(4))];
  const before = copyTensors(model);
  const first = computeNll(model, ids);
  expect(computeNll(model, ids)).toBe(first);
  for (const [name, value] of Object.entries(model.stateDict()))
    expect([name, value.equal(before[name]!)]).toEqual([name, true]);
  const optimizer = new AdamW([{ parameters: model.namedParameters() }]);
  const step = trainStep({ model, optimizer });
  await step.run(batchOfTensors(ids, ids.roll([-1], [1])));
  step.dispose();
  optimizer.dispose();
  const loaded = build();
  loaded.loadStateDict(model.stateDict());
  expect(computeNll(loaded, ids)).toBe(computeNll(model, ids));
  expect(computeNll(model, ids)).not.toBe(first);
});

describe('T7: gradients of two segments', () => {
  const names = ['pooling', 'key.weight', 'value.weight', 'query.weight', 'output.weight', 'nullScore', 'threshold'];
  const gates = ['hiddenWeight', 'hiddenBias', 'outputWeight', 'outputBias'].map((name) => `gate.${name}`);
  const all = [...names, ...gates, 'phiShare', 'ageDecay', 'phiLogits'].map((name) => `memory.${name}`);
  const ids = (): Tensor => randomIds(2, 8, new Random(4));
  const computeLoss = (model: Infinito, tokens: Tensor): Tensor =>
    model.loss(tokens, tokens.roll([-1], [1]), { training: false }).lossSum;

  test('every parameter of the memory has one, finite and not zero, by straight-through and soft writes', () => {
    for (const writeMode of ['straightThrough', 'soft'] as const) {
      const model = build({ memory: { ...memory, writeMode } });
      computeLoss(model, ids()).backward();
      const parameters = model.namedParameters();
      expect(
        Object.keys(parameters)
          .filter((name) => name.startsWith('memory.'))
          .sort(),
      ).toEqual([...all].sort());
      for (const name of all) {
        const sizes = parameters[name]!.grad!.abs();
        expect([name, Number.isFinite(sizes.max().item()), sizes.max().item() > 0]).toEqual([name, true, true]);
        if (name === 'memory.phiLogits') expect(sizes.min().item()).toBeGreaterThan(0);
      }
    }
  });

  test('they are those of finite differences, by soft writes', () => {
    const model = buildExact({ memory: { ...memory, writeMode: 'soft' } });
    const tokens = ids();
    // At their first size the gradients below them drown in the rounding of the loss.
    noGrad(() => void model.namedParameters()['memory.gate.outputWeight']!.mul_(300));
    computeLoss(model, tokens).backward();
    for (const name of all) {
      const value = model.namedParameters()[name]!;
      const [h, direction] = [1e-4, randn(value.shape, { dtype: 'float64' })];
      const along = value.grad!.mul(direction).sum().item();
      const shift = (by: number): number =>
        noGrad(() => {
          value.add_(direction.mul(by));
          return computeLoss(model, tokens).item();
        });
      const slope = (shift(h) - shift(-2 * h)) / (2 * h);
      shift(h);
      expect([name, Math.abs(slope / along - 1) < 1e-5]).toEqual([name, true]);
    }
  });
});

describe('T9: accounts of the slots', () => {
  test('they never hold more than N, writes only rise, and what comes less what goes is what is there', () => {
    const model = build({ memory: { ...memory, topK: 9 } });
    const state = model.newState(2);
    let writes = [0, 0];
    for (let segment = 0; segment < 6; segment++) {
      noGrad(() => model.forward(randomIds(2, 4, new Random(segment)), { training: false, state }));
      const { 'slots.occupied': occupied, 'memory.writes': written, 'memory.evictions': evicted } = state.tensors();
      const [held, now, gone] = [occupied!.to('int64').sum(1), written!, evicted!].map((x) => x.tolist() as number[]);
      expect(Math.max(...held!)).toBeLessThanOrEqual(3);
      for (const row of [0, 1]) expect(now![row]! - gone![row]!).toBe(held![row]);
      expect(now!.every((count, row) => count >= writes[row]!)).toBe(true);
      writes = now!;
    }
    expect(Math.min(...writes)).toBeGreaterThan(3);
    state.dispose();
  });

  test('the entries that go are those of the least priority, faded by age', () => {
    const [B, M, N] = [2, 9, 4];
    const birth = arange(M, { dtype: 'int64' }).mul(30).expand(B, M);
    const priority = rand([B, M]);
    const chunks = makeEntries((name) => {
      if (name === 'birth') return birth;
      if (name === 'occupied') return full([B, M], true, { dtype: 'bool' });
      return name === 'priority' ? priority : name === 'keys' || name === 'values' ? randn([B, M, 2]) : rand([B, M]);
    });
    const merged = mergeMemory(undefined, chunks, {
      now: tensor([[300]], { dtype: 'int64' }),
      slots: N,
      decayChunks: 200,
    });
    const values = (priority.tolist() as number[][]).map((row) =>
      row.map((p, i) => p * Math.exp(-(300 - 30 * i) / 200) + 0.1 * Math.exp(-(300 - 30 * i) / 100)),
    );
    for (const [row, own] of values.entries()) {
      const best = own
        .map((_, i) => i)
        .sort((a, b) => own[b]! - own[a]!)
        .slice(0, N);
      const kept = (merged.slots.birth.tolist() as number[][])[row]!.map((at) => at / 30);
      expect(kept.sort()).toEqual(best.sort());
    }
    expect([merged.writes.tolist(), merged.evictions.tolist()]).toEqual([
      [N, N],
      [0, 0],
    ]);
  });
});

test('T10: tokens behind a text change no logit of it', () => {
  const model = buildExact();
  const ids = randomIds(2, 12, new Random(4));
  const forward = (tokens: Tensor): Tensor => noGrad(() => model.forward(tokens, { training: false }));
  const whole = forward(ids);
  for (const length of [1, 3, 4, 6, 9]) {
    expect(difference(whole.narrow(1, 0, length), forward(ids.narrow(1, 0, length)))).toBeLessThan(1e-12);
    const padded = cat([ids.narrow(1, 0, length), full([2, 12 - length], 0, { dtype: 'int64' })], 1);
    expect(
      forward(padded)
        .narrow(1, 0, length)
        .equal(whole.narrow(1, 0, length)),
    ).toBe(true);
  }
});

test('T11: two backward passes over one state, each of its own graph', () => {
  const model = build({ memoryBptt: 4 });
  const state = model.newState(2);
  const norms = [1, 2].map((seed) =>
    scope(() => {
      model.zeroGrad();
      const ids = randomIds(2, 8, new Random(seed));
      model.loss(ids, ids, { training: true, state }).lossSum.backward();
      return model.namedParameters()['memory.key.weight']!.grad!.norm().item();
    }),
  );
  expect(norms.every((norm) => Number.isFinite(norm) && norm > 0)).toBe(true);
  expect(Object.values(state.tensors()).some((part) => part.requiresGrad)).toBe(false);
  state.dispose();
});

test('T12: what is stored is weights and statistics, as large after training as before, and loaded whole or not at all', () => {
  const model = build({ noise: { type: 'fixed' } });
  const describeShapes = () => Object.entries(model.stateDict()).map(([name, { shape }]) => [name, shape]);
  const before = describeShapes();
  const ids = randomIds(5, 12, new Random(4));
  model.loss(ids, ids, { training: true }).lossSum.backward();
  expect(describeShapes()).toEqual(before);
  const known = new Set(Object.keys(model.namedParameters()));
  const others = Object.keys(model.stateDict()).filter((name) => !known.has(name));
  expect(others.sort()).toEqual(
    ['memory.phiMean', 'memory.phiUpdates', 'memory.phiVariance', 'noise.passes', 'noise.seed'].sort(),
  );
  const { 'memory.key.weight': _, ...rest } = model.stateDict();
  expect(() => build({ noise: { type: 'fixed' } }).loadStateDict(rest)).toThrow(/memory\.key\.weight/);
  expect(model.config).toMatchObject({ layers: 2, heads: 4, memory: { slots: 3 }, dropout: 0 });
});

test('T13: nothing in the forward pass is reduced over a whole axis that could be time', () => {
  /** Reductions over heads, slots, features or figures: each was looked at. */
  const known: Record<string, number> = {
    'merge-memory.ts': 1, // slots
    'rank-chunks.ts': 1, // heads
    'delta-phi.ts': 3, // a term of the loss
    'phi-statistics.ts': 3, // after the pass
    'memory-figures.ts': 8, // reported only
    'phi-memory.ts': 1, // reads, counted by slot
    'head-coherence.ts': 1, // heads
    'attention-entropy.ts': 1, // heads
  };
  const reduction =
    /(?<!Math)\.(?:(?:mean|sum|max|min|cumsum|std|var|softmax|any|argmax)\(\[?1\b|(?:mean|max|min|sum)\(\))/g;
  const files = trackedFiles('lib').filter(
    (path) => path.startsWith('lib/models/infinito/') && !path.endsWith('-config.ts'),
  );
  const found = files.flatMap((path) => {
    const matches = readFileSync(path, 'utf8').match(reduction);
    return matches === null ? [] : [[path.split('/').at(-1)!, matches.length] as const];
  });
  expect(Object.fromEntries(found)).toEqual(known);
});

test('D8: rows that write at once, one of them cleared between, hold and read their own entries alone', () => {
  const [model, random] = [buildExact(), new Random(9)];
  const [first, second] = [randomIds(3, 8, random), randomIds(3, 8, random)];
  const read = (rows: readonly number[], clears: boolean): { logits: Tensor; slots: Tensor } =>
    noGrad(() => {
      const state = model.newState(rows.length);
      const pick = (ids: Tensor): Tensor => ids.indexSelect(0, tensor([...rows], { dtype: 'int64' }));
      model.forward(pick(first), { training: false, state });
      if (clears) state.reset([rows.indexOf(1)]);
      const logits = model.forward(pick(second), { training: false, state });
      return { logits, slots: state.tensors()['slots.values']! };
    });
  const together = read([0, 1, 2], true);
  for (const [row, clears] of [false, true, false].entries()) {
    const alone = read([row], clears);
    expect(difference(together.logits.narrow(0, row, 1), alone.logits)).toBeLessThan(1e-10);
    expect(difference(together.slots.narrow(0, row, 1), alone.slots)).toBeLessThan(1e-10);
  }
  expect(difference(read([1], false).logits, together.logits.narrow(0, 1, 1))).toBeGreaterThan(1e-4);
});
