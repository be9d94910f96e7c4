import { Linear, Module, buffer, normalInitializer, parameter } from '../../../nn/index.js';
import type { Initializer } from '../../../nn/index.js';
import { cat, dims, full, isGradEnabled, noGrad, ones, tensor, zeros, zerosLike } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import { createProjection } from '../prefix-metrics/participation.js';
import { computeRowEntropy } from '../prefix-metrics/attention-entropy.js';
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
import { detachOld, mergeMemory } from './merge-memory.js';
import { readMemory } from './read-memory.js';
import { pickOpenPool, computeChunkSummaries } from './write-chunks.js';

/** Weights of the components of phi at the start: temporal, integration, participation, attention. */
const PHI_WEIGHTS = [0.3, 0.3, 0.2, 0.2];
/** The least share of a step in the running mean and variance of phi. */
const STATISTICS_RATE = 0.01;

/** Sizes beside the settings of a memory. */
export interface MemoryOptions {
  width: number;
  segmentLength: number;
  /** Segments whose entries pass gradients on to where they were written. */
  memoryBptt: number;
  initialize: Initializer;
  initializeOutput: Initializer;
}

/** The phi of chunks, and which of them end in a piece, `[B, J]` each. */
export interface PieceOfPhi {
  phi: Tensor;
  completes: Tensor;
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
   * @returns `[B, n, C]`, what the next piece goes on from, and the phi of the chunks, for {@link PhiMemory.countPhi}
   */
  forward(x: Tensor, piece: MemoryPiece, before: MemoryState): { x: Tensor; after: MemoryState; phi: PieceOfPhi } {
    const written = this.write(x, piece, before.open);
    const entries = joinEntries(before.slots, written.chunks);
    const { values, weights } = this.read(x, piece, before.slots, entries);
    const read = this.output.forward(values.to(x.dtype));
    const y = withoutAutocast(x, () => {
      const type = getStatisticsType(x);
      const share = this.gate.forward(x.to(type));
      return x.to(type).add(read.to(type).mul(share)).to(x.dtype);
    });
    if (this.config.trackAccess) countAccess(before.slots, written.chunks, weights);
    const phi = written.chunks.phi.detach();
    const completes = piece.layout.completes.expand(phi.shape);
    return { x: y, after: this.close(piece, before, written), phi: { phi, completes } };
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
      const priority = this.rank(phi, share, birth);
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
    { layout, place, attention }: MemoryPiece,
    open: OpenSegment | undefined,
  ): { components: Tensor | undefined; metrics: OpenSegment['metrics'] } {
    const { projection } = this;
    if (projection === undefined) return { components: undefined, metrics: undefined };
    const entropies = cat(
      attention.map((weights) => computeRowEntropy(weights)),
      1,
    );
    const inputs = { hidden, entropies, projection };
    if (place === undefined) return { components: measureDocumentChunks(inputs, layout), metrics: undefined };
    const { components, state } = measureSegmentChunks(inputs, layout, place, open?.metrics);
    return { components, metrics: state };
  }

  /** Priority, 0 to 1, `[B, J]`. */
  private rank(phi: Tensor, attention: Tensor, birth: Tensor): Tensor {
    const { priority } = this.config;
    if (priority.type === 'recency') return ones(phi.shape, { dtype: phi.dtype, device: phi.device });
    if (priority.type === 'random') return computeChanceNumbers(birth).to(phi.dtype);
    const spread = this.phiVariance.to(phi.dtype).sqrt().add(1e-6);
    const standing = phi.sub(this.phiMean.to(phi.dtype)).div(spread).sigmoid();
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
  private merge({ layout, firstChunk }: MemoryPiece, slots: Entries | undefined, { chunks, mass }: OpenSegment) {
    const { segmentLength, memoryBptt } = this.options;
    const { decayChunks, chunkLength } = this.config;
    const queries = layout.numbers.mul(-chunkLength).add(segmentLength).to(mass.dtype);
    const priority = this.rank(chunks.phi, mass.div(queries), chunks.birth);
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
  countPhi(pieces: readonly PieceOfPhi[]): void {
    if (this.projection === undefined || pieces.length === 0) return;
    noGrad(() => {
      const phi = cat(
        pieces.map((piece) => piece.phi),
        1,
      );
      const counted = cat(
        pieces.map(({ completes }) => completes),
        1,
      ).to(phi.dtype);
      const count = counted.sum();
      const divisor = count.clamp({ min: 1 });
      const mean = phi.mul(counted).sum().div(divisor);
      const variance = phi.sub(mean).mul(counted).square().sum().div(divisor);
      const any = count.gt(0).to(phi.dtype);
      const rate = this.phiUpdates.to(phi.dtype).add(1).reciprocal().clamp({ min: STATISTICS_RATE }).mul(any);
      for (const [held, value] of [
        [this.phiMean, mean],
        [this.phiVariance, variance],
      ] as const)
        held.add_(value.sub(held.to(value.dtype)).mul(rate).to(held.dtype));
      this.phiUpdates.add_(any.to(this.phiUpdates.dtype));
    });
  }
}

/** True for the chunk that the first token of a piece goes on with, `[B, J]`. */
function markCarried({ numbers, chunkLength }: ChunkLayout, { places }: PiecePlace): Tensor {
  const first = places.narrow(1, 0, 1); // B 1
  const goesOn = first.remainder(chunkLength).gt(0);
  return numbers.eq(first.floorDivide(chunkLength)).logicalAnd(goesOn);
}

/** The attention that chunks have received: so far, summed, and by query up to the end of each, `[B, J]`. */
function receiveAttention(
  { attention, keyChunks, layout }: MemoryPiece,
  open: OpenSegment | undefined,
  type: Tensor['dtype'],
): { mass: Tensor; share: Tensor } {
  const like = layout.completes;
  if (attention.length === 0) {
    const mass = open?.mass ?? zeros(like.shape, { dtype: type, device: like.device });
    return { mass, share: mass };
  }
  const mean = attention
    .map((weights) => weights.to(type).mean(1))
    .reduce((sum, part) => sum.add(part))
    .div(attention.length); // B n S
  const received = keyChunks.to(type).matmul(mean.transpose(1, 2)); // B J n
  const upTo = received.mul(layout.prefix.to(type)).sum(-1);
  const before = open?.mass;
  return {
    mass: before === undefined ? received.sum(-1) : before.add(received.sum(-1)),
    share: (before === undefined ? upTo : before.add(upTo)).div(layout.chunkLength),
  };
}

/** Counts, in place, how many positions read each entry. */
function countAccess(slots: Entries | undefined, chunks: Entries, weights: Tensor): void {
  const reads = weights.detach().gt(0).to(weights.dtype).sum(1); // B M
  const N = slots?.access.size(1) ?? 0;
  noGrad(() => {
    slots?.access.add_(reads.narrow(1, 0, N));
    chunks.access.add_(reads.narrow(1, N, reads.size(1) - N));
  });
}

function mapOpen({ chunks, metrics, ...pool }: OpenSegment, of: (part: Tensor) => Tensor): OpenSegment {
  const map = <T extends object>(parts: T): T =>
    Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, of(part as Tensor)])) as T;
  return { chunks: makeEntries((name) => of(chunks[name])), ...map(pool), metrics: metrics && map(metrics) };
}

/** Numbers between 0 and 1 that follow from a chunk's number alone, and look drawn by chance. */
function computeChanceNumbers(numbers: Tensor): Tensor {
  return numbers.to('float64').add(1).mul(12.9898).sin().mul(43758.5453).frac().abs();
}
