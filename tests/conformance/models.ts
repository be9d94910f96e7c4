import {
  Gpt,
  Infinito,
  LanguageModel as Base,
  LstmLanguageModel,
  gptPresets,
  lstmPresets,
} from '../../lib/models/index.js';
import type { DecodeState, ForwardContext, LanguageModel } from '../../lib/models/index.js';
import { CausalSelfAttention, Embedding, Linear, fanInUniform } from '../../lib/nn/index.js';
import { arange, ones } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { FadingMemoryModel } from '../helpers/fading-memory.js';
import { sizes } from './language-model.js';

const { vocabSize } = sizes;
const small = {
  vocabSize,
  ...{ contextLength: 16, width: 16, layers: 2, heads: 4, initStd: 0.1 },
  queryKeyNorm: { type: 'none' },
} as const;

const segmented = { vocabSize, segmentLength: 16, width: 16, layers: 2, heads: 4, initStd: 0.1 } as const;
/** A memory that acts from the first token on: its gate is half open, and nearly every chunk is kept. */
const slots = { type: 'slots', slots: 4, chunkLength: 2, topK: 3, threshold: 0.1 } as const;
const open = { type: 'dynamic', bias: 0 } as const;

/** Every architecture of the registry, in each variant. */
export const models: Readonly<Record<string, () => LanguageModel>> = {
  'gpt, rotary, RMSNorm, SwiGLU, tied': () => new Gpt(small),
  'gpt, learned positions, LayerNorm, GELU, untied, bias': () =>
    new Gpt({
      ...small,
      positions: { type: 'learned' },
      norm: { type: 'layer' },
      mlp: { type: 'gelu' },
      tied: false,
      bias: true,
    }),
  'gpt, ReLU², 2 kv heads, dropout': () => new Gpt({ ...small, mlp: { type: 'relu2' }, kvHeads: 2, dropout: 0.2 }),
  'gpt, 1 kv head, 1 layer': () => new Gpt({ ...small, kvHeads: 1, layers: 1 }),
  'gpt, sinusoidal positions, soft-capped attention, QK-norm, dropout by place': () =>
    new Gpt({
      ...small,
      positions: { type: 'sinusoidal' },
      attention: { type: 'logitSoftCap', cap: 5 },
      queryKeyNorm: { type: 'rms' },
      kvHeads: 2,
      dropout: { embedding: 0.1, attention: 0.2, residual: 0.3 },
    }),
  'gpt, rotary, QK-norm, ReLU², shares of input and values, capped logits, stochastic depth': () =>
    new Gpt({
      ...small,
      layers: 3,
      queryKeyNorm: { type: 'rms' },
      mlp: { type: 'relu2' },
      valueResidual: { input: true, value: true },
      logitSoftCap: 15,
      stochasticDepth: 0.3,
    }),
  'gpt, shares of values, outputs from zero': () =>
    new Gpt({ ...small, valueResidual: { value: true }, initOutput: 'zero', tied: false }),
  'gpt, shares of input, GELU by tanh': () =>
    new Gpt({ ...small, valueResidual: { input: true }, mlp: { type: 'gelu', approximate: 'tanh' } }),
  'gpt, differential attention, 2 kv heads, dropout': () =>
    new Gpt({ ...small, attention: { type: 'differential' }, kvHeads: 2, dropout: 0.2 }),
  'gpt, differential attention, QK-norm, learned positions, shares of values, bias, 3 layers': () =>
    new Gpt({
      ...small,
      layers: 3,
      attention: { type: 'differential' },
      queryKeyNorm: { type: 'rms' },
      positions: { type: 'learned' },
      valueResidual: { value: true },
      bias: true,
    }),
  'gpt, scalar differential attention, 2 kv heads, dropout': () =>
    new Gpt({ ...small, attention: { type: 'differentialScalar' }, kvHeads: 2, dropout: 0.2 }),
  'gpt, scalar differential attention, capped scores, QK-norm, adjacent pairs, deepnorm': () =>
    new Gpt({
      ...small,
      attention: { type: 'differentialScalar', cap: 5 },
      queryKeyNorm: { type: 'rms' },
      positions: { type: 'rotary', pairs: 'adjacent' },
      residual: { type: 'deepnorm' },
      initLinear: 'glorot',
      initEmbeddingStd: 0.5,
    }),
  'gpt, differential attention of the second version, 2 kv heads, gate residual, head scale': () =>
    new Gpt({
      ...small,
      attention: { type: 'differentialV2' },
      kvHeads: 2,
      mlp: { type: 'swiglu', gateResidual: true },
      headScale: true,
      residual: { type: 'prenormAlpha' },
    }),
  'gpt, differential attention of the second version, capped scores, shares of values, padding': () =>
    new Gpt({
      ...small,
      layers: 3,
      attention: { type: 'differentialV2', cap: 5 },
      valueResidual: { value: true },
      stochasticDepth: { probability: 0.3, ramp: 'fromZero' },
      paddingToken: 0,
      tied: false,
    }),
  'gpt, differential attention, capped scores': () =>
    new Gpt({ ...small, attention: { type: 'differential', cap: 5 } }),
  'gpt, the parts of nanologic': () =>
    new Gpt({
      ...gptPresets['nanologic-xs'],
      ...{ vocabSize, contextLength: 16, width: 32, layers: 2, mlp: { type: 'swiglu', gateResidual: true } },
      initEmbeddingStd: 0.1,
      paddingToken: vocabSize - 1,
    }),
  'gpt, windows of 3 tokens, 2 kv heads': () =>
    new Gpt({ ...small, attention: { type: 'slidingWindow', window: 3 }, kvHeads: 2 }),
  'gpt, windows of 5 tokens, learned positions, dropout': () =>
    new Gpt({
      ...small,
      attention: { type: 'slidingWindow', window: 5 },
      positions: { type: 'learned' },
      dropout: 0.1,
    }),
  'gpt, the default': () => new Gpt({ vocabSize, contextLength: 16 }),
  'gpt, the preset transformer, learned positions': () =>
    new Gpt({ vocabSize, contextLength: 16, ...gptPresets.transformer, positions: { type: 'learned' } }),
  'gpt, the preset llama': () => new Gpt({ vocabSize, contextLength: 16, ...gptPresets.llama }),
  'lstm, the preset standard': () => new LstmLanguageModel({ vocabSize, ...lstmPresets.standard }),
  'lstm, the preset minimal': () => new LstmLanguageModel({ vocabSize, ...lstmPresets.minimal }),
  'lstm, 2 layers, dropout': () => new LstmLanguageModel({ vocabSize, embeddingDim: 8, width: 12, dropout: 0.2 }),
  'lstm, variational and recurrent dropout, padded rows': () =>
    new LstmLanguageModel({
      vocabSize,
      embeddingDim: 8,
      width: 12,
      dropout: 0.2,
      dropoutMask: 'sequence',
      recurrentDropout: 0.2,
      vocabMultiple: 5,
    }),
  'infinito, without memory, learned positions': () =>
    new Infinito({ ...segmented, memory: { type: 'none' }, positions: { type: 'learned' } }),
  'infinito, priority by phi, untied, dropout, 1 layer': () =>
    new Infinito({ ...segmented, memory: { ...slots, gate: open }, tied: false, dropout: 0.2, layers: 1 }),
  'infinito, priority by recency, static gate': () =>
    new Infinito({
      ...segmented,
      memory: { ...slots, gate: { type: 'static', bias: 0 }, priority: { type: 'recency' } },
    }),
  'infinito, priority by chance, memory in the first layer': () =>
    new Infinito({ ...segmented, memory: { ...slots, gate: open, layer: 1, priority: { type: 'random' } } }),
  'a model from outside, with a memory of its own': () => new FadingMemoryModel({ vocabSize }),
  'lstm, tied, 1 layer': () => new LstmLanguageModel({ vocabSize, embeddingDim: 8, width: 12, layers: 1, tied: true }),
};

/** A control that breaks causality: attention without a mask. */
export class LeakingModel extends Base {
  readonly kind = 'leaking';
  readonly config = { vocabSize, contextLength: 16 };
  readonly embedding = new Embedding(vocabSize, 32);
  readonly positions = new Embedding(16, 32);
  readonly attention = new CausalSelfAttention({
    width: 32,
    heads: 4,
    kvHeads: 4,
    bias: false,
    dropout: 0,
    initialize: fanInUniform,
    initializeOutput: fanInUniform,
  });
  readonly head = new Linear(32, vocabSize);

  forward(ids: Tensor, { training }: ForwardContext = { training: this.training }): Tensor {
    const T = ids.size(1);
    const x = this.embedding.forward(ids).add(this.positions.forward(arange(T, { dtype: 'int64' })));
    const mask = ones([T, T], { dtype: 'bool' });
    return this.head.forward(x.add(this.attention.forward(x, { training, mask })));
  }

  newState(): DecodeState {
    throw new Error('the control has no state');
  }
}
