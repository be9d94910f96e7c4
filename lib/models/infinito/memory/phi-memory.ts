import type { PositionReport } from '../../interface/loss-output.js';
import { Linear, Module, buffer, normalInitializer, parameter } from '../../../nn/index.js';
import type { Initializer } from '../../../nn/index.js';
import { cat, dims, full, isGradEnabled, noGrad, ones, tensor, zeros, zerosLike } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { createProjection } from '../prefix-metrics/participation.js';
import { PHI_WEIGHTS } from '../prefix-metrics/measure-phi.js';
import { combinePhi } from '../prefix-metrics/phi.js';
import { getStatisticsType } from '../prefix-metrics/prefix-place.js';
import { withoutAutocast } from '../prefix-metrics/without-autocast.js';
import { measureDocumentChunks, measureSegmentChunks } from './chunk-phi.js';
import type { ChunkLayout, MemoryPiece, PiecePlace } from './chunk-layout.js';
import { chooseEntries, chooseRows, joinEntries, makeEntries } from './entries.js';
import type { Entries } from './entries.js';
import type { SlotsConfig } from './memory-config.js';
import { GATE_ROLE, MemoryGate } from './memory-gate.js';
import { createMemoryState, flattenMemory } from './memory-state.js';
import type { MemoryState, OpenSegment } from './memory-state.js';
import { comparePhi, computeDeltaPhi, computeWeightEntropy } from './delta-phi.js';
import type { PhiShortfall } from './delta-phi.js';
import { measureSlots, measureWork, nameComponents, summarizePieces } from './memory-figures.js';
import type { MemoryWork, PieceFigures } from './memory-figures.js';
import { movePhiStatistics } from './phi-statistics.js';
import { computeChanceNumbers, receiveAttention } from './rank-chunks.js';
import { detachOld, mergeMemory } from './merge-memory.js';
import { readMemory } from './read-memory.js';
import { pickOpenPool, computeChunkSummaries } from './write-chunks.js';

/** Sizes beside the settings of a memory. */
export interface MemoryOptions {
  width: number;
  segmentLength: number;
  /** Segments whose entries pass gradients on to where they were written. */
  memoryBptt: number;
  initialize: Initializer;
  initializeOutput: Initializer;
}

/** What a piece has made of a memory. */
interface WorkOfPiece extends Pick<MemoryWork, 'x' | 'share' | 'added'> {
  piece: MemoryPiece;
  written: Written;
}

/** What has become of the chunks of a table. */
interface Written extends OpenSegment {
  /** Components of phi, `[B, J, 4]`, of the chunks that end here. */
  components: Tensor | undefined;
}

/**
 * A memory of chunks: the tokens of each are pooled to one key and value; those of high priority stay when their segment
 * ends; every position reads a few, those of its own segment too once their chunk has ended.
 */
export class PhiMemory extends Module {
  /** u, `[1, C]`. */
  pooling: Tensor;
  readonly key: Linear;
  readonly value: Linear;
  readonly query: Linear;
  readonly output: Linear;
  readonly gate: MemoryGate;
  /** The score of reading nothing, `[]`. */
  nullScore: Tensor;
  /** The logit of θ, `[]`. */
  threshold: Tensor;
  /** The logit of β, `[]`; only where priority is phi. */
  phiShare: Tensor | undefined;
  /** γ before softplus, `[]`. */
  ageDecay: Tensor;
  /** Logits of the weights of phi, `[4]`; only where priority is phi. */
  phiLogits: Tensor | undefined;
  /** `[C, M]`. */
  projection: Tensor | undefined;
  /** Of phi in the training steps so far, `[]` each. */
  phiMean: Tensor;
  phiVariance: Tensor;
  phiUpdates: Tensor;

  constructor(
    readonly config: SlotsConfig,
    readonly options: MemoryOptions,
  ) {
    super();
    const { width, initialize, initializeOutput } = options;
    const { threshold, gate, priority } = config;
    this.pooling = parameter(normalInitializer(0.02)([1, width]), { kind: 'vector' });
    this.key = new Linear(width, width, { bias: false, initialize });
    this.value = new Linear(width, width, { bias: false, initialize });
    this.query = new Linear(width, width, { bias: false, initialize });
    this.output = new Linear(width, width, { bias: false, initialize: initializeOutput });
    this.gate = new MemoryGate(width, gate);
    this.nullScore = parameter(zeros([]), { kind: 'scalar' });
    this.threshold = parameter(full([], Math.log(threshold / (1 - threshold))), GATE_ROLE);
    this.ageDecay = parameter(full([], Math.log(Math.expm1(0.01))), { kind: 'scalar' });
    const isPhi = priority.type === 'phi';
    const logits = () => tensor(PHI_WEIGHTS.map(Math.log), { dtype: 'float32' });
    this.phiShare = isPhi ? parameter(full([], Math.log(0.3 / 0.7)), GATE_ROLE) : undefined;
    this.phiLogits = !isPhi
      ? undefined
      : priority.weights === 'learned'
        ? parameter(logits(), GATE_ROLE)
        : buffer(logits(), { persistent: false });
    this.projection = isPhi ? buffer(createProjection(width, Math.min(64, width)), { persistent: false }) : undefined;
    this.phiMean = buffer(full([], 0.5));
    this.phiVariance = buffer(full([], 0.01));
    this.phiUpdates = buffer(zeros([]));
  }

