import { checkOptions, parseConfig, raise } from '../../core/index.js';
import { Dropout, Embedding, LayerNorm, Linear, RotaryPositions, documentMask } from '../../nn/index.js';
import type { AttentionContext, TokenLossTerms } from '../../nn/index.js';
import { arange, cat, dims, scope, zeros } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { GptBlock, resolveDropout } from '../gpt/gpt-block.js';
import { resolveInitializers } from '../gpt/gpt-initializers.js';
import { createPositions } from '../gpt/gpt-positions.js';
import type { GptPositions } from '../gpt/gpt-positions.js';
import { LanguageModel, forwardContextKeys } from '../interface/language-model.js';
import type { ForwardContext, StateTraits } from '../interface/language-model.js';
import type { LossOutput } from '../interface/loss-output.js';
import { createBackboneConfig, infinitoConfigSchema } from './infinito-config.js';
import type { InfinitoConfig, InfinitoOptions } from './infinito-config.js';
import { InfinitoState, expectInfinitoState } from './infinito-state.js';
import type { StateTensors } from './infinito-state.js';
import { cutAtSegments, cutForReplays } from './pieces.js';
import type { Piece } from './pieces.js';
import { SegmentCache } from './segment-cache.js';

/** A piece as the blocks see it. */
interface PlacedPiece extends Piece {
  /** `[B, n]`, int64, where positions differ by row or only tensors know them. */
  positions: Tensor | undefined;
  /** `[B, n]`, int64: where the tokens stand in segments that were begun before. */
  places?: Tensor;
  /** `[B, 1, n, S]`, where earlier tokens of the segment or documents are to be told apart. */
  mask: Tensor | undefined;
  documents?: Tensor | undefined;
}

/**
 * A causal decoder that reads a stream by segments: attention sees the open segment alone.
 * @see Dai et al. 2019, https://arxiv.org/abs/1901.02860, for streams read by segments
 * @example const model = new Infinito({ vocabSize: 10_004, ...infinitoPresets.tiny });
 */
export class Infinito extends LanguageModel {
  readonly kind = 'infinito';
  readonly config: InfinitoConfig;
  readonly embedding: Embedding;
  readonly positions: GptPositions;
  readonly dropout: Dropout;
  readonly blocks: GptBlock[];
  readonly norm: LayerNorm;
  readonly head: Linear;

  constructor(options: InfinitoOptions) {
    super();
    this.config = parseConfig('Infinito', infinitoConfigSchema, options);
    const { vocabSize, width, tied } = this.config;
    const backbone = createBackboneConfig(this.config);
    const { embedding: initialize } = resolveInitializers(backbone);
    this.embedding = new Embedding(vocabSize, width, { initialize });
    this.positions = createPositions(backbone, initialize);
    this.dropout = new Dropout(resolveDropout(backbone).embedding);
    this.blocks = Array.from({ length: backbone.layers }, (_, layer) => new GptBlock(backbone, layer));
    this.norm = new LayerNorm(width);
    const weight = tied ? { weight: this.embedding.weight } : {};
    this.head = new Linear(width, vocabSize, { bias: false, initialize, role: { kind: 'head' }, ...weight });
  }

  override get stateTraits(): StateTraits {
    return { recurrent: true, replayable: true };
  }

  /**
   * The state before the first token, on the device of the weights.
   * @param batch - B, a positive integer
   * @returns keys and values of the open segment, `[B, H, S, D]` a layer, and where each row stands, `[B]`
   * @throws ArgumentError when `batch` is no positive integer
   */
  newState(batch: number): InfinitoState {
    return new InfinitoState(batch, (rows) => this.createStateTensors(rows));
  }

  forward(ids: Tensor, context: ForwardContext = { training: this.training }): Tensor {
    checkOptions('LanguageModel.forward', context, forwardContextKeys);
    return this.head.forward(this.computeFeatures(ids, context)); // B T V
  }

  /** Logits are never held as a whole. */
  override loss(
    ids: Tensor,
    targets: Tensor,
    context: ForwardContext = { training: this.training },
    terms: TokenLossTerms = {},
  ): LossOutput {
    checkOptions('LanguageModel.loss', context, forwardContextKeys);
    checkOptions('LanguageModel.loss', terms, { ignoreIndex: true, labelSmoothing: true, zLoss: true });
    return this.head.lossWith(this.computeFeatures(ids, context), targets, terms);
  }

  /** What the head reads, `[B, T, C]`. */
  private computeFeatures(ids: Tensor, context: ForwardContext): Tensor {
    const { B, T } = dims(ids, 'B T', {}, 'Infinito.forward');
    const { segmentLength } = this.config;
    const state = expectInfinitoState(context.state, B);
    if (context.documents !== undefined) expectPackable(context, T, segmentLength);
    const lengths = state?.lengths ?? [0];
    const cut = state?.reserved === true ? cutForReplays : cutAtSegments;
    // A recorder's tensors belong to the caller's scope.
    const within = context.recorder === undefined ? scope : <R>(fn: () => R): R => fn();
    const parts = cut(lengths, T, segmentLength).map((piece) =>
      within(() => this.readPiece(ids, piece, context, state)),
    );
    state?.replayed(T);
    return parts.length === 1 ? parts[0]! : cat(parts, 1);
  }

