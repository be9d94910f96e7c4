import { parseConfig, raise } from '../../core/index.js';
import { Dropout, Embedding, LayerNorm, Linear, RotaryPositions, documentMask } from '../../nn/index.js';
import type { AttentionContext, TokenLossTerms } from '../../nn/index.js';
import { arange, cat, dims, isGradEnabled, scope, zeros } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { GptConfig } from '../gpt/gpt-config.js';
import { GptBlock, resolveDropout } from '../gpt/gpt-block.js';
import { resolveInitializers } from '../gpt/gpt-initializers.js';
import { createPositions } from '../gpt/gpt-positions.js';
import type { GptPositions } from '../gpt/gpt-positions.js';
import type { ForwardContext, StateTraits } from '../interface/language-model.js';
import type { LossOutput, PositionReport } from '../interface/loss-output.js';
import { SegmentedLanguageModel } from '../interface/segmented-model.js';
import type { SegmentedForward } from '../interface/segmented-model.js';
import { ExplorationNoise } from './exploration-noise.js';
import { listFigures, listMemory, nameFigures, readStatistics } from './hidden-states.js';
import type { InfinitoHiddenStates } from './hidden-states.js';
import { createBackboneConfig, infinitoConfigSchema } from './infinito-config.js';
import type { InfinitoConfig, InfinitoOptions } from './infinito-config.js';
import { InfinitoState, expectInfinitoState } from './infinito-state.js';
import type { StateTensors } from './infinito-state.js';
import { refuseLegacy } from './legacy-shapes.js';
import { locatePiece } from './memory/memory-piece.js';
import type { PieceLocation, ReadPiece } from './memory/memory-piece.js';
import { createCounters, flattenMemory, collectMemory } from './memory/memory-state.js';
import { PhiMemory } from './memory/phi-memory.js';
import { cutAtSegments, cutForReplays } from './pieces.js';
import type { Piece } from './pieces.js';
import { SegmentCache } from './segment-cache.js';

/** A piece as the blocks see it. */
interface PlacedPiece extends PieceLocation {
  /** `[B, n]`, int64, where positions differ by row or only tensors know them. */
  positions: Tensor | undefined;
  /** `[B, 1, n, S]`, where earlier tokens of the segment or documents are to be told apart. */
  mask: Tensor | undefined;
}

/** The inputs of a pass. */
interface PassInputs {
  ids: Tensor;
  context: ForwardContext;
  state: InfinitoState | undefined;
}

/**
 * A causal decoder that reads a stream by segments: attention sees the open segment alone.
 * @see Dai et al. 2019, https://arxiv.org/abs/1901.02860, for streams read by segments
 * @example const model = new Infinito({ vocabSize: 10_004, ...infinitoPresets.tiny });
 */
export class Infinito extends SegmentedLanguageModel<InfinitoHiddenStates> {
  readonly kind = 'infinito';
  readonly config: InfinitoConfig;
  readonly embedding: Embedding;
  readonly positions: GptPositions;
  readonly dropout: Dropout;
  readonly blocks: GptBlock[];
  private readonly memory: PhiMemory | undefined;
  readonly norm: LayerNorm;
  readonly head: Linear;
  private readonly noise: ExplorationNoise | undefined;

  constructor(options: InfinitoOptions) {
    super();
    refuseLegacy(options);
    this.config = parseConfig('Infinito', infinitoConfigSchema, options);
    const { vocabSize, width, tied } = this.config;
    const backbone = createBackboneConfig(this.config);
    const { embedding: initialize } = resolveInitializers(backbone);
    this.embedding = new Embedding(vocabSize, width, { initialize });
    this.positions = createPositions(backbone, initialize);
    this.dropout = new Dropout(resolveDropout(backbone).embedding);
    this.blocks = Array.from({ length: backbone.layers }, (_, layer) => new GptBlock(backbone, layer));
    this.memory = createMemory(this.config, backbone);
    this.norm = new LayerNorm(width);
    const weight = tied ? { weight: this.embedding.weight } : {};
    this.head = new Linear(width, vocabSize, { bias: false, initialize, role: { kind: 'head' }, ...weight });
    // Last, so that models with and without it start from the same weights.
    const { noise } = this.config;
    this.noise = noise.type === 'none' ? undefined : new ExplorationNoise(noise);
  }

  override get stateTraits(): StateTraits {
    return { recurrent: true, replayable: true };
  }

