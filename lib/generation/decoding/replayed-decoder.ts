import { setImmediate } from 'node:timers/promises';
import type { DecodeState } from '../../models/interface/index.js';
import { Scope, cat, noGrad, program, scope, tensor, zeros } from '../../tensor/index.js';
import type { Program, Tensor } from '../../tensor/index.js';
import { findFullRows, repeatRows } from './decoder.js';
import type { Decoder, DecoderOptions } from './decoder.js';
import { groupByCloseLength, readGroups } from './ragged.js';
import type { Reading, RowGroup } from './ragged.js';
import type { DeviceContext } from '../sampling/filters/index.js';
import { sampleOnDevice, expectFiniteHighest } from '../sampling/sampling.js';
import type { SampledToken, RowInputs } from '../sampling/row.js';

/** Tokens of a prompt that are read at a time, so that the event loop gets its turns. */
const PREFILL_CHUNK = 64;
/** The least capacity of a recorded pass. */
const MIN_CAPACITY = 128;

/** A state that recorded passes can change. */
export type ReplayableState = DecodeState & Required<Pick<DecodeState, 'reserve' | 'replayed'>>;

/** Tokens of rows. */
type Rows = readonly (readonly number[])[];

/**
 * A decoder that records a pass (sample, then read what was sampled) once and replays it on the compute thread, with
 * everything it needs on the device. {@link EagerDecoder} is its slow reference.
 */
export class ReplayedDecoder implements Decoder {
  private readonly rows: number[][];
  private readonly memory = new Scope();
  /** The tokens sampled last, `[B, 1]`, int64. */
  private readonly ids: Tensor;
  private readonly context: Omit<DeviceContext, 'generatedCount'>;
  private state: ReplayableState | undefined;
  private recorded: Program<Tensor[], Tensor> | undefined;
  /** The most tokens of the state that the recorded pass holds. */
  private capacity = 0;

  constructor(private readonly options: DecoderOptions) {
    this.rows = repeatRows(options.prompts, options.copies);
    this.ids = this.memory.run(() => zeros([this.rows.length, 1], this.integers));
    this.context = this.memory.run(() => this.createContext());
  }

  async decode(rows: readonly RowInputs[], signal?: AbortSignal): Promise<SampledToken[]> {
    const packed = await this.readOn(rows, signal);
    const values = packed.data() as Float64Array;
    packed.dispose();
    const B = rows.length;
    return rows.map(({ forcedToken }, b) => {
      if (forcedToken < 0) expectFiniteHighest(values[2 * B + b]!);
      const id = values[b]!;
      this.rows[b]?.push(id);
      return { id, logProbability: values[B + b]! };
    });
  }

  [Symbol.dispose](): void {
    this.release();
    this.memory.dispose();
  }

  private get integers() {
    return { dtype: 'int64', device: this.options.model.device } as const;
  }

  private createContext(): Omit<DeviceContext, 'generatedCount'> {
    const { filters } = this.options.sampling;
    const reach = Math.max(1, ...filters.map((filter) => filter.historyLength ?? 0));
    const width = Math.min(reach, this.options.maxLength);
    const history = this.rows.map((row) => [...Array.from({ length: width }, () => -1), ...row].slice(-width));
    const { vocabSize } = this.options.model.config;
    const counts = filters.some((filter) => filter.counts)
      ? zeros([this.rows.length, vocabSize], { dtype: 'float64', device: this.options.model.device })
      : undefined;
    return { history: tensor(history, this.integers), counts };
  }

  /** Reads what no row has read yet, or samples and reads that. @returns `[3, B]` of `sampleTokens`, kept */
  private async readOn(rows: readonly RowInputs[], signal?: AbortSignal): Promise<Tensor> {
    const { state } = this;
    if (state === undefined) return this.sampleAfter(await this.readPrompts(signal), rows);
    const { full, others } = findFullRows(state, rows, this.options.model.config.contextLength);
    if (full.length === 0) return await this.replay(state, rows, signal);
    return this.sampleAfter(await this.readAgain(state, full, others, signal), rows);
  }

