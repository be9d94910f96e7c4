import { parseConfig, raise } from '../core/index.js';
import {
  CausalSelfAttention,
  Dropout,
  Embedding,
  GeluMlp,
  LayerNorm,
  Linear,
  Module,
  RMSNorm,
  ReluSquaredMlp,
  RotaryPositions,
  SwigluMlp,
  causalMask,
  documentMask,
  normalInitializer,
} from '../nn/index.js';
import type { AttentionContext, Initializer, KeyValueCache, Mlp, MlpOptions } from '../nn/index.js';
import { arange, dims } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { gptConfigSchema } from './gpt-config.js';
import type { GptConfig, GptOptions } from './gpt-config.js';
import { GptState } from './gpt-state.js';
import { LanguageModel } from './language-model.js';
import type { ForwardContext } from './language-model.js';

/**
 * A decoder of pre-norm transformer blocks.
 * @see Radford et al. 2019 (GPT-2); Touvron et al. 2023, https://arxiv.org/abs/2302.13971, for the default parts
 * @example const model = new Gpt({ vocabSize: 65, width: 128, layers: 4, heads: 4 });
 */
export class Gpt extends LanguageModel {
  readonly kind = 'gpt';
  readonly config: GptConfig;
  readonly embedding: Embedding;
  readonly positions: Embedding | RotaryPositions;
  readonly dropout: Dropout;
  readonly blocks: GptBlock[];
  readonly norm: LayerNorm | RMSNorm;
  readonly head: Linear;

  constructor(options: GptOptions) {
    super();
    this.config = parseConfig('Gpt', gptConfigSchema, options);
    const { vocabSize, width, tied } = this.config;
    const initialize = normalInitializer(this.config.initialDeviation);
    this.embedding = new Embedding(vocabSize, width, { initialize });
    this.positions = newPositions(this.config, initialize);
    this.dropout = new Dropout(this.config.dropout);
    this.blocks = Array.from({ length: this.config.layers }, () => new GptBlock(this.config));
    this.norm = newNorm(this.config);
    this.head = new Linear(width, vocabSize, {
      bias: false,
      initialize,
      ...(tied && { weight: this.embedding.weight }),
    });
  }

  forward(ids: Tensor, context: ForwardContext = { training: this.training }): Tensor {
    const { B, T } = dims(ids, 'B T', {}, 'Gpt.forward');
    const state = stateOf(context, B);
    const past = state?.length ?? 0;
    this.expectRoom(past + T);
    const placement = state?.place(T);
    const placed = placement === undefined ? context : { positions: placement.positions, ...context };
    const shared = this.attentionContext(ids, past, placed, placement?.mask);
    let x = this.embed(ids, past, placed); // B T C
    for (const [i, block] of this.blocks.entries()) x = block.forward(x, layerContext(shared, context, state, i));
    return this.head.forward(this.norm.forward(x)); // B T V
  }

  newState(batch: number): GptState {
    return new GptState(batch, this.blocks.length);
  }

  private embed(ids: Tensor, past: number, { positions, training }: ForwardContext): Tensor {
    const tokens = this.embedding.forward(ids); // B T C
    if (this.positions instanceof RotaryPositions) return this.dropout.forward(tokens, training);
    const places = positions ?? arange(past, past + (ids.shape[1] ?? 0), 1, { dtype: 'int64', device: ids.device });
    return this.dropout.forward(tokens.add(this.positions.forward(places)), training);
  }

  private attentionContext(ids: Tensor, past: number, context: ForwardContext, mask?: Tensor): AttentionContext {
    const T = ids.shape[1] ?? 0;
    const rotation =
      this.positions instanceof RotaryPositions ? this.positions.at(past, T, context.positions) : undefined;
    return { training: context.training, rotation, mask: mask ?? maskFor(ids, past, context) };
  }

  private expectRoom(length: number): void {
    const { contextLength } = this.config;
    if (length <= contextLength) return;
    const fix = 'Cut the input, or build the model with a larger contextLength.';
    raise('PAL_SHAPE', {
      where: 'Gpt.forward',
      expected: `at most contextLength = ${contextLength} tokens, those in the state included`,
      received: String(length),
      fix,
    });
  }
}

