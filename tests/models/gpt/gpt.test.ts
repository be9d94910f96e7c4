import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Gpt, gptConfigSchema, gptPresets, saveHuggingFace } from '../../../lib/models/index.js';
import { tokenLoss } from '../../../lib/nn/index.js';
import type { DifferentialAttention, SwigluMlp } from '../../../lib/nn/index.js';
import { allclose, arange, manualSeed, noGrad, scope, tensor, zeros } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const small = { vocabSize: 11, contextLength: 8, width: 8, layers: 2, heads: 2, initStd: 0.2 } as const;
const ids = () =>
  tensor(
    [
      [1, 2, 3, 4, 5],
      [5, 4, 3, 2, 1],
    ],
    { dtype: 'int64' },
  );

describe('Gpt', () => {
  test('fills in its configuration', () => {
    const model = new Gpt({ vocabSize: 65 });
    expect(model.config).toEqual({
      vocabSize: 65,
      contextLength: 256,
      width: 128,
      layers: 4,
      heads: 4,
      positions: { type: 'rotary', base: 10_000 },
      attention: { type: 'softmax' },
      queryKeyNorm: { type: 'rms', eps: 1e-6 },
      norm: { type: 'rms', eps: 1e-6 },
      mlp: { type: 'swiglu' },
      valueResidual: { input: false, value: false },
      tied: true,
      bias: false,
      dropout: 0,
      stochasticDepth: 0,
      initStd: 0.02,
      initOutput: 'scaled',
    });
  });

  test('every setting has a description', () => {
    for (const [key, schema] of Object.entries(gptConfigSchema.shape)) {
      const described = 'description' in schema ? schema.description : undefined;
      expect([key, described]).toEqual([key, expect.stringMatching(/^[A-Z].+\.$/)]);
    }
  });

  test('reports all problems of a configuration at once, with paths', () => {
    const make = () => new Gpt({ vocabSize: 0, width: 10, heads: 3, mlp: { type: 'glu' }, head: 2 } as never);
    expect(make).toThrow(/^\[PAL_CONFIG\] Gpt: /);
    for (const part of [/vocabSize: /, /mlp/, /head: unknown key\. Did you mean "heads"\?/]) expect(make).toThrow(part);
    expect(() => new Gpt({ vocabSize: 5, width: 10, heads: 3 })).toThrow(/heads: /);
    expect(() => new Gpt({ vocabSize: 5, width: 12, heads: 4, kvHeads: 3 })).toThrow(/kvHeads: /);
    expect(() => new Gpt({ vocabSize: 5, width: 12, heads: 4 })).toThrow(/even/);
    const differential = { type: 'differential' } as const;
    const odd = { vocabSize: 5, width: 12, heads: 4, attention: differential } as const;
    expect(() => new Gpt({ ...odd, positions: { type: 'learned' } })).toThrow(
      /heads: Attention of type differential needs width \/ heads to be a multiple of 2/,
    );
    expect(() => new Gpt({ ...odd, heads: 2 })).toThrow(/heads: Rotary.* even width \/ heads \/ 2/);
    expect(() => new Gpt({ vocabSize: 5, attention: { type: 'slidingWindow' } as never })).toThrow(/attention\.window/);
  });

  test('counts the parameters of the recipe with 4 layers of width 128', () => {
    const recipe = {
      vocabSize: 65,
      contextLength: 64,
      width: 128,
      layers: 4,
      heads: 4,
      positions: { type: 'learned' },
      queryKeyNorm: { type: 'none' },
      norm: { type: 'layer' },
      mlp: { type: 'gelu' },
    } as const;
    const embeddings = 65 * 128 + 64 * 128;
    const block = 4 * 128 * 128 + 2 * 128 * 512 + 2 * 128;
    expect(new Gpt(recipe).parameterCount()).toBe(embeddings + 4 * block + 128);
    expect(new Gpt({ ...recipe, tied: false }).parameterCount()).toBe(embeddings + 4 * block + 128 + 65 * 128);
  });

  test('starts with the deviation asked for, smaller where branches add up', () => {
    manualSeed(0);
    const { blocks } = new Gpt({ vocabSize: 10, width: 128, layers: 8, heads: 4 });
    expect(deviation(blocks[0]!.attention.query.weight)).toBeCloseTo(0.02, 3);
    expect(deviation(blocks[0]!.attention.output.weight)).toBeCloseTo(0.02 / 4, 4);
    expect(deviation((blocks[0]!.mlp as SwigluMlp).down.weight)).toBeCloseTo(0.02 / 4, 4);
  });

  test('starts near ln V', () => {
    manualSeed(0);
    const model = new Gpt({ vocabSize: 65 });
    const logits = noGrad(() => model.forward(zeros([1, 4], { dtype: 'int64' })));
    const logProbability = logits.logSoftmax(-1);
    expect(-logProbability.mean().item()).toBeCloseTo(Math.log(65), 0);
  });

  test('shares one table between input and output, also after a change of dtype', () => {
    const model = new Gpt(small).to({ dtype: 'float64' });
    expect(model.head.weight).toBe(model.embedding.weight);
    expect(Object.keys(model.namedParameters())).not.toContain('head.weight');
  });

  test('rotary logits depend on distances, not on places', () => {
    const model = new Gpt({ ...small, contextLength: 64 }).to({ dtype: 'float64' });
    const at = (start: number) =>
      forward(model, { positions: arange(start, start + 5, 1, { dtype: 'int64' }).expand(2, 5) });
    expect(allclose(at(0), at(20), { rtol: 0, atol: 1e-5 })).toBe(true);
    expect(allclose(at(0), forward(model, {}), { rtol: 0, atol: 1e-9 })).toBe(true);
  });

  test('learned positions follow the positions given', () => {
    const model = new Gpt({ ...small, positions: { type: 'learned' } });
    const positions = arange(5, { dtype: 'int64' }).expand(2, 5);
    expect(forward(model, { positions }).tolist()).toEqual(forward(model, {}).tolist());
    expect(allclose(forward(model, { positions: positions.add(1) }), forward(model, {}))).toBe(false);
  });

  test('sinusoidal positions follow the positions given', () => {
    const model = new Gpt({ ...small, positions: { type: 'sinusoidal' } });
    expect(Object.keys(model.stateDict())).not.toContain('positions.table');
    const positions = arange(5, { dtype: 'int64' }).expand(2, 5);
    expect(forward(model, { positions }).tolist()).toEqual(forward(model, {}).tolist());
    expect(allclose(forward(model, { positions: positions.add(1) }), forward(model, {}))).toBe(false);
  });

  test('a cap bounds the logits and hardly touches small ones', () => {
    const wide = { ...small, initStd: 2 } as const;
    manualSeed(1);
    const plain = forward(new Gpt(wide), {});
    manualSeed(1);
    const capped = forward(new Gpt({ ...wide, logitSoftCap: 3 }), {});
    expect(plain.abs().max().item()).toBeGreaterThan(3);
    expect(capped.abs().max().item()).toBeLessThan(3);
    expect(allclose(capped, plain.div(3).tanh().mul(3), { atol: 1e-6 })).toBe(true);
  });

  test('queries and keys that are normalised give scores that their length does not change', () => {
    const model = new Gpt({ ...small, queryKeyNorm: { type: 'rms', eps: 1e-12 } }).to({ dtype: 'float64' });
    const before = forward(model, {});
    noGrad(() => model.blocks[0]!.attention.query.weight.mul_(7));
    expect(allclose(forward(model, {}), before, { rtol: 0, atol: 1e-7 })).toBe(true);
  });

  test('λ of differential attention starts higher in later layers', () => {
    const model = new Gpt({ ...small, layers: 3, attention: { type: 'differential' }, kvHeads: 1 });
    const found = model.blocks.map(({ attention }) => (attention.kernel as DifferentialAttention).lambdaInit);
    [0, 1, 2].forEach((layer) => expect(found[layer]).toBeCloseTo(0.8 - 0.6 * Math.exp(-0.3 * layer), 12));
    model.dispose();
  });

  test('a token reaches as far as the windows of all layers', () => {
    const model = new Gpt({ ...small, layers: 2, attention: { type: 'slidingWindow', window: 2 } });
    const other = ids();
    other.narrow(1, 0, 1).copy_(other.narrow(1, 0, 1).add(1));
    const change = noGrad(() =>
      forward(model, {})
        .sub(model.forward(other, { training: false }))
        .abs()
        .amax([0, 2]),
    );
    const [zero, one, two, ...beyond] = change.tolist() as number[];
    for (const near of [zero, one, two]) expect(near).toBeGreaterThan(1e-6);
    expect(beyond).toEqual([0, 0]);
    model.dispose();
  });

  test('later blocks start with the input unmixed and half of the first values', () => {
    manualSeed(1);
    const model = new Gpt({ ...small, layers: 3, valueResidual: { input: true, value: true } });
    expect(model.blocks.map((block) => block.x0Lambda?.tolist())).toEqual([undefined, [1, 0], [1, 0]]);
    expect(model.blocks.map((block) => block.valueLambda?.tolist())).toEqual([undefined, [0.5, 0.5], [0.5, 0.5]]);
    const plain = new Gpt({ ...small, layers: 3 });
    noGrad(() => {
      for (const block of model.blocks.slice(1)) block.valueLambda!.copy_(tensor([1, 0]));
      for (const [name, value] of Object.entries(plain.stateDict())) value.copy_(model.stateDict()[name]!);
    });
    expect(allclose(forward(model, {}), forward(plain, {}), { atol: 1e-6 })).toBe(true);
    noGrad(() => model.blocks[2]!.x0Lambda!.copy_(tensor([1, 0.5])));
    expect(allclose(forward(model, {}), forward(plain, {}), { atol: 1e-3 })).toBe(false);
  });

  test('outputs that start at zero leave the embedding alone', () => {
    const model = new Gpt({ ...small, initOutput: 'zero' });
    const expected = noGrad(() => model.head.forward(model.norm.forward(model.embedding.forward(ids()))));
    expect(forward(model, {}).tolist()).toEqual(expected.tolist());
  });

  test('dropout has its places, and stochastic depth grows with the layers', () => {
    const places = { embedding: 0.1, attention: 0.2, residual: 0.3 };
    const model = new Gpt({ ...small, layers: 4, dropout: places, stochasticDepth: 0.2 });
    const [first] = model.blocks;
    expect(model.dropout.probability).toBe(0.1);
    expect(first!.attention.weightDropout.probability).toBe(0.2);
    expect(first!.dropout.probability).toBe(0.3);
    [0.05, 0.1, 0.15, 0.2].forEach((chance, i) => expect(model.blocks[i]!.depth.probability).toBeCloseTo(chance, 12));
    expect(new Gpt({ ...small, dropout: 0.4 }).blocks[0]!.attention.weightDropout.probability).toBe(0.4);
  });

  test.each([
    ['plain', {}],
    ['capped logits', { logitSoftCap: 4 }],
    ['an output of its own', { tied: false }],
  ])('its loss is the cross-entropy of its logits: %s', (_, options) => {
    const model = new Gpt({ ...small, ...options });
    const targets = ids().flip([1]);
    const terms = { labelSmoothing: 0.1, zLoss: 1e-2 };
    const { lossSum, count } = noGrad(() => model.loss(ids(), targets, { training: false }, terms));
    expect(lossSum.item()).toBeCloseTo(
      tokenLoss(forward(model, {}), targets, { ...terms, reduction: 'sum' }).item(),
      4,
    );
    expect(count.item()).toBe(10);
  });

  test('packed documents do not see each other', () => {
    const model = new Gpt(small);
    const documents = tensor(
      [
        [0, 0, 1, 1, 1],
        [0, 1, 1, 1, 2],
      ],
      { dtype: 'int64' },
    );
    const positions = tensor(
      [
        [0, 1, 0, 1, 2],
        [0, 0, 1, 2, 0],
      ],
      { dtype: 'int64' },
    );
    const packed = forward(model, { documents, positions });
    const alone = noGrad(() => model.forward(ids().narrow(0, 0, 1).narrow(1, 2, 3), { training: false }));
    expect(allclose(packed.narrow(0, 0, 1).narrow(1, 2, 3), alone, { atol: 1e-6 })).toBe(true);
  });

  test('records attention weights: rows sum to one, nothing lies in the future', () => {
    const seen: Record<string, Tensor> = {};
    const recorder = { record: (name: string, value: Tensor) => void (seen[name] = value) };
    forward(new Gpt({ ...small, kvHeads: 1 }), { recorder });
    expect(Object.keys(seen)).toEqual(['blocks.0.attention', 'blocks.1.attention']);
    const weights = seen['blocks.1.attention']!;
    expect(weights.shape).toEqual([2, 2, 5, 5]);
    expect(allclose(weights.sum(-1), zeros([2, 2, 5]).add(1))).toBe(true);
    expect(weights.triu(1).abs().max().item()).toBe(0);
  });

  test('dropout acts in training only', () => {
    const model = new Gpt({ ...small, dropout: 0.5 });
    const trained = noGrad(() => model.forward(ids(), { training: true }));
    expect(allclose(trained, forward(model, {}))).toBe(false);
    expect(forward(model, {}).tolist()).toEqual(forward(model, {}).tolist());
    expect(noGrad(() => model.eval().forward(ids())).tolist()).toEqual(forward(model, {}).tolist());
  });

  test('its state counts tokens and bytes, and refuses to outgrow the context', () => {
    const model = new Gpt(small);
    const state = model.newState(2);
    expect([state.length, state.bytes]).toEqual([0, 0]);
    forward(model, { state });
    expect(state.length).toBe(5);
    expect(state.bytes).toBe(2 * 2 * (2 * 32 * 8) * 4);
    expect(() => forward(model, { state })).toThrow(/\[PAL_SHAPE\] Gpt\.forward: .*contextLength = 8.*received 10/);
    expect(() => forward(new Gpt(small), { state: model.newState(3) })).toThrow(/batch of 3/);
    state.dispose();
    expect(state.bytes).toBe(0);
  });
});