  /** The prompts, each read once, as many rows of it as there are copies. */
  private async readPrompts(signal?: AbortSignal): Promise<Reading<ReplayableState>> {
    const { prompts, copies } = this.options;
    const read = await readGroups(this.groupPrompts().map((rows) => this.groupAnew(rows, prompts, signal)));
    if (copies === 1) return read;
    const state = read.state.fork(copies) as ReplayableState;
    const logits = scope(() => read.logits.repeatInterleave(copies, 0)).keep();
    read.state.dispose();
    read.logits.dispose();
    return { state, logits };
  }

  /** Prompts that one pass can read: of one length, or short and padded where the state can be shortened. */
  private groupPrompts(): number[][] {
    const { prompts, model } = this.options;
    const probe = model.newState(1);
    const longest = probe.shorten === undefined ? 0 : PREFILL_CHUNK;
    probe.dispose();
    return groupByCloseLength(prompts, longest);
  }

  /** The end of the rows that are full, read anew, beside the other rows, which read their last token. */
  private async readAgain(
    state: ReplayableState,
    full: readonly number[],
    others: readonly number[],
    signal?: AbortSignal,
  ): Promise<Reading<ReplayableState>> {
    const texts = this.rows.map((row) => row.slice(-this.options.contextKeep));
    const going = { rows: others, read: () => Promise.resolve(this.readLast(state, others)) };
    const anew = this.groupAnew(full, texts, signal);
    return await readGroups(others.length === 0 ? [anew] : [going, anew]);
  }

  private groupAnew(rows: readonly number[], texts: Rows, signal?: AbortSignal): RowGroup<ReplayableState> {
    return {
      rows,
      read: () =>
        this.readAnew(
          rows.map((row) => texts[row]!),
          signal,
        ),
    };
  }

  /** Reads texts that are as long as each other, or short enough for one pass. */
  private async readAnew(texts: Rows, signal?: AbortSignal): Promise<Reading<ReplayableState>> {
    const state = this.options.model.newState(texts.length) as ReplayableState;
    const ragged = texts.some(({ length }) => length !== texts[0]!.length);
    try {
      return { state, logits: ragged ? this.readPadded(texts, state) : await this.readInChunks(texts, state, signal) };
    } catch (error) {
      state.dispose();
      throw error;
    }
  }

  private readLast(from: ReplayableState, rows: readonly number[]): Reading<ReplayableState> {
    const state = from.select(rows) as ReplayableState;
    const read = (): Tensor => this.read(this.ids.indexSelect(0, tensor([...rows], this.integers)), state);
    return { state, logits: noGrad(() => scope(read)).keep() };
  }

  /** Goes on from a reading: samples a token of each row. */
  private sampleAfter({ state, logits }: Reading<ReplayableState>, rows: readonly RowInputs[]): Tensor {
    this.release();
    this.state = state;
    const packed = noGrad(() => scope(() => this.sampleTokens(logits, ...this.packInputs(rows))));
    logits.dispose();
    return packed.keep();
  }

  /** Reads texts with padding behind the shorter ones, which no token of theirs sees. @returns `[B, V]`, kept */
  private readPadded(texts: Rows, state: ReplayableState): Tensor {
    const lengths = texts.map(({ length }) => length);
    const T = Math.max(...lengths);
    const padded = texts.map((text) => Array.from({ length: T }, (_, i) => text[i] ?? text[0]!));
    const ends = lengths.map((length, row) => row * T + length - 1);
    const logits = noGrad(() =>
      scope(() => {
        const all = this.options.model.forward(tensor(padded, this.integers), { training: false, state }); // B T V
        return all.flatten(0, 1).indexSelect(0, tensor(ends, this.integers));
      }),
    ).keep();
    state.shorten!(lengths);
    return logits;
  }

  /** The first chunk is read here; the others, as long as each other, by a recorded pass. @returns `[B, V]` */
  private async readInChunks(texts: Rows, state: ReplayableState, signal?: AbortSignal): Promise<Tensor> {
    const length = texts[0]?.length ?? 0;
    const first = length % PREFILL_CHUNK || Math.min(PREFILL_CHUNK, length);
    const sliceTokens = (from: number, to: number) =>
      tensor(
        texts.map((text) => text.slice(from, to)),
        this.integers,
      );
    let logits = noGrad(() => scope(() => this.read(sliceTokens(0, first), state))).keep();
    if (first === length) return logits;
    state.reserve(length - first);
    using pass = program((ids: Tensor) => noGrad(() => this.read(ids, state)));
    for (let at = first; at < length; at += PREFILL_CHUNK) {
      await setImmediate();
      using ids = sliceTokens(at, at + PREFILL_CHUNK).keep();
      logits.dispose();
      logits = await pass.run(ids, { signal });
      if (at > first) state.replayed(PREFILL_CHUNK);
    }
    return logits;
  }

