import { describe, expect, jest, test } from '@jest/globals';
import { isPalabraError } from '../../../lib/core/index.js';
import { Gpt, countParameters, gptPresets, parseNanologicConfig } from '../../../lib/models/index.js';
import type { GptOptions, NanologicOptions } from '../../../lib/models/index.js';
import type { SwigluMlp } from '../../../lib/nn/index.js';
import { AdamW } from '../../../lib/optim/index.js';
import { cat, manualSeed, noGrad, randint, scope } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { trainStep } from '../../../lib/training/index.js';
import { batchOfTensors } from '../../helpers/batches.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const evaluating = { training: false };
const vocabSize = 8000;
const xs = { vocabSize, ...gptPresets['nanologic-xs'] } as const;
const tiny: NanologicOptions = { d_model: 32, n_layers: 3, n_heads: 4, vocab_size: 50, max_seq_len: 32 };

function countOf(options: NanologicOptions): number {
  return countParameters(parseNanologicConfig(options).model);
}

describe('presets', () => {
  test('nanologic with scalar differential attention has 28,743,185 parameters', () => {
    const scalar = { vocabSize, ...gptPresets.nanologic, attention: { type: 'differentialScalar' } } as const;
    expect(countParameters(scalar)).toBe(28_743_185);
    using model = new Gpt(scalar);
    expect(model.parameterCount()).toBe(28_743_185);
    expect(countOf({ differential: { variant: 'scalar' }, d_ff: 1365 })).toBe(28_743_185);
  });

  test('the others are counted by the same sum', () => {
    const sum = (d: number, layers: number, kv: number, dh: number, ff: number) =>
      layers * (3 * d * d + 3 * d * kv * dh + 2 * dh + 1 + 3 * d * ff + 1 + 2 * d) + vocabSize * d + d + 1;
    const scalar = { attention: { type: 'differentialScalar' } } as const;
    const count = (name: keyof typeof gptPresets) => countParameters({ vocabSize, ...gptPresets[name], ...scalar });
    expect(count('nanologic-aligned')).toBe(sum(512, 8, 2, 64, 1376));
    expect(count('nanologic-s')).toBe(sum(256, 6, 2, 32, 704));
    expect(count('nanologic-xs')).toBe(sum(128, 4, 2, 32, 352));
  });

  test.each(['nanologic-s', 'nanologic-xs'] as const)('%s is what it is counted as', (name) => {
    const options = { vocabSize: 100, ...gptPresets[name] } as const;
    using model = new Gpt(options);
    expect(model.parameterCount()).toBe(countParameters(options));
  });

  test.each([
    ['v2', {}],
    ['scalar', { attention: { type: 'differentialScalar' } }],
    ['deepnorm', { residual: { type: 'deepnorm' } }],
  ] as const)('the loss starts at ln V with %s', (_, changes) => {
    manualSeed(1);
    using model = new Gpt({ ...xs, ...changes });
    scope(() => {
      const ids = randint(1, vocabSize, [4, 65], { dtype: 'int64' });
      const { lossSum, count } = noGrad(() => model.loss(ids.narrow(1, 0, 64), ids.narrow(1, 1, 64), evaluating));
      expect(lossSum.item() / count.item()).toBeLessThanOrEqual(Math.log(vocabSize) + 0.1);
      // The factor of deepnorm lets an embedding through; at the start no token may name itself.
      const copies = noGrad(() => model.loss(ids.narrow(1, 0, 64), ids.narrow(1, 0, 64), evaluating));
      expect(Math.exp(-copies.lossSum.item() / count.item())).toBeLessThan(0.05);
    });
  });

  test('matrices start as said: tokens from N(0, 1/(8d)) or, when wide, N(0, (5/d)²), maps from Xavier, those back smaller', () => {
    manualSeed(2);
    using model = new Gpt(xs);
    const xavier = (rows: number, columns: number) => Math.sqrt(2 / (rows + columns));
    const { attention, mlp } = model.blocks[1]!;
    expect(deviation(model.embedding.weight) * Math.sqrt(8 * 128)).toBeCloseTo(1, 2);
    using wide = new Gpt({ ...xs, width: 256, vocabSize: 2000 });
    expect(deviation(wide.embedding.weight) / (5 / 256)).toBeCloseTo(1, 2);
    expect(deviation(attention.query.weight) / xavier(256, 128)).toBeCloseTo(1, 1);
    expect(deviation(attention.value.weight) / xavier(64, 128)).toBeCloseTo(1, 1);
    expect(deviation((mlp as SwigluMlp).gate.weight) / xavier(352, 128)).toBeCloseTo(1, 1);
    expect((deviation(attention.output.weight) * Math.sqrt(8)) / xavier(128, 128)).toBeCloseTo(1, 1);
    expect((deviation((mlp as SwigluMlp).down.weight) * Math.sqrt(8)) / xavier(352, 128)).toBeCloseTo(1, 1);
  });

  test('in deepnorm all maps but those to queries and keys start smaller by (8 layers)^¼', () => {
    manualSeed(2);
    using model = new Gpt({ ...xs, residual: { type: 'deepnorm' } });
    const { attention, mlp } = model.blocks[1]!;
    const beta = (8 * 4) ** -0.25;
    const expected = [
      [attention.query.weight, 1],
      [attention.key.weight, 1],
      [attention.value.weight, beta],
      [attention.output.weight, beta],
      [(mlp as SwigluMlp).gate.weight, beta],
      [
        mlp
          .children()
          .find(([name]) => name === 'down')![1]
          .ownTensors()[0]![1],
        beta,
      ],
    ] as const;
    for (const [weight, factor] of expected)
      expect(deviation(weight) / Math.sqrt(2 / (weight.size(0) + weight.size(1))) / factor).toBeCloseTo(1, 1);
  });
});

