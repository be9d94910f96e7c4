import type { GptOptions } from './gpt-config.js';

/** What all sizes share: differential attention of the second version, norms of queries and keys, a gate residual. */
const nanologic = {
  contextLength: 1024,
  kvHeads: 2,
  positions: { type: 'rotary', base: 10_000, pairs: 'adjacent' },
  attention: { type: 'differentialV2' },
  queryKeyNorm: { type: 'rms', eps: 1e-6 },
  norm: { type: 'rms', eps: 1e-6 },
  residual: { type: 'prenorm' },
  embeddingScale: 'sqrtWidth',
  headScale: true,
  paddingToken: 0,
  logitSoftCap: 30,
  zLossLogits: 'uncapped',
  dropout: 0.1,
  stochasticDepth: { probability: 0.1, ramp: 'fromZero' },
  initLinear: 'glorot',
  tied: true,
  bias: false,
} as const;

/** The sizes in which the models differ. */
interface NanologicSizes {
  width: number;
  layers: number;
  heads: number;
  hiddenWidth: number;
}

/**
 * Creates a preset of some size.
 * @param sizes - width of the stream, layers, heads, and the hidden width of the feed-forward block
 * @returns options of a {@link Gpt} without `vocabSize`
 */
export function createNanologicPreset({
  width,
  layers,
  heads,
  hiddenWidth,
}: NanologicSizes): Omit<GptOptions, 'vocabSize'> {
  return { ...nanologic, width, layers, heads, mlp: { type: 'swiglu', hiddenWidth, gateResidual: true } };
}

/**
 * The models that formalise sentences, by size: `nanologic`, the same with a hidden width that suits tensor cores, and two
 * smaller ones. Their padding token is 0.
 */
export const nanologicPresets = {
  nanologic: createNanologicPreset({ width: 512, layers: 8, heads: 8, hiddenWidth: 1365 }),
  'nanologic-aligned': createNanologicPreset({ width: 512, layers: 8, heads: 8, hiddenWidth: 1376 }),
  'nanologic-s': createNanologicPreset({ width: 256, layers: 6, heads: 8, hiddenWidth: 704 }),
  'nanologic-xs': createNanologicPreset({ width: 128, layers: 4, heads: 4, hiddenWidth: 352 }),
} as const satisfies Record<string, Omit<GptOptions, 'vocabSize'>>;