  /** Reads tokens that lie in one segment, `[B, n, C]`, and moves the state on. */
  private readPiece(ids: Tensor, piece: Piece, context: ForwardContext, state: InfinitoState | undefined): Tensor {
    const placed = this.placePiece(ids, piece, context, state);
    const attention = this.createAttentionContext(placed, context);
    const within = context.recorder === undefined ? scope : <R>(fn: () => R): R => fn();
    const start = this.embed(ids.narrow(1, piece.from, piece.length), placed, context); // B n C
    const x = this.blocks.reduce((hidden, block, layer) => {
      const cache = createCache(state, placed, layer, this.config.segmentLength);
      const own = { ...attention, cache, ...createRecord(context, layer) };
      return within(() => block.forward({ x: hidden }, own).x);
    }, start);
    const position = state?.open().position;
    if (position !== undefined) state!.commit({ position: position.add(piece.length) });
    return this.norm.forward(x);
  }

  private placePiece(
    ids: Tensor,
    piece: Piece,
    { positions, documents }: ForwardContext,
    state: InfinitoState | undefined,
  ): PlacedPiece {
    const { from, length, offset } = piece;
    const given = positions?.narrow(1, from, length).remainder(this.config.segmentLength);
    if (documents !== undefined) {
      const mask = documentMask(documents);
      return { ...piece, positions: given ?? countInDocument(mask), mask, documents };
    }
    if (state === undefined || offset === 0) return { ...piece, positions: given, mask: undefined };
    const { device } = ids;
    const steps = arange(length, { dtype: 'int64', device });
    const places = state.open().position!.remainder(this.config.segmentLength).unsqueeze(1).add(steps); // B n
    const keys = arange(this.config.segmentLength, { dtype: 'int64', device }); // S
    return { ...piece, positions: given ?? places, places, mask: keys.le(places.unsqueeze(-1)).unsqueeze(1) };
  }

  /** Token vectors, with those of their positions where they are added, `[B, n, C]`. */
  private embed(ids: Tensor, { positions, offset = 0, length }: PlacedPiece, { training }: ForwardContext): Tensor {
    const tokens = this.embedding.forward(ids); // B n C
    if (this.positions instanceof RotaryPositions) return this.dropout.forward(tokens, training);
    const places = positions ?? arange(offset, offset + length, 1, { dtype: 'int64', device: ids.device });
    return this.dropout.forward(tokens.add(this.positions.forward(places)), training);
  }

  private createAttentionContext(placed: PlacedPiece, { training }: ForwardContext): AttentionContext {
    const { offset = 0, length, positions, mask, documents } = placed;
    const rotary = this.positions instanceof RotaryPositions ? this.positions.at(offset, length, positions) : undefined;
    return { training, rotary, mask, documents };
  }

  private createStateTensors(batch: number): StateTensors {
    const { device, dtype } = this;
    const { segmentLength, heads, width } = this.config;
    const shape = [batch, heads, segmentLength, width / heads];
    const caches = this.blocks.flatMap((_, layer) =>
      ['keys', 'values'].map((name) => [`layers.${layer}.${name}`, zeros(shape, { dtype, device })] as const),
    );
    return { position: zeros([batch], { dtype: 'int64', device }), ...Object.fromEntries(caches) };
  }
}

/** Positions in their documents, `[B, T]`, int64, from the mask of what each token sees, `[B, 1, T, T]`. */
function countInDocument(mask: Tensor): Tensor {
  return mask.squeeze(1).to('int64').sum(-1).sub(1);
}

/** Packed documents are read within a segment, each from the start of one. */
function expectPackable({ state }: ForwardContext, T: number, segmentLength: number): void {
  if (state === undefined && T <= segmentLength) return;
  raise('PAL_UNSUPPORTED', {
    where: 'Infinito.forward',
    expected: `documents without a state, in rows of at most segmentLength = ${segmentLength} tokens`,
    received: state === undefined ? `rows of ${T}` : 'documents and a state',
  });
}

function createCache(
  state: InfinitoState | undefined,
  { length, places }: PlacedPiece,
  layer: number,
  segmentLength: number,
): SegmentCache | undefined {
  // Of a whole segment nothing is read again.
  if (state === undefined || length === segmentLength) return undefined;
  const held = state.open();
  const buffers = { keys: held[`layers.${layer}.keys`]!, values: held[`layers.${layer}.values`]! };
  return new SegmentCache(buffers, places);
}

function createRecord({ recorder }: ForwardContext, layer: number): Pick<AttentionContext, 'record'> {
  return recorder === undefined ? {} : { record: (weights) => recorder.record(`blocks.${layer}.attention`, weights) };
}