test('the padding row stays zero, and gets no gradient from input or output', async () => {
  manualSeed(3);
  const small = { ...xs, vocabSize: 20, paddingToken: 3, contextLength: 16 } as const;
  using model = new Gpt(small);
  const optimizer = new AdamW([{ parameters: model.namedParameters() }], { learningRate: 0.01 });
  const step = trainStep({ model, optimizer });
  for (let i = 0; i < 3; i++) {
    const ids = randint(0, 20, [4, 17], { dtype: 'int64' });
    await step.run(batchOfTensors(ids.narrow(1, 0, 16).contiguous(), ids.narrow(1, 1, 16).contiguous()));
  }
  step.dispose();
  optimizer.dispose();
  expect(model.embedding.weight.select(0, 3).abs().max().item()).toBe(0);
  scope(() => {
    const ids = randint(0, 20, [2, 9], { dtype: 'int64' });
    model.accumulateGradients(ids.narrow(1, 0, 8), ids.narrow(1, 1, 8));
    const gradient = model.embedding.weight.grad!.abs().sum(1);
    expect(gradient.select(0, 3).item()).toBe(0);
    expect(gradient.gt(0).sum().item()).toBe(19);
    const logits = noGrad(() => model.forward(ids, evaluating));
    expect(logits.select(2, 3).abs().max().item()).toBe(0);
  });
});

test('the squared log-partition is that of uncapped logits where asked for', () => {
  const measure = (options: Partial<GptOptions>) => {
    manualSeed(4);
    using model = new Gpt({ ...xs, vocabSize: 20, logitSoftCap: 0.5, initEmbeddingStd: 1, ...options });
    return scope(() => {
      const ids = randint(0, 20, [2, 8], { dtype: 'int64' });
      const measureLoss = (zLoss: number) => noGrad(() => model.loss(ids, ids, evaluating, { zLoss }).lossSum.item());
      const logits = noGrad(() => model.forward(ids, evaluating));
      return { terms: (measureLoss(0.5) - measureLoss(0)) / 0.5, squares: logits.logsumexp(-1).square().sum().item() };
    });
  };
  const [capped, uncapped] = [measure({ zLossLogits: 'capped' }), measure({})];
  const open = measure({ logitSoftCap: undefined });
  expect(capped.terms / capped.squares).toBeCloseTo(1, 3);
  expect(uncapped.terms / open.squares).toBeCloseTo(1, 3);
  expect(uncapped.squares / open.squares).toBeLessThan(0.9);
});