  /** Whether it must be given the attention of the blocks before. */
  get readsAttention(): boolean {
    return this.config.priority.type === 'phi';
  }

  /**
   * The tensors of a memory before the first token.
   * @param batch - B
   * @returns zeros by name, `[B, …]` each
   */
  createTensors(batch: number): Record<string, Tensor> {
    const { slots, chunkLength } = this.config;
    const { width, segmentLength } = this.options;
    const { device } = this;
    const sizes = { batch, slots, chunks: segmentLength / chunkLength, segmentLength, width, keyWidth: width, device };
    const dtype = getStatisticsType(this.pooling);
    return flattenMemory(createMemoryState({ ...sizes, projected: this.projection?.size(1), dtype }));
  }

  /**
   * Adds to each position what it reads, and writes the chunks that end.
   * @param x - `[B, n, C]`, floating
   * @param piece - where the tokens stand
   * @param before - what earlier pieces have left
   * @returns `[B, n, C]`, what the next piece goes on from, and how it was at work where the piece asks
   */
  forward(
    x: Tensor,
    piece: MemoryPiece,
    before: MemoryState,
  ): { x: Tensor; after: MemoryState; told: PieceFigures | undefined } {
    const written = this.write(x, piece, before.open);
    const entries = joinEntries(before.slots, written.chunks);
    const { values, weights } = this.read(x, piece, before.slots, entries);
    const read = this.output.forward(values.to(x.dtype));
    const [y, share, added] = withoutAutocast(x, () => {
      const type = getStatisticsType(x);
      const gate = this.gate.forward(x.to(type));
      const product = read.to(type).mul(gate);
      return [x.to(type).add(product).to(x.dtype), gate, product] as const;
    });
    const after = this.close(piece, ...this.countReads(before, written, weights));
    const told = piece.embedded && {
      ...this.tell({ x, piece, written, share, added }),
      ...measureSlots(before, after, this.config.slots),
    };
    return { x: y, after, told };
  }

  /** How the memory was at work in a piece of training. */
  private tell({ x, piece, written, ...work }: WorkOfPiece): Omit<PieceFigures, 'writes' | 'evictions' | 'occupancy'> {
    const { chunks, components } = written;
    const completes = piece.layout.completes.expand(chunks.phi.shape);
    return {
      ...measureWork({ x, attention: piece.attention, every: this.config.chunkLength, ...work }),
      ...{ phi: chunks.phi.detach(), completes },
      ...(components && { components: components.detach() }),
      ...this.measureShortfall(piece, components, completes),
    };
  }

  /** What ΔPhi is the mean of, where it is asked for: the chunks of segments that begin in the piece. */
  private measureShortfall(piece: MemoryPiece, after: Tensor | undefined, completes: Tensor): Partial<PhiShortfall> {
    const { objective } = this.config;
    const { embedded, entropies, place } = piece;
    if (objective.type === 'none' || embedded === undefined || after === undefined) return {};
    const isWhole = place === undefined ? completes : place.places.narrow(1, 0, 1).eq(0).logicalAnd(completes);
    return withoutAutocast(embedded, () => {
      const hidden = embedded.to(getStatisticsType(embedded));
      const { components } = this.measure(hidden, { ...piece, entropies: entropies.slice(0, 1) }, undefined);
      const comparison = { before: components!, after, counted: isWhole };
      return comparePhi(comparison, this.phiLogits!, objective.margin);
    });
  }

  /** Counts, where it is asked for, how many positions read each entry. */
  private countReads(before: MemoryState, written: Written, weights: Tensor): [MemoryState, Written] {
    if (!this.config.trackAccess) return [before, written];
    const { slots } = before;
    const first = slots?.access.size(1) ?? 0;
    const read = slots && { ...before, slots: countAccess(slots, weights, 0) };
    return [read ?? before, { ...written, chunks: countAccess(written.chunks, weights, first) }];
  }