describe('gptPresets', () => {
  test('transformer: two layers of four heads of 32, inner width 512, about half a million parameters', () => {
    const model = new Gpt({ vocabSize: 65, contextLength: 100, ...gptPresets.transformer });
    const block = 4 * (128 * 128 + 128) + 2 * 128 * 512 + 512 + 128 + 4 * 128;
    expect(model.parameterCount()).toBe(2 * 65 * 128 + 2 * block + 2 * 128);
    expect(model.blocks[0]!.attention.headWidth).toBe(32);
  });

  test('llama: what a folder of LLaMA can hold', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'palabra-'));
    const size = { vocabSize: 65, contextLength: 8, width: 16, layers: 1 };
    using model = new Gpt({ ...size, ...gptPresets.llama });
    await saveHuggingFace(join(folder, 'model'), model);
    expect(readdirSync(join(folder, 'model'))).toContain('config.json');
    using other = new Gpt(size);
    await expect(saveHuggingFace(join(folder, 'other'), other)).rejects.toThrow(/queryKeyNorm/);
    rmSync(folder, { recursive: true });
  });
});

function forward(model: Gpt, context: object): Tensor {
  return noGrad(() => model.forward(ids(), { training: false, ...context }));
}

function deviation(weight: Tensor): number {
  return scope(() => weight.std().item());
}