describe('the whole model', () => {
  test.each(['scalar', 'v1', 'v2', 'off'] as const)(
    '%s: what is packed or read in pieces comes out alike',
    (variant) => {
      manualSeed(5);
      using model = new Gpt({
        ...parseNanologicConfig({ ...tiny, differential: { variant } }).model,
        initEmbeddingStd: 0.3,
      });
      scope(() => {
        const [first, second] = [5, 7].map((length) => randint(1, 50, [1, length], { dtype: 'int64' })) as [
          Tensor,
          Tensor,
        ];
        const forward = (ids: Tensor, more = {}) => noGrad(() => model.forward(ids, { ...evaluating, ...more }));
        const documents = cat([first.mul(0), second.mul(0).add(1)], 1);
        const places = (ids: Tensor) => ids.mul(0).add(1).cumsum(1).sub(1);
        const positions = cat([places(first), places(second)], 1);
        const packed = forward(cat([first, second], 1), { documents, positions });
        const apart = cat([forward(first), forward(second)], 1);
        expect(packed.sub(apart).abs().max().item()).toBeLessThan(1e-5);
        const state = model.newState(1);
        const pieces = [0, 1, 2, 3, 4, 5, 6].map((at) => forward(second.narrow(1, at, 1), { state }));
        expect(cat(pieces, 1).sub(forward(second)).abs().max().item()).toBeLessThan(1e-4);
        state.dispose();
      });
    },
  );

  test('stochastic depth leaves the first layer alone and grows in line to the last', () => {
    using model = new Gpt(xs);
    expect(model.blocks.map(({ depth }) => depth.probability)).toEqual(
      [0, 0.1 / 3, 0.2 / 3, 0.1].map((p) => expect.closeTo(p, 12)),
    );
  });
});