/** One block: x ← x + attention(norm(x)), x ← x + mlp(norm(x)). */
export class GptBlock extends Module {
  readonly attentionNorm: LayerNorm | RMSNorm;
  readonly attention: CausalSelfAttention;
  readonly mlpNorm: LayerNorm | RMSNorm;
  readonly mlp: Mlp;
  readonly dropout: Dropout;

  constructor(config: GptConfig) {
    super();
    const { width, heads, kvHeads = heads, bias, dropout, initialDeviation, layers } = config;
    const initialize = normalInitializer(initialDeviation);
    // 2·layers branches add up in the residual stream.
    const initializeOutput = normalInitializer(initialDeviation / Math.sqrt(2 * layers));
    this.attentionNorm = newNorm(config);
    this.attention = new CausalSelfAttention({ width, heads, kvHeads, bias, dropout, initialize, initializeOutput });
    this.mlpNorm = newNorm(config);
    this.mlp = newMlp(config, { width, hiddenWidth: hiddenWidth(config), bias, initialize, initializeOutput });
    this.dropout = new Dropout(dropout);
  }

  /**
   * Reads and writes the residual stream.
   * @param x - `[B, T, C]`
   * @returns `[B, T, C]`
   */
  forward(x: Tensor, context: AttentionContext): Tensor {
    const mixed = this.attention.forward(this.attentionNorm.forward(x), context);
    const y = x.add(this.dropout.forward(mixed, context.training));
    return y.add(this.dropout.forward(this.mlp.forward(this.mlpNorm.forward(y)), context.training));
  }
}

function newPositions({ positions, contextLength, width, heads }: GptConfig, initialize: Initializer) {
  if (positions.type === 'learned') return new Embedding(contextLength, width, { initialize });
  return new RotaryPositions(width / heads, contextLength, positions.base);
}

function newNorm({ norm, width, bias }: GptConfig): LayerNorm | RMSNorm {
  return norm.type === 'rms' ? new RMSNorm(width, norm) : new LayerNorm(width, { eps: norm.eps, bias });
}

function newMlp({ mlp }: GptConfig, options: MlpOptions): Mlp {
  const classes = { swiglu: SwigluMlp, gelu: GeluMlp, relu2: ReluSquaredMlp };
  return new classes[mlp.type](options);
}

function hiddenWidth({ mlp, width }: GptConfig): number {
  if (mlp.hiddenWidth !== undefined) return mlp.hiddenWidth;
  return mlp.type === 'swiglu' ? 8 * Math.ceil(width / 3) : 4 * width;
}

function stateOf({ state }: ForwardContext, batch: number): GptState | undefined {
  if (state === undefined) return undefined;
  const where = 'Gpt.forward';
  if (!(state instanceof GptState)) {
    raise('PAL_ARGUMENT', { where, expected: 'a state of newState()', received: state.constructor.name });
  }
  if (state.batch === batch) return state;
  raise('PAL_SHAPE', { where, expected: `a batch of ${state.batch}, as the state`, received: String(batch) });
}

/** The mask where plain causality doesn't do: several queries after earlier tokens, or packed documents. */
function maskFor(ids: Tensor, past: number, { documents }: ForwardContext): Tensor | undefined {
  const { B, T } = dims(ids, 'B T');
  if (documents === undefined) return past === 0 || T === 1 ? undefined : causalMask(T, past + T, ids.device);
  dims(documents, 'B T', { B, T }, 'Gpt.forward documents');
  if (past === 0) return documentMask(documents);
  raise('PAL_UNSUPPORTED', { where: 'Gpt.forward', expected: 'documents without a state', received: 'both' });
}

function layerContext(
  shared: AttentionContext,
  { recorder }: ForwardContext,
  state: GptState | undefined,
  layer: number,
): AttentionContext {
  const cache: KeyValueCache | undefined = state?.layers[layer];
  if (recorder === undefined) return { ...shared, cache };
  return { ...shared, cache, record: (weights) => recorder.record(`blocks.${layer}.attention`, weights) };
}