  /**
   * What is told of a pass in training, and what its objective adds to the loss.
   * @param pieces - of the pass, in order
   * @returns figures and terms, a position
   */
  report(pieces: readonly PieceFigures[]): PositionReport {
    const { objective, slots } = this.config;
    const { phiLogits } = this;
    const metrics = noGrad(() => {
      const figures = summarizePieces(pieces);
      const weights = phiLogits && nameComponents('weight', phiLogits.softmax(-1));
      return { ...figures, ...weights, rotation: figures.evictions!.div(slots), threshold: this.threshold.sigmoid() };
    });
    const told = pieces.flatMap(({ shortfall, counted }) => (shortfall && counted ? [{ shortfall, counted }] : []));
    if (objective.type === 'none' || phiLogits === undefined || told.length === 0) return { metrics };
    const deltaPhi = computeDeltaPhi(told).mul(objective.weight);
    return { metrics, auxiliary: { deltaPhi, phiEntropy: computeWeightEntropy(phiLogits).mul(-objective.entropy) } };
  }

  /** The table of chunks after a piece. */
  private write(x: Tensor, piece: MemoryPiece, open: OpenSegment | undefined): Written {
    const { layout, place } = piece;
    const { width } = this.options;
    const type = getStatisticsType(x);
    const wide = x.to(type);
    const carried = open && place && markCarried(layout, place);
    const pool = withoutAutocast(x, () => {
      const logits = wide.mul(this.pooling.to(type)).sum(-1).div(Math.sqrt(width)); // B n
      return computeChunkSummaries(wide, logits, layout, carried && { ...open, carried });
    });
    const summaries = pool.summaries.to(x.dtype);
    const [keys, values] = [this.key.forward(summaries).to(type), this.value.forward(summaries).to(type)];
    return withoutAutocast(x, () => {
      const { components, metrics } = this.measure(wide, piece, open);
      const [B, J] = [x.size(0), layout.completes.size(1)];
      const phi =
        components === undefined
          ? zeros([B, J], { dtype: type, device: x.device })
          : combinePhi(components, this.phiLogits!);
      const { mass, share } = receiveAttention(piece, open, type);
      const birth = piece.firstChunk.add(layout.numbers).expand(B, J);
      const priority = this.rank(phi, share, birth, piece);
      const completes = layout.completes.expand(B, J);
      const access = zeros([B, J], { dtype: type, device: x.device });
      const own = { keys, values, strength: this.admit(priority), priority, phi, birth, occupied: completes, access };
      const chunks = chooseEntries(completes, own, open?.chunks);
      const last = layout.chunks.select(1, layout.chunks.size(1) - 1).expand(B);
      const next = piece.keepsOpen ? pickOpenPool(pool, last) : { poolLog: pool.logs, poolMean: pool.summaries };
      return { chunks, mass, ...next, metrics, components };
    });
  }

  private measure(
    hidden: Tensor,
    { layout, place, entropies: byBlock }: MemoryPiece,
    open: OpenSegment | undefined,
  ): { components: Tensor | undefined; metrics: OpenSegment['metrics'] } {
    const { projection } = this;
    if (projection === undefined) return { components: undefined, metrics: undefined };
    const entropies = cat([...byBlock], 1);
    const inputs = { hidden, entropies, projection };
    if (place === undefined) return { components: measureDocumentChunks(inputs, layout), metrics: undefined };
    const { components, state } = measureSegmentChunks(inputs, layout, place, open?.metrics);
    return { components, metrics: state };
  }

  /** Priority, 0 to 1, `[B, J]`. */
  private rank(phi: Tensor, attention: Tensor, birth: Tensor, { statistics }: MemoryPiece): Tensor {
    const { priority } = this.config;
    if (priority.type === 'recency') return ones(phi.shape, { dtype: phi.dtype, device: phi.device });
    if (priority.type === 'random') return computeChanceNumbers(birth).to(phi.dtype);
    const { mean, variance } = statistics ?? { mean: this.phiMean, variance: this.phiVariance };
    const spread = variance.to(phi.dtype).sqrt().add(1e-6);
    const standing = phi.sub(mean.to(phi.dtype)).div(spread).sigmoid();
    return standing.mul(priority.share).add(attention.mul(1 - priority.share));
  }

  /** The factor of an entry's value, 0 to 1, `[B, J]`. */
  private admit(priority: Tensor): Tensor {
    const { writeMode, writeTemperature } = this.config;
    const threshold = this.threshold.to(priority.dtype).sigmoid();
    const gate = priority.sub(threshold).div(writeTemperature).sigmoid();
    if (writeMode === 'soft') return gate;
    const hard = gate.detach().gt(0.5).to(gate.dtype);
    return writeMode === 'hard' ? hard : hard.add(gate.sub(gate.detach()));
  }