  /** The logits after some tokens, `[B, V]`. */
  private read(ids: Tensor, state: DecodeState): Tensor {
    return this.options.model.forward(ids, { training: false, state }).select(1, -1);
  }

  private async replay(
    state: ReplayableState,
    rows: readonly RowInputs[],
    signal: AbortSignal | undefined,
  ): Promise<Tensor> {
    const known = state.length < this.capacity && this.recorded !== undefined;
    const recorded = known ? this.recorded! : this.record(state);
    const inputs = scope(() => this.packInputs(rows));
    try {
      const packed = await recorded.run(...inputs, { signal });
      if (known) state.replayed(1);
      return packed;
    } finally {
      for (const input of inputs) input.dispose();
    }
  }

  /** Reserves capacity for as many tokens again, and makes a pass to record. */
  private record(state: ReplayableState): Program<Tensor[], Tensor> {
    const { model, maxLength } = this.options;
    this.recorded?.dispose();
    const wanted = 2 ** Math.ceil(Math.log2(state.length + MIN_CAPACITY));
    const left = maxLength - Math.max(...this.rows.map(({ length }) => length));
    this.capacity = Math.min(wanted, model.config.contextLength ?? Infinity, state.length + left + 1);
    state.reserve(this.capacity - state.length);
    this.recorded = program((...inputs: Tensor[]) =>
      noGrad(() => this.sampleTokens(this.read(this.ids, state), ...inputs)),
    );
    return this.recorded;
  }

  /** Samples a token of each row and adds it to the context. @returns `[3, B]`, float64: ids, log-probabilities, highest logits */
  private sampleTokens(logits: Tensor, ...[inputs, allowed]: Tensor[]): Tensor {
    const [uniforms, forcedTokens, generatedCount] = inputs!.unbind(0) as [Tensor, Tensor, Tensor];
    const packed = sampleOnDevice(
      logits,
      this.options.sampling,
      { ...this.context, generatedCount },
      { uniforms, forcedTokens, allowed },
    );
    this.ids.copy_(packed.select(0, 0).unsqueeze(1));
    this.updateContext(generatedCount);
    return packed;
  }

  private updateContext(generatedCount: Tensor): void {
    const { history, counts } = this.context;
    history.copy_(cat([history.narrow(1, 1, history.size(1) - 1), this.ids], 1));
    counts?.scatterAdd_(1, this.ids, generatedCount.ge(0).to('float64').unsqueeze(1));
  }

  /** The inputs of a pass, kept: those of all rows, and the tokens that constraints allow where there are any. */
  private packInputs(rows: readonly RowInputs[]): Tensor[] {
    const inputs = packRows(rows, this.ids);
    const { constrained, model } = this.options;
    return constrained ? [inputs, packAllowed(rows, model.config.vocabSize, this.ids)] : [inputs];
  }

  private release(): void {
    this.recorded?.dispose();
    this.recorded = undefined;
    this.state?.dispose();
    this.state = undefined;
  }
}

/** `[3, B]`, float64: uniforms, forced tokens, counts of generated tokens. */
function packRows(rows: readonly RowInputs[], like: Tensor): Tensor {
  const B = rows.length;
  const values = new Float64Array(3 * B);
  for (const [b, { uniform, forcedToken, generatedCount }] of rows.entries()) {
    values[b] = uniform;
    values[B + b] = forcedToken;
    values[2 * B + b] = generatedCount;
  }
  return tensor(values, { shape: [3, B], device: like.device });
}

/** `[B, V]`, uint8, as it takes no conversion: 1 for the tokens that may come next in each row. */
function packAllowed(rows: readonly RowInputs[], V: number, like: Tensor): Tensor {
  const values = new Uint8Array(rows.length * V).fill(1);
  for (const [b, { allowed }] of rows.entries()) if (allowed !== undefined) values.set(allowed, b * V);
  return tensor(values, { shape: [rows.length, V], dtype: 'uint8', device: like.device });
}