describe('parseNanologicConfig', () => {
  test('unknown keys and contradictions are refused by name', () => {
    const refused = (options: object): string => {
      try {
        parseNanologicConfig(options);
      } catch (error) {
        return isPalabraError(error) ? error.message : 'another error';
      }
      return 'nothing';
    };
    expect(refused({ dmodel: 8 })).toMatch(/PAL_CONFIG.*dmodel.*Did you mean "d_model"/s);
    expect(refused({ d_model: 30, n_heads: 4 })).toMatch(/n_heads/);
    expect(refused({ n_heads: 8, n_kv_heads: 3 })).toMatch(/n_kv_heads/);
    expect(refused({ pre_norm: false })).toMatch(/pre_norm/);
    expect(refused({ residual: 'deepnorm', pre_norm: true })).toMatch(/pre_norm/);
    expect(refused({ residual: 'prenorm', deep_norm: true })).toMatch(/deep_norm/);
    expect(refused({ differential: { variant: 'v1' }, n_heads: 3, n_kv_heads: 3, d_model: 30 })).toMatch(
      /differential/,
    );
    expect(refused({ pad_id: 9000 })).toMatch(/pad_id/);
    expect(refused({ d_model: 36, n_heads: 4, head_dim: 9 })).toBe('nothing');
  });

  test.each<[string, NanologicOptions, Partial<GptOptions>]>([
    ['attention_cap', { attention_cap: 50 }, { attention: { type: 'differentialV2', cap: 50 } }],
    ['qk_norm', { qk_norm: false }, { queryKeyNorm: { type: 'none' }, attention: { type: 'differentialV2', cap: 50 } }],
    ['differential_attention', { differential_attention: false }, { attention: { type: 'softmax' } }],
    [
      'off with a cap',
      { differential: { variant: 'off' }, attention_cap: 20 },
      { attention: { type: 'logitSoftCap', cap: 20 } },
    ],
    [
      'v1',
      { differential: { variant: 'v1' } },
      { attention: { type: 'differential' }, heads: 4, kvHeads: 1, headWidth: 128 },
    ],
    ['weight_tying', { weight_tying: false }, { tied: false }],
    ['embed_scale', { embed_scale: false }, { embeddingScale: 1 }],
    ['head_scale', { head_scale: false }, { headScale: false }],
    ['gate_residual', { gate_residual: false }, { mlp: { type: 'swiglu', hiddenWidth: 1365, gateResidual: false } }],
    ['deep_norm alone', { pre_norm: false, deep_norm: true }, { residual: { type: 'deepnorm' } }],
    ['output_cap', { output_cap: 0 }, { logitSoftCap: undefined }],
    ['rope_theta', { rope_theta: 500 }, { positions: { type: 'rotary', base: 500, pairs: 'adjacent' } }],
    ['pad_id', { pad_id: 7 }, { paddingToken: 7 }],
    ['dropout', { dropout: 0 }, { dropout: 0 }],
    [
      'stochastic_depth_rate',
      { stochastic_depth_rate: 0.2 },
      { stochasticDepth: { probability: 0.2, ramp: 'fromZero' } },
    ],
    ['max_seq_len', { max_seq_len: 77 }, { contextLength: 77 }],
  ])('%s is honoured', (_, options, expected) => {
    expect(parseNanologicConfig(options).model).toMatchObject(expected);
    expect(parseNanologicConfig({}).model).not.toMatchObject(expected);
  });

  test('the terms of the loss and the end of a text come out too', () => {
    expect(parseNanologicConfig({ z_loss_weight: 0.01, eos_id: 5 })).toMatchObject({ loss: { zLoss: 0.01 }, eosId: 5 });
    expect(parseNanologicConfig()).toMatchObject({ loss: { zLoss: 1e-4 }, eosId: 2 });
  });

  test('both norms before and deep give the formula of the notes, with a warning', () => {
    const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    expect(parseNanologicConfig({ pre_norm: true, deep_norm: true }).model.residual).toEqual({ type: 'prenormAlpha' });
    expect(warn).toHaveBeenCalledTimes(1);
    parseNanologicConfig({ deep_norm: false, pre_norm: true });
    expect(warn).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });

  test.each<NanologicOptions>([
    {},
    { differential: { variant: 'scalar' } },
    { differential: { variant: 'v1' } },
    { differential: { variant: 'off' }, weight_tying: false },
    { qk_norm: false, head_scale: false, gate_residual: false, n_kv_heads: 4, head_dim: 10 },
    { residual: 'deepnorm', d_ff: 33 },
  ])('%j: the count is that of the model, and logits are finite', (changes) => {
    const { model: options } = parseNanologicConfig({ ...tiny, ...changes });
    using model = new Gpt(options);
    expect(model.parameterCount()).toBe(countParameters(options));
    scope(() => {
      const logits = noGrad(() => model.forward(randint(0, 50, [2, 32], { dtype: 'int64' }), evaluating));
      expect(logits.isfinite().all().item()).toBe(true);
    });
  });

  test('variant off has as many parameters as the description says', () => {
    expect(countOf({ differential: { variant: 'off' }, d_ff: 1365 })).toBe(26_121_737);
  });
});

test.each<GptOptions>([
  {
    vocabSize: 11,
    width: 12,
    heads: 2,
    layers: 2,
    bias: true,
    positions: { type: 'learned' },
    norm: { type: 'layer' },
    tied: false,
  },
  {
    vocabSize: 11,
    width: 12,
    heads: 2,
    layers: 3,
    mlp: { type: 'gelu' },
    valueResidual: { input: true, value: true },
    queryKeyNorm: { type: 'none' },
  },
  {
    vocabSize: 11,
    width: 16,
    heads: 2,
    layers: 2,
    attention: { type: 'differential' },
    bias: { mlp: true, queryKeyValue: true },
  },
])('countParameters counts any Gpt: %j', (options) => {
  using model = new Gpt(options);
  expect(countParameters(options)).toBe(model.parameterCount());
});

function deviation(weight: Tensor): number {
  return weight.std().item();
}
