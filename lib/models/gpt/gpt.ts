import { parseConfig, raise } from '../../core/index.js';
import {
  Dropout,
  Embedding,
  Linear,
  RotaryPositions,
  causalMask,
  documentMask,
  parameter,
  sumSquaredLogPartitions,
  sumTokenLoss,
} from '../../nn/index.js';
import type { AttentionContext, KeyValueCache, LayerNorm, RMSNorm, TokenLossTerms } from '../../nn/index.js';
import { arange, dims, tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { GptBlock, resolveDropout, createHiddenStates, createNorm } from './gpt-block.js';
import type { GptHiddenStates } from './gpt-block.js';
import { gptConfigSchema } from './gpt-config.js';
import { resolveInitializers } from './gpt-initializers.js';
import { createPositions } from './gpt-positions.js';
import type { GptPositions } from './gpt-positions.js';
import type { GptConfig, GptOptions } from './gpt-config.js';
import { GptState } from './gpt-state.js';
import type { ForwardContext, StateTraits } from '../interface/language-model.js';
import type { LossOutput } from '../interface/loss-output.js';
import { SegmentedLanguageModel } from '../interface/segmented-model.js';
import type { SegmentedForward } from '../interface/segmented-model.js';

/** Logits before and behind the cap, `[B, T, V]`. */
export interface GptLogits {
  logits: Tensor;
  capped: Tensor;
}

/**
 * A decoder of pre-norm transformer blocks.
 * @see Radford et al. 2019 (GPT-2); Touvron et al. 2023, https://arxiv.org/abs/2302.13971, for the default parts
 * @example const model = new Gpt({ vocabSize: 65, width: 128, layers: 4, heads: 4 });
 */
export class Gpt extends SegmentedLanguageModel<GptHiddenStates> {
  readonly kind = 'gpt';
  readonly config: GptConfig;
  readonly embedding: Embedding;
  readonly positions: GptPositions;
  readonly dropout: Dropout;
  readonly blocks: GptBlock[];
  readonly norm: LayerNorm | RMSNorm;
  readonly head: Linear;
  /** The factor of all logits, `[]`, initially 1. */
  headScale: Tensor | undefined;
  /** The factor of token vectors. */
  private readonly embeddingScale: number;

  constructor(options: GptOptions) {
    super();
    this.config = parseConfig('Gpt', gptConfigSchema, options);
    const { vocabSize, width, tied, embeddingScale = 1, headScale = false, paddingToken } = this.config;
    const { embedding: initialize } = resolveInitializers(this.config);
    this.embedding = new Embedding(vocabSize, width, { initialize, paddingIndex: paddingToken });
    this.embeddingScale = embeddingScale === 'sqrtWidth' ? Math.sqrt(width) : embeddingScale;
    this.positions = createPositions(this.config, initialize);
    this.dropout = new Dropout(resolveDropout(this.config).embedding);
    this.blocks = Array.from({ length: this.config.layers }, (_, layer) => new GptBlock(this.config, layer));
    this.norm = createNorm(this.config);
    this.head = new Linear(width, vocabSize, {
      bias: false,
      initialize,
      paddingIndex: paddingToken,
      role: { kind: 'head' },
      ...(tied && { weight: this.embedding.weight }),
    });
    this.headScale = headScale ? parameter(tensor(1), { kind: 'scalar' }) : undefined;
  }

  override get stateTraits(): StateTraits {
    return { recurrent: false, replayable: true };
  }

  /**
   * The state before the first token: an empty cache a layer.
   * @param batch - B, a positive integer
   * @returns keys and values of `[B, K, S, D]` a layer, held from the first token on
   * @throws ArgumentError when `batch` is no positive integer
   */
  newState(batch: number): GptState {
    return new GptState(batch, this.blocks.length);
  }

  /**
   * One segment a block.
   * @param ids - `[B, T]`, int64
   * @param context - the other inputs of the pass
   * @param short - not with a state, as blocks will be computed twice (default false)
   * @returns segments whose end gives features `[B, T, C]`
   * @throws ShapeError when the state and T exceed the context length
   */
  protected segment(ids: Tensor, context: ForwardContext, short = false): SegmentedForward<GptHiddenStates> {
    const { B, T } = dims(ids, 'B T', {}, 'Gpt.forward');
    const state = expectState(context, B);
    if (short && state !== undefined) throwStateWithCheckpointing();
    const past = state?.length ?? 0;
    this.expectWithinContext(past + T);
    // A state of fixed capacity, or of rows that differ in length, places the tokens by tensors.
    const placement = state?.place(T);
    const placed = placement === undefined ? context : { positions: placement.positions, ...context };
    const shared = this.createAttentionContext(ids, past, placed, placement?.mask);
    return {
      start: () => createHiddenStates(this.embed(ids, past, placed), this.config),
      segments: this.blocks.map(
        (block, layer) => (hidden) => block.forward(hidden, createLayerContext(shared, context, state, layer)),
      ),
      end: ({ x }) => this.norm.forward(x),
    };
  }

  protected logits(features: Tensor): Tensor {
    return this.capLogits(this.head.forward(this.scaleFeatures(features))); // B T V
  }

  /** Without a cap on the logits they are never held as a whole. */
  protected override featureLoss(features: Tensor, targets: Tensor, terms: TokenLossTerms): LossOutput {
    if (this.config.logitSoftCap === undefined) return this.head.lossWith(this.scaleFeatures(features), targets, terms);
    return this.logitLoss(this.readLogits(features), targets, terms);
  }

  /**
   * The logits before and behind the cap.
   * @param features - `[B, T, C]`, floating
   * @returns both `[B, T, V]`, the same where there is no cap
   */
  protected readLogits(features: Tensor): GptLogits {
    const logits = this.head.forward(this.scaleFeatures(features)); // B T V
    return { logits, capped: this.capLogits(logits) };
  }

  /**
   * The loss of logits.
   * @param given - before and behind the cap, `[B, T, V]`
   * @param targets - `[B, T]`, int64
   * @param terms - of the loss
   * @returns the sum over the positions that count, and their number, scalars `[]`
   */
  protected logitLoss({ logits, capped }: GptLogits, targets: Tensor, terms: TokenLossTerms): LossOutput {
    const { zLoss = 0, ...others } = terms;
    if (zLoss === 0 || this.config.zLossLogits !== 'uncapped') return sumTokenLoss(capped, targets, terms);
    const loss = sumTokenLoss(capped, targets, others);
    const squares = sumSquaredLogPartitions(logits, targets, terms.ignoreIndex);
    return { ...loss, lossSum: loss.lossSum.add(squares.mul(zLoss)) };
  }

  private capLogits(logits: Tensor): Tensor {
    const { logitSoftCap } = this.config;
    return logitSoftCap === undefined ? logits : logits.div(logitSoftCap).tanh().mul(logitSoftCap);
  }

  private scaleFeatures(features: Tensor): Tensor {
    return this.headScale === undefined ? features : features.mul(this.headScale);
  }

  /** Token vectors, with those of the positions where they are added, `[B, T, C]`. */
  private embed(ids: Tensor, past: number, { positions, training }: ForwardContext): Tensor {
    const vectors = this.embedding.forward(ids); // B T C
    const tokens = this.embeddingScale === 1 ? vectors : vectors.mul(this.embeddingScale);
    if (this.positions instanceof RotaryPositions) return this.dropout.forward(tokens, training);
    const places = positions ?? arange(past, past + (ids.shape[1] ?? 0), 1, { dtype: 'int64', device: ids.device });
    return this.dropout.forward(tokens.add(this.positions.forward(places)), training);
  }

  private createAttentionContext(ids: Tensor, past: number, context: ForwardContext, mask?: Tensor): AttentionContext {
    const T = ids.shape[1] ?? 0;
    const rotary =
      this.positions instanceof RotaryPositions ? this.positions.at(past, T, context.positions) : undefined;
    // A mask that is handed in says more than which documents there are.
    const documents = mask === undefined ? context.documents : undefined;
    return { training: context.training, rotary, mask: mask ?? buildMask(ids, past, context), documents };
  }

  private expectWithinContext(length: number): void {
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

function throwStateWithCheckpointing(): never {
  raise('PAL_UNSUPPORTED', { where: 'Gpt.forward', expected: 'checkpointing without a state', received: 'both' });
}

function expectState({ state }: ForwardContext, batch: number): GptState | undefined {
  if (state === undefined) return undefined;
  const where = 'Gpt.forward';
  if (!(state instanceof GptState)) {
    raise('PAL_ARGUMENT', { where, expected: 'a state of newState()', received: state.constructor.name });
  }
  if (state.batch === batch) return state;
  raise('PAL_SHAPE', { where, expected: `a batch of ${state.batch}, as the state`, received: String(batch) });
}

/** The mask where plain causality doesn't do: several queries after earlier tokens, or packed documents. */
function buildMask(ids: Tensor, past: number, { documents }: ForwardContext): Tensor | undefined {
  const { B, T } = dims(ids, 'B T');
  if (documents === undefined) return past === 0 || T === 1 ? undefined : causalMask(T, past + T, ids.device);
  dims(documents, 'B T', { B, T }, 'Gpt.forward documents');
  if (past === 0) return documentMask(documents);
  raise('PAL_UNSUPPORTED', { where: 'Gpt.forward', expected: 'documents without a state', received: 'both' });
}

function createLayerContext(
  shared: AttentionContext,
  { recorder }: ForwardContext,
  state: GptState | undefined,
  layer: number,
): AttentionContext {
  const cache: KeyValueCache | undefined = state?.layers[layer];
  if (recorder === undefined) return { ...shared, cache };
  return { ...shared, cache, record: (weights) => recorder.record(`blocks.${layer}.attention`, weights) };
}
