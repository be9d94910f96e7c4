import { expectCount, expectPositiveInteger, expectRange, raise } from '../../core/index.js';
import { KeyValueCache } from '../../nn/index.js';
import { arange, noGrad, scope, tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { DecodeState } from '../interface/language-model.js';
import { expectRows, expectSameState, repeatEach } from '../interface/rows.js';

/** Positions of the next tokens of every row, and the keys that they see. */
export interface Placement {
  /** `[B, T]`, int64. */
  positions: Tensor;
  /** True where a token may look, `[T, S]` for one row, `[B, 1, T, S]` for several; S is the whole capacity. */
  mask: Tensor;
}

/**
 * The keys and values a {@link Gpt} has computed, one cache a layer. Rows of one length are read as plain tensors are;
 * rows of different lengths, and all once capacity is reserved, by tensors of positions, each row at its own.
 */
export class GptState implements DecodeState {
  readonly lengths: number[];
  readonly layers: readonly KeyValueCache[];
  /** `[B]`, int64: the tokens read by each row, once the capacity is fixed. */
  private position: Tensor | undefined;

  constructor(
    /** Sequences side by side, B. */
    readonly batch: number,
    layers: number | readonly KeyValueCache[],
    lengths?: readonly number[],
  ) {
    expectPositiveInteger('GptState', 'batch', batch);
    this.layers = typeof layers === 'number' ? Array.from({ length: layers }, () => new KeyValueCache()) : layers;
    this.lengths = lengths === undefined ? Array<number>(batch).fill(0) : [...lengths];
  }

  get length(): number {
    return Math.max(...this.lengths);
  }

  get bytes(): number {
    return this.layers.reduce((sum, layer) => sum + layer.bytes, 0);
  }

  /** Keys and values of each layer, `[B, K, S, D]`. */
  tensors(): Record<string, Tensor> {
    const entries = this.layers.flatMap((layer, i) =>
      Object.entries(layer.tensors()).map(([name, value]) => [`layers.${i}.${name}`, value] as const),
    );
    return Object.fromEntries(entries);
  }

  /**
   * Reserves capacity for more tokens; from then on passes work in place, on tensors alone, so that one that was
   * recorded can be replayed until the capacity is used up.
   * @throws ArgumentError before the first token
   */
  reserve(tokens: number): void {
    expectPositiveInteger('GptState.reserve', 'tokens read before', this.layers[0]?.capacity ?? 0);
    for (const layer of this.layers) layer.reserve(this.length + tokens);
    this.position?.dispose();
    this.position = scope(() => this.createPosition()).keep();
  }

  replayed(tokens: number): void {
    this.countTokens(tokens);
    for (const layer of this.layers) layer.count(tokens);
  }

  /**
   * Places the next T tokens of every row and counts them; undefined where they simply follow the others.
   * @param T - tokens of each row that come next
   * @returns positions `[B, T]`, int64, and a bool mask over the whole capacity, `[T, S]` for one row, else `[B, 1, T,
   *   S]`
   */
  place(T: number): Placement | undefined {
    const past = this.length;
    const ragged = this.lengths.some((length) => length !== past);
    if (ragged && past + T > this.capacity) this.reserve(2 ** Math.ceil(Math.log2(past + T)) - past);
    else if (ragged && this.position === undefined) this.reserve(T);
    this.countTokens(T);
    const { position } = this;
    if (position !== undefined) return this.placeAt(position, T);
    for (const layer of this.layers) layer.cachePositions = undefined;
    return undefined;
  }

  reset(rows: readonly number[] = this.lengths.map((_, row) => row)): void {
    expectRows('GptState.reset', rows, this.batch);
    for (const row of rows) this.lengths[row] = 0;
    this.applyLengths();
  }

  /** @throws ArgumentError for another number of lengths than rows, and for one above that of its row */
  shorten(lengths: readonly number[]): void {
    const where = 'GptState.shorten';
    if (lengths.length !== this.batch) throwLengths(where, this.batch, lengths.length);
    for (const [row, length] of lengths.entries())
      expectRange(where, `lengths[${row}]`, expectCount(where, `lengths[${row}]`, length), { max: this.lengths[row]! });
    for (const [row, length] of lengths.entries()) this.lengths[row] = length;
    this.applyLengths();
  }

  /**
   * A state of its own with some of the rows.
   * @param rows - from 0 to B − 1, in the order they get
   * @returns keys and values of `[rows.length, K, S, D]` a layer, copied
   * @throws ArgumentError for a row out of range
   */
  select(rows: readonly number[]): GptState {
    expectRows('GptState.select', rows, this.batch);
    const selected = new GptState(
      rows.length,
      this.layers.map((layer) => layer.select(rows)),
      rows.map((row) => this.lengths[row]!),
    );
    for (const layer of selected.layers) layer.truncate(selected.length);
    return selected;
  }

  /**
   * A state of its own with the rows of this one, and after them those of another, whose lengths may be others.
   * @param other - of the same model, which has read tokens, as this one has
   * @returns keys and values of `[B + other.batch, K, S, D]` a layer, copied
   * @throws ArgumentError when either has read nothing, or `other` is no GptState
   */
  concat(other: DecodeState): GptState {
    const { batch, layers, lengths, capacity } = expectSameState<GptState>('GptState.concat', this, other);
    if (this.capacity === 0 || capacity === 0) throwEmptyState(this.capacity, capacity);
    const joined = this.layers.map((layer, i) => layer.concat(layers[i]!));
    return new GptState(this.batch + batch, joined, [...this.lengths, ...lengths]);
  }

  /**
   * A state of its own in which each row of this one stands `n` times in a row.
   * @param n - a positive integer
   * @returns keys and values of `[B · n, K, S, D]` a layer, copied
   */
  fork(n: number): GptState {
    expectPositiveInteger('GptState.fork', 'n', n);
    const copies = this.layers.map((layer) => layer.fork(n));
    return new GptState(this.batch * n, copies, repeatEach(this.lengths, n));
  }

  dispose(): void {
    for (const layer of this.layers) layer.dispose();
    this.position?.dispose();
    this.position = undefined;
    this.lengths.fill(0);
  }

  private get capacity(): number {
    return this.layers[0]?.capacity ?? 0;
  }

  private applyLengths(): void {
    for (const layer of this.layers) layer.truncate(this.length);
    const { position } = this;
    if (position !== undefined) noGrad(() => scope(() => void position.copy_(this.createPosition())));
  }

  private countTokens(tokens: number): void {
    for (const row of this.lengths.keys()) this.lengths[row]! += tokens;
  }

  private createPosition(): Tensor {
    return tensor(this.lengths, { dtype: 'int64', device: this.layers[0]?.device ?? 'cpu' });
  }

  /** Lays out the next tokens by operators alone; a lone row needs no axis of its own. */
  private placeAt(position: Tensor, T: number): Placement {
    const { device } = position;
    const steps = arange(T, { dtype: 'int64', device });
    const positions = position.unsqueeze(1).add(steps); // B T
    noGrad(() => position.add_(T));
    const keys = arange(this.capacity, { dtype: 'int64', device }); // S
    const single = this.batch === 1;
    const queries = single ? positions.squeeze(0) : positions;
    for (const layer of this.layers) layer.cachePositions = queries;
    const mask = keys.le(queries.unsqueeze(-1)); // T S, or B T S
    return { positions, mask: single ? mask : mask.unsqueeze(1) };
  }
}

function throwLengths(where: string, batch: number, received: number): never {
  raise('PAL_ARGUMENT', { where, expected: `${batch} lengths, one a row`, received: String(received) });
}

function throwEmptyState(...capacities: readonly number[]): never {
  const fix = 'Read the first tokens of both first.';
  const received = `capacities ${capacities.join(' and ')}`;
  raise('PAL_ARGUMENT', { where: 'GptState.concat', expected: 'two states that have read tokens', received, fix });
}