  private read(
    x: Tensor,
    { layout, firstChunk }: MemoryPiece,
    slots: Entries | undefined,
    entries: Entries,
  ): { values: Tensor; weights: Tensor } {
    const type = getStatisticsType(x);
    const queries = this.query.forward(x).to(type);
    const { B, n } = dims(x, 'B n C');
    const J = layout.completes.size(1);
    const [visible, ages] = [layout.visible.expand(B, n, J), layout.ages.expand(B, n, J)];
    const since = slots && firstChunk.add(layout.chunks).unsqueeze(2).sub(slots.birth.unsqueeze(1));
    const seen = slots?.occupied.unsqueeze(1).expand(since!.shape);
    return withoutAutocast(x, () =>
      readMemory(entries, {
        queries,
        visible: seen === undefined ? visible : cat([seen, visible], 2),
        ages: since === undefined ? ages : cat([since.clamp({ min: 0 }), ages], 2),
        phiShare: this.phiShare?.to(type).sigmoid(),
        ageDecay: this.ageDecay.to(type).softplus(),
        nullScore: this.nullScore.to(type),
        topK: this.config.topK,
      }),
    );
  }

  /** What is left after a piece: where a segment ends, its chunks are merged into the slots. */
  private close(piece: MemoryPiece, before: MemoryState, { components: _, ...open }: Written): MemoryState {
    const { ends, keepsOpen } = piece;
    if (ends === 'none') return { ...before, open: keepsOpen ? open : undefined };
    const { slots, writes, evictions } = this.merge(piece, before.slots, open);
    if (ends === 'all') {
      const closed = keepsOpen ? mapOpen(open, (part) => zerosLike(part)) : undefined;
      return { slots, open: closed, writes: before.writes.add(writes), evictions: before.evictions.add(evictions) };
    }
    const count = (sum: Tensor, more: Tensor): Tensor => sum.add(more.mul(ends.to('int64')));
    const goesOn = ends.logicalNot();
    return {
      slots: chooseEntries(ends.unsqueeze(1), slots, before.slots),
      open: mapOpen(open, (part) => chooseRows(goesOn, part)),
      writes: count(before.writes, writes),
      evictions: count(before.evictions, evictions),
    };
  }

  /** The slots after a segment, whose chunks are ranked by the attention of all its queries. */
  private merge(piece: MemoryPiece, slots: Entries | undefined, { chunks, mass }: OpenSegment) {
    const { layout, firstChunk } = piece;
    const { segmentLength, memoryBptt } = this.options;
    const { decayChunks, chunkLength } = this.config;
    const queries = layout.numbers.mul(-chunkLength).add(segmentLength).to(mass.dtype);
    const priority = this.rank(chunks.phi, mass.div(queries), chunks.birth, piece);
    const strength = this.admit(priority);
    const passed = chooseEntries(strength.detach().gt(0.5), { ...chunks, priority, strength });
    const J = layout.completes.size(1);
    const now = firstChunk.add(J);
    const merged = mergeMemory(slots, passed, { now, slots: this.config.slots, decayChunks });
    if (!isGradEnabled()) return merged;
    const isAttached = now.sub(merged.slots.birth).le(memoryBptt * J);
    return { ...merged, slots: detachOld(merged.slots, isAttached) };
  }

  /**
   * Moves the running mean and variance of phi by the chunks that ended in a training step. Once a step: within one, no
   * row sees what others hold.
   * @param pieces - of the step, in any order
   */
  countPhi(pieces: readonly PieceFigures[]): void {
    if (this.projection === undefined || pieces.length === 0) return;
    const { phiMean: mean, phiVariance: variance, phiUpdates: updates } = this;
    movePhiStatistics({ mean, variance, updates }, pieces);
  }
}

/** True for the chunk that the first token of a piece goes on with, `[B, J]`. */
function markCarried({ numbers, chunkLength }: ChunkLayout, { places }: PiecePlace): Tensor {
  const first = places.narrow(1, 0, 1); // B 1
  const goesOn = first.remainder(chunkLength).gt(0);
  return numbers.eq(first.floorDivide(chunkLength)).logicalAnd(goesOn);
}

/** Entries that count how many positions read each of them, the first of the weights `[B, n, M]` those of the slots. */
function countAccess(entries: Entries, weights: Tensor, first: number): Entries {
  const reads = weights.detach().gt(0).to(entries.access.dtype).sum(1); // B M
  return { ...entries, access: entries.access.add(reads.narrow(1, first, entries.access.size(1))) };
}

function mapOpen({ chunks, metrics, ...pool }: OpenSegment, of: (part: Tensor) => Tensor): OpenSegment {
  const map = <T extends object>(parts: T): T =>
    Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, of(part as Tensor)])) as T;
  return { chunks: makeEntries((name) => of(chunks[name])), ...map(pool), metrics: metrics && map(metrics) };
}