  /** Blocks before the memory; 0 without one. */
  private get memoryLayer(): number {
    const { memory, layers } = this.config;
    return memory.type === 'slots' ? (memory.layer ?? Math.ceil(layers / 2)) : 0;
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

  /**
   * One segment of the pass for every piece that lies in one segment of the stream.
   * @param ids - `[B, T]`, int64
   * @param context - the other inputs of the pass
   * @param short - pieces will be computed twice (default false)
   * @returns segments whose end gives features `[B, T, C]`
   * @throws PalabraError of code PAL_UNSUPPORTED for packed documents beyond a segment, or pieces of open segments that are
   *   to be computed twice
   */
  protected segment(ids: Tensor, context: ForwardContext, short = false): SegmentedForward<InfinitoHiddenStates> {
    const { B, T } = dims(ids, 'B T', {}, 'Infinito.forward');
    const { segmentLength } = this.config;
    const state = expectInfinitoState(context.state, B);
    if (context.documents !== undefined) expectPackable(context, T, segmentLength);
    const cut = state?.reserved === true ? cutForReplays : cutAtSegments;
    const pieces = cut(state?.lengths ?? [0], T, segmentLength);
    if (short && state !== undefined) expectWholeSegments(pieces, segmentLength);
    const read = { ids, context, state };
    return {
      start: () => ({ ...this.openMemory(B, state), ...(context.training && this.copyCounts()) }),
      segments: pieces.map((piece, i) => {
        // What no later piece reads is not merged.
        const ends = state === undefined && i === pieces.length - 1 ? 'none' : piece.ends;
        return (hidden) => this.readPiece(read, { ...piece, ends }, hidden);
      }),
      end: (hidden) => this.closePass(hidden, pieces, read),
      report: (hidden) => (context.training ? this.report(hidden, pieces) : undefined),
    };
  }

  protected logits(features: Tensor): Tensor {
    return this.head.forward(features); // B T V
  }

  /** Logits are never held as a whole. */
  protected override featureLoss(features: Tensor, targets: Tensor, terms: TokenLossTerms): LossOutput {
    return this.head.lossWith(features, targets, terms);
  }

  /** What the pieces go on from: the memory, and where rows stand. */
  private openMemory(batch: number, state: InfinitoState | undefined): InfinitoHiddenStates {
    const held = state?.open();
    // What a gradient may go back through must not change under it.
    const copy = (part: Tensor): Tensor => (isGradEnabled() ? part.clone() : part);
    const memory =
      held === undefined || this.memory === undefined
        ? flattenMemory(createCounters(batch, this.device))
        : Object.fromEntries(listMemory(held).map(([name, part]) => [name, copy(part)]));
    return { ...memory, ...(held && { position: held.position!.clone() }) };
  }

  /** What moves at the end of a pass in training, as it was before: pieces may be computed once more after it. */
  private copyCounts(): InfinitoHiddenStates {
    const { memory, noise } = this;
    return {
      ...(memory && { 'seen.mean': memory.phiMean.clone(), 'seen.variance': memory.phiVariance.clone() }),
      ...(noise && { 'seen.passes': noise.passes.clone() }),
    };
  }

  /** Hands on to the state what a pass has left; gives what the head reads, `[B, T, C]`. */
  private closePass(hidden: InfinitoHiddenStates, pieces: readonly Piece[], { context, state }: PassInputs): Tensor {
    if (context.training) this.countPass(hidden, pieces);
    const { position } = hidden;
    const memory = this.memory === undefined ? {} : Object.fromEntries(listMemory(hidden));
    state?.commit({ ...memory, position: position! });
    state?.replayed(pieces.reduce((sum, { length }) => sum + length, 0));
    const parts = pieces.map(({ from }) => hidden[`features.${from}`]!);
    return parts.length === 1 ? parts[0]! : cat(parts, 1);
  }

  /** Moves what a training pass moves beside the gradients. */
  private countPass(hidden: InfinitoHiddenStates, pieces: readonly Piece[]): void {
    this.memory?.countPhi(listFigures(hidden, pieces));
    this.noise?.count();
  }

  private report(hidden: InfinitoHiddenStates, pieces: readonly Piece[]): PositionReport {
    const told = listFigures(hidden, pieces);
    const { metrics, auxiliary } = told.length === 0 ? {} : this.memory!.report(told);
    const noise = this.noise && { noise: this.noise.readScale().detach() };
    return { ...((metrics ?? noise) && { metrics: { ...metrics, ...noise } }), ...(auxiliary && { auxiliary }) };
  }

  /** Reads tokens that lie in one segment, and moves keys and positions of the state on. */
  private readPiece(pass: PassInputs, piece: Piece, hidden: InfinitoHiddenStates): InfinitoHiddenStates {
    const { ids, context, state } = pass;
    const placed = this.placePiece(ids, piece, context, hidden.position);
    const shared = this.createAttentionContext(placed, context);
    const attention: Tensor[] = [];
    const embedded = this.embed(ids.narrow(1, piece.from, piece.length), placed, context); // B n C
    let [x, remembered]: [Tensor, Record<string, Tensor>] = [embedded, {}];
    for (const [layer, block] of this.blocks.entries()) {
      const cache = createCache(state, placed, layer, this.config.segmentLength);
      const isBefore = layer < this.memoryLayer;
      const read = keepTensorsFor(context, () => {
        const weights: Tensor[] = [];
        const record = this.createRecord(context, layer, isBefore ? weights : undefined);
        const y = block.forward({ x }, { ...shared, cache, ...record }).x;
        context.recorder?.record(`blocks.${layer}.states`, y);
        return { x: this.explore(y, piece, layer, hidden), weights };
      });
      x = read.x;
      attention.push(...read.weights);
      if (layer + 1 === this.memoryLayer) {
        const inputs = { attention, ...(context.training && { embedded, statistics: readStatistics(hidden) }) };
        ({ x, remembered } = keepTensorsFor(context, () => this.useMemory(x, placed, inputs, hidden)));
      }
    }
    const position = hidden.position && { position: hidden.position.add(piece.length) };
    return { ...hidden, ...remembered, ...position, [`features.${piece.from}`]: this.norm.forward(x) };
  }

  /** Noise after a block, in training. */
  private explore(x: Tensor, { from }: Piece, layer: number, hidden: InfinitoHiddenStates): Tensor {
    const passes = hidden['seen.passes'];
    if (this.noise === undefined || passes === undefined) return x;
    return this.noise.forward(x, from * this.blocks.length + layer, passes);
  }

  /** Reads and writes the memory. */
  private useMemory(
    x: Tensor,
    placed: PlacedPiece,
    read: ReadPiece,
    hidden: InfinitoHiddenStates,
  ): { x: Tensor; remembered: Record<string, Tensor> } {
    const { segmentLength } = this.config;
    const piece = locatePiece(placed, { segmentLength, chunkLength: this.memory!.config.chunkLength }, read);
    if (piece === undefined) return { x, remembered: {} };
    const { x: y, after, told } = this.memory!.forward(x, piece, collectMemory(hidden));
    return { x: y, remembered: { ...flattenMemory(after), ...nameFigures(told, placed.from) } };
  }

  private placePiece(
    ids: Tensor,
    piece: Piece,
    { positions, documents }: ForwardContext,
    position: Tensor | undefined,
  ): PlacedPiece {
    const { from, length, offset } = piece;
    const { segmentLength } = this.config;
    const { device } = ids;
    const given = positions?.narrow(1, from, length).remainder(segmentLength);
    if (documents !== undefined) {
      const mask = documentMask(documents);
      const places = countInDocument(mask);
      return { ...piece, positions: given ?? places, places, mask, documents, position, device };
    }
    const plain = { ...piece, positions: given, places: undefined, mask: undefined, documents, position, device };
    if (position === undefined || offset === 0) return plain;
    const steps = arange(length, { dtype: 'int64', device });
    const places = position.remainder(segmentLength).unsqueeze(1).add(steps); // B n
    const keys = arange(segmentLength, { dtype: 'int64', device }); // S
    return { ...plain, positions: given ?? places, places, mask: keys.le(places.unsqueeze(-1)).unsqueeze(1) };
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
    const position = zeros([batch], { dtype: 'int64', device });
    return { position, ...Object.fromEntries(caches), ...this.memory?.createTensors(batch) };
  }

  /** What takes the weights of a layer's attention: the recorder of the context, and the memory. */
  private createRecord({ recorder }: ForwardContext, layer: number, into?: Tensor[]): Pick<AttentionContext, 'record'> {
    const isRead = into !== undefined && this.memory?.readsAttention === true;
    if (recorder === undefined && !isRead) return {};
    return {
      record: (weights) => {
        recorder?.record(`blocks.${layer}.attention`, weights);
        if (isRead) into.push(weights);
      },
    };
  }
}

function createMemory(config: InfinitoConfig, backbone: GptConfig): PhiMemory | undefined {
  const { memory, width, segmentLength, memoryBptt } = config;
  if (memory.type !== 'slots') return undefined;
  const { queryKey: initialize, output: initializeOutput } = resolveInitializers(backbone);
  return new PhiMemory(memory, { width, segmentLength, memoryBptt, initialize, initializeOutput });
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

/** Keys of an open segment are written over while its pass is computed a second time. */
function expectWholeSegments(pieces: readonly Piece[], segmentLength: number): void {
  const odd = pieces.find(({ length, offset }) => length !== segmentLength || offset !== 0);
  if (odd === undefined) return;
  raise('PAL_UNSUPPORTED', {
    where: 'Infinito.accumulateGradients',
    expected: `whole segments of ${segmentLength} tokens with checkpointing and a state`,
    received: `${odd.length} tokens at once`,
    fix: 'Train on streams in rows of a multiple of segmentLength, or without checkpointing.',
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

/** Frees what only `fn` needs, but for a recorder, whose tensors belong to the caller's scope. */
function keepTensorsFor<R>({ recorder }: ForwardContext, fn: () => R): R {
  return recorder === undefined ? scope(fn) : fn();
}
