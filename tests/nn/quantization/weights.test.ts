import { describe, expect, test } from '@jest/globals';
import {
  Embedding,
  Linear,
  Module,
  dequantizeWeights,
  isQuantized,
  listQuantized,
  quantizeWeights,
  weightFormats,
} from '../../../lib/nn/index.js';
import { manualSeed, memory, program, randn, scope, tensor } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { summarize } from '../../../lib/inspection/index.js';
import { computeDistance, logitsOf, newIds, newLlama } from '../../adapters/models.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const bounds = { bfloat16: 0.06, int8: 0.06, int4: 0.9 } as const;
const bytesOf = (model: Module) => model.ownedTensors().reduce((sum, { bytes }) => sum + bytes, 0);

/** Not of our models: a table, maps with and without bias, padded rows. */
class Mixed extends Module {
  readonly table = new Embedding(11, 6, { rowMultiple: 8 });
  readonly parts = [new Linear(6, 5, { rowMultiple: 4 }), new Linear(5, 3, { bias: false })];
  forward(ids: Tensor): Tensor {
    return this.parts.reduce((x: Tensor, part) => part.forward(x), this.table.forward(ids));
  }
}

describe('quantizeWeights', () => {
  test.each(weightFormats)('%s: any module computes the same to rounding, in less memory', (weights) => {
    manualSeed(1);
    const model = new Mixed();
    const ids = tensor(new Int32Array([0, 3, 10]), { shape: [3], dtype: 'int64' });
    const before = model.forward(ids).contiguous().data() as Float32Array;
    expect(quantizeWeights(model, { weights })).toEqual(['table', 'parts.0', 'parts.1']);
    expect(computeDistance(model.forward(ids).contiguous().data() as Float32Array, before)).toBeLessThan(
      bounds[weights],
    );
    expect(model.forward(ids).dtype).toBe('float32');
    expect(model.dtype).toBe('float32');
    expect(String(model)).toContain(`6 → 5, ${weights === 'int4' ? 'int8' : weights}`);
    expect(model.parameterCount()).toBe(new Mixed().parameterCount());
  });

  test.each(weightFormats)(
    '%s: a model with a tied head shares what it holds, and loses with the logits',
    (weights) => {
      const model = newLlama({ tied: true, width: 32, heads: 4 });
      const [before, bytes] = [logitsOf(model), bytesOf(model)];
      const count = model.parameterCount();
      quantizeWeights(model, { weights });
      expect(model.head.weight).toBe(model.embedding.weight);
      expect(model.head.scale).toBe(model.embedding.scale);
      expect(computeDistance(logitsOf(model), before)).toBeLessThan(bounds[weights]);
      expect(model.parameterCount()).toBe(count);
      expect(bytesOf(model) / bytes).toBeLessThan(weights === 'bfloat16' ? 0.55 : 0.35);
      const ids = newIds();
      const loss = scope(() => {
        const { lossSum, count: tokens } = model.loss(ids, ids);
        return lossSum.item() / tokens.item();
      });
      const logits = model.forward(ids);
      const expected = logits.logSoftmax(-1).gather(-1, ids.unsqueeze(-1)).mean().neg().item();
      expect(loss).toBeCloseTo(expected, 5);
    },
  );

  test('int4: groups fill the rows of maps, tables and head are int8 or what is asked for', () => {
    const model = newLlama({ tied: true, width: 64, heads: 4, mlp: { type: 'swiglu', hiddenWidth: 96 } });
    const count = model.parameterCount();
    const bytes = bytesOf(model);
    quantizeWeights(model, { weights: 'int4' });
    const { attention, mlp } = model.blocks[0]!;
    expect(attention.query.weight.shape).toEqual([64, 32]);
    expect(attention.query.scale!.shape).toEqual([64, 2, 2]);
    const maps = [...mlp.namedModules()].flatMap(([, part]) => (part instanceof Linear ? [part.weight.dtype] : []));
    expect(new Set(maps)).toEqual(new Set(['uint8']));
    expect([model.head.weight.dtype, model.head.scale!.dtype]).toEqual(['int8', 'float32']);
    expect(model.parameterCount()).toBe(count);
    expect(bytesOf(model) / bytes).toBeLessThan(0.21);
    const held = logitsOf(model);
    expect(quantizeWeights(model, { weights: 'int4' }).length).toBeGreaterThan(0);
    expect(logitsOf(model)).toEqual(held);
    dequantizeWeights(model);
    expect(computeDistance(logitsOf(model), held)).toBeLessThan(1e-4);
    const small = newLlama({ tied: true, width: 64, heads: 4 });
    quantizeWeights(small, { weights: 'int4', head: 'int4', group: 64, zeroPoint: true });
    expect(small.head.scale!.shape).toEqual([small.head.weight.shape[0], 1, 2]);
    expect(() => quantizeWeights(small, { weights: 'int4', group: 48 })).toThrow(/group.*32, 64, 128/);
  });

  test('int8 stays as it is where it is asked for again', () => {
    const model = newLlama();
    quantizeWeights(model, { weights: 'int8' });
    const logits = logitsOf(model);
    quantizeWeights(model, { weights: 'int8' });
    expect(logitsOf(model)).toEqual(logits);
  });

  test('a program replays it, and is recorded anew where weights are quantized afterwards', async () => {
    const model = newLlama();
    const ids = newIds();
    const run = program((input: Tensor) => model.forward(input, { training: false }));
    const plain = (await run.run(ids)).contiguous().data();
    quantizeWeights(model, { weights: 'int8' });
    const first = (await run.run(ids)).contiguous().data() as Float32Array;
    const second = (await run.run(ids)).contiguous().data() as Float32Array;
    expect(first).not.toEqual(plain);
    expect(second).toEqual(first);
    expect(Array.from(first)).toEqual(Array.from(logitsOf(model, ids)));
  });

  test('nothing of the old weights stays behind, and dequantising gives what was rounded', () => {
    const [model, ids] = [newLlama(), newIds()];
    logitsOf(model, ids);
    const live = memory.stats().liveSlots;
    const before = bytesOf(model);
    quantizeWeights(model, { weights: 'int8' });
    const rounded = logitsOf(model, ids);
    expect(dequantizeWeights(model)).toEqual(expect.arrayContaining(['head', 'embedding']));
    expect(listQuantized(model)).toEqual([]);
    expect(bytesOf(model)).toBe(before);
    expect(memory.stats().liveSlots).toBe(live);
    expect(computeDistance(logitsOf(model, ids), rounded)).toBeLessThan(1e-5);
    expect(model.unfreeze().namedParameters({ trainable: true })).toHaveProperty(['head.weight']);
  });

  test('modules can be left out, also one that shares its weight', () => {
    const model = newLlama({ tied: true });
    const paths = quantizeWeights(model, { weights: 'int8', excludeModules: ['head', 'blocks.*.mlp'] });
    expect(paths.every((path) => path.includes('attention'))).toBe(true);
    expect(isQuantized(model.embedding.weight)).toBe(false);
    expect(logitsOf(model).every(Number.isFinite)).toBe(true);
  });

  test('what does not fit is an error, and nothing is changed', () => {
    const model = newLlama();
    const bits = model.head.weight.bits();
    expect(() => quantizeWeights(model, { weights: 'int2' as 'int8' })).toThrow(/"bfloat16", "int8"/);
    expect(() => quantizeWeights(model, {} as { weights: 'int8' })).toThrow(/PAL_ARGUMENT.*weights/);
    expect(() => quantizeWeights(model, { weights: 'int8', excludeModules: ['haed'] })).toThrow(
      /haed.*without a match/,
    );
    expect(() => quantizeWeights(model.norm, { weights: 'int8' })).toThrow(/PAL_ARGUMENT/);
    model.blocks[1]!.attention.query.weight.detach().select(0, 0).fill_(NaN);
    expect(() => quantizeWeights(model, { weights: 'int8' })).toThrow(/PAL_NON_FINITE.*blocks\.1\.attention\.query/);
    expect(model.head.weight.bits()).toEqual(bits);
    expect(listQuantized(model)).toEqual([]);
    const other = newLlama();
    quantizeWeights(other, { weights: 'bfloat16' });
    expect(() => quantizeWeights(other, { weights: 'int8' })).toThrow(/PAL_UNSUPPORTED.*dequantizeWeights/s);
    expect(() => other.to({ dtype: 'bfloat16' })).toThrow(/PAL_UNSUPPORTED/);
    expect(other.to({ dtype: 'float32' })).toBe(other);
    expect(quantizeWeights(other, { weights: 'bfloat16' }).length).toBeGreaterThan(0);
  });

  test('a state without factors is not put in the place of one with them, nor the other way round', () => {
    const [plain, held] = [newLlama(), newLlama()];
    quantizeWeights(held, { weights: 'int8' });
    expect(() => plain.loadStateDict(held.stateDict())).toThrow(/head\.scale is not part.*dtype int8/);
    expect(() => held.loadStateDict(plain.stateDict())).toThrow(/head\.scale is missing.*dtype float32/);
    const logits = logitsOf(held);
    const copy = newLlama();
    quantizeWeights(copy, { weights: 'int8' });
    copy.head.weight.zero_();
    copy.loadStateDict(held.stateDict());
    expect(logitsOf(copy)).toEqual(logits);
  });

  test('a summary counts its memory without computing', () => {
    const model = newLlama({ width: 64, heads: 4 });
    const step = { batch: 2, length: 8 };
    const before = summarize(model, step);
    quantizeWeights(model, { weights: 'int8' });
    const after = summarize(model, step);
    expect(after.parameters).toBe(before.parameters);
    expect(after.memory.weights).toBe(bytesOf(model));
    expect(after.memory.weights / before.memory.weights).toBeLessThan(0.35);
    expect(after.memory.gradients).toBe(0);
    expect(after.rows.find(({ path }) => path === 'head')?.layer).toBe('Linear(64 → 29, int8)');
  });

  test('gradients go through it to what lies before, as through the numbers it stands for', () => {
    manualSeed(5);
    const [held, plain] = [newLlama(), newLlama()];
    quantizeWeights(held, { weights: 'int8' });
    quantizeWeights(plain, { weights: 'int8' });
    dequantizeWeights(plain);
    const x = randn([2, 24]);
    const gradients = [held, plain].map(({ blocks }) => {
      const input = x.clone().requiresGrad_();
      blocks[0]!.mlp.forward(input).square().sum().backward();
      return input.grad!.contiguous().data() as Float32Array;
    });
    expect(computeDistance(gradients[0]!, gradients[1]!)).toBeLessThan(1e-5);
    expect(held.parameters().every(({ grad }) => grad === undefined)).toBe(true);
  });
});
