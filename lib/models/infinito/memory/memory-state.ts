import { zeros } from '../../../tensor/index.js';
import type { DType, Tensor } from '../../../tensor/index.js';
import { createPrefixMetricsState } from '../prefix-metrics/prefix-metrics.js';
import type { PrefixMetricsState } from '../prefix-metrics/prefix-metrics.js';
import { makeEntries } from './entries.js';
import type { Entries } from './entries.js';

/** The chunks of an open segment. */
export interface OpenSegment {
  /** J of them; zeros where they have not ended. */
  chunks: Entries;
  /** The attention that each has received, summed over queries, `[B, J]`. */
  mass: Tensor;
  /** Of the tokens of the open chunk: log Σ exp of their logits, `[B]`, and their weighted mean, `[B, C]`. */
  poolLog: Tensor;
  poolMean: Tensor;
  /** What the prefix metrics go on from; only where priority is phi. */
  metrics?: PrefixMetricsState | undefined;
}

/** What a memory hands from piece to piece. */
export interface MemoryState {
  /** N of them; none before the first segment has ended. */
  slots?: Entries | undefined;
  /** Where a segment is open. */
  open?: OpenSegment | undefined;
  /** Entries written and entries dropped since the start of the stream, `[B]`, int64. */
  writes: Tensor;
  evictions: Tensor;
}

/** The sizes of a {@link MemoryState}. */
export interface MemorySizes {
  batch: number;
  slots: number;
  chunks: number;
  segmentLength: number;
  keyWidth: number;
  width: number;
  /** Dimensions of the projection of phi; without it there is none. */
  projected: number | undefined;
  dtype: DType;
  device: string;
}

/** Entries of zeros, `M` a row. */
function createEntries({ batch, keyWidth, width, dtype, device }: MemorySizes, M: number): Entries {
  const widths = { keys: [keyWidth], values: [width] } as Partial<Record<keyof Entries, number[]>>;
  const types = { birth: 'int64', occupied: 'bool' } as Partial<Record<keyof Entries, DType>>;
  return makeEntries((name) => zeros([batch, M, ...(widths[name] ?? [])], { dtype: types[name] ?? dtype, device }));
}

/**
 * Counters of zeros.
 * @param batch - B
 * @param device - of the tensors
 * @returns a memory that has read nothing
 */
export function createCounters(batch: number, device: string): MemoryState {
  const counter = () => zeros([batch], { dtype: 'int64', device });
  return { writes: counter(), evictions: counter() };
}

/**
 * A segment of which nothing is read.
 * @param sizes - of the memory
 * @returns zeros
 */
export function createOpenSegment(sizes: MemorySizes): OpenSegment {
  const { batch, chunks, segmentLength, width, projected, dtype, device } = sizes;
  const create = (...shape: number[]): Tensor => zeros([batch, ...shape], { dtype, device });
  const every = segmentLength / chunks;
  const metrics =
    projected && createPrefixMetricsState({ batch, width, projected, segment: segmentLength, every, dtype, device });
  return {
    chunks: createEntries(sizes, chunks),
    ...{ mass: create(chunks), poolLog: create(), poolMean: create(width) },
    ...(metrics && { metrics }),
  };
}

/**
 * A memory before the first token, all its tensors there.
 * @param sizes - of the memory
 * @returns zeros
 */
export function createMemoryState(sizes: MemorySizes): MemoryState {
  const { batch, device, slots } = sizes;
  return { slots: createEntries(sizes, slots), open: createOpenSegment(sizes), ...createCounters(batch, device) };
}

/** What the flat names of a memory's tensors begin with. */
export const memoryPrefixes: readonly string[] = ['memory', 'slots', 'chunks', 'phi'];

/**
 * The tensors of a memory by flat names.
 * @param state - of a memory
 * @returns those that are there, `[B, …]` each
 */
export function flattenMemory({ slots, open, writes, evictions }: MemoryState): Record<string, Tensor> {
  const prefixed = (prefix: string, parts: object | undefined): [string, Tensor][] =>
    Object.entries(parts ?? {}).map(([name, part]) => [`${prefix}.${name}`, part as Tensor]);
  const { chunks, metrics, ...pool } = open ?? {};
  return Object.fromEntries([
    ...prefixed('memory', { writes, evictions, ...pool }),
    ...prefixed('slots', slots),
    ...prefixed('chunks', chunks),
    ...prefixed('phi', metrics),
  ]);
}

/**
 * The memory of tensors by flat names.
 * @param tensors - what {@link flattenMemory} gave, others beside
 * @returns a memory that shares them
 */
export function collectMemory(tensors: Readonly<Record<string, Tensor>>): MemoryState {
  const strip = (prefix: string): Record<string, Tensor> =>
    Object.fromEntries(
      Object.entries(tensors).flatMap(([name, part]) =>
        name.startsWith(`${prefix}.`) ? [[name.slice(prefix.length + 1), part] as const] : [],
      ),
    );
  const [chunks, slots, metrics] = [strip('chunks'), strip('slots'), strip('phi')];
  const { writes, evictions, mass, poolLog, poolMean } = strip('memory');
  const own = Object.keys(metrics).length > 0 && { metrics: metrics as unknown as PrefixMetricsState };
  const open = () => ({ chunks: makeEntries((name) => chunks[name]!), mass: mass!, poolLog: poolLog!, ...own });
  return {
    slots: slots.keys === undefined ? undefined : makeEntries((name) => slots[name]!),
    open: poolMean === undefined ? undefined : { ...open(), poolMean },
    writes: writes!,
    evictions: evictions!,
  };
}
