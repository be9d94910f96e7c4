import { setImmediate } from 'node:timers/promises';
import type { DecodeState } from '../models/index.js';
import { Scope, cat, noGrad, program, scope, tensor, zeros } from '../tensor/index.js';
import type { Program, Tensor } from '../tensor/index.js';
import { copied, deviceOf } from './decoder.js';
import type { Decoder, DecoderOptions } from './decoder.js';
import type { DeviceContext } from './filters/index.js';
import { drawOnDevice, expectDrawable } from './sampling.js';
import type { Drawn, RowStep } from './sampling.js';

/** Tokens of a prompt that are read at a time, so that the event loop gets its turns. */
const PIECE = 64;
/** The least room that a recorded step is made for. */
const LEAST_ROOM = 128;

/** A state that recorded passes can change. */
export type ReplayableState = DecodeState & Required<Pick<DecodeState, 'reserve' | 'replayed'>>;

/** Tokens of rows that are equally long. */
type Texts = readonly (readonly number[])[];

/** Whether a recorded pass over a state can be replayed. */
export function isReplayable(state: DecodeState): state is ReplayableState {
  return state.reserve !== undefined && state.replayed !== undefined;
}

/**
 * The fast way: a step (draw, then read what was drawn) is recorded once and replayed on the compute thread, with
 * everything it needs on the device. {@link EagerDecoder} is its slow twin.
 */
export class ReplayedDecoder implements Decoder {
  private readonly rows: number[][];
  private readonly memory = new Scope();
  /** The tokens drawn last, `[B, 1]`, int64. */
  private readonly ids: Tensor;
  private readonly context: Omit<DeviceContext, 'made'>;
  private state: ReplayableState | undefined;
  private recorded: Program<[Tensor], Tensor> | undefined;
  /** How long the state may grow before the room is full. */
  private room = 0;

  constructor(private readonly options: DecoderOptions) {
    this.rows = copied(options.rows, options.copies);
    this.ids = this.memory.run(() => zeros([this.rows.length, 1], this.integers));
    this.context = this.memory.run(() => this.newContext());
  }

  get length(): number {
    return this.rows[0]?.length ?? 0;
  }

  async step(rows: readonly RowStep[], signal?: AbortSignal): Promise<Drawn[]> {
    const full = (this.state?.length ?? Infinity) >= (this.options.model.config.contextLength ?? Infinity);
    const packed = full ? await this.startAnew(rows, signal) : await this.replay(rows, signal);
    const values = packed.data() as Float64Array;
    packed.dispose();
    const B = rows.length;
    return rows.map(({ forced }, b) => {
      if (forced < 0) expectDrawable(values[2 * B + b]!);
      const id = values[b]!;
      this.rows[b]?.push(id);
      return { id, logProbability: values[B + b]! };
    });
  }

  [Symbol.dispose](): void {
    this.forget();
    this.memory.dispose();
  }

  private get integers() {
    return { dtype: 'int64', device: deviceOf(this.options.model) } as const;
  }

  private newContext(): Omit<DeviceContext, 'made'> {
    const { filters } = this.options.sampling;
    const reach = Math.max(1, ...filters.map((filter) => filter.reach ?? 0));
    const width = Math.min(reach, this.options.longest);
    const history = this.rows.map((row) => [...Array.from({ length: width }, () => -1), ...row].slice(-width));
    const { vocabSize } = this.options.model.config;
    const counts = filters.some((filter) => filter.counts)
      ? zeros([this.rows.length, vocabSize], { dtype: 'float64', device: deviceOf(this.options.model) })
      : undefined;
    return { history: tensor(history, this.integers), counts };
  }

  /** Reads what every row has, or the end of it that is kept, and draws. */
  private async startAnew(rows: readonly RowStep[], signal?: AbortSignal): Promise<Tensor> {
    const { model, keep, copies } = this.options;
    const first = this.state === undefined;
    this.forget();
    const texts = first ? this.options.rows : this.rows.map((row) => row.slice(-keep));
    const read = model.newState(texts.length) as ReplayableState;
    this.state = read;
    const logits = await this.readInPieces(texts, read, signal); // B V
    if (first && copies > 1) {
      this.state = read.fork(copies) as ReplayableState;
      read.dispose();
    }
    const copied = first ? copies : 1;
    const packed = noGrad(() => scope(() => this.draw(logits.repeatInterleave(copied, 0), stepTensor(rows, this.ids))));
    logits.dispose();
    return packed.keep();
  }

  /** The first piece is read here; the others, as long as each other, by a recorded pass. @returns `[B, V]` */
  private async readInPieces(texts: Texts, state: ReplayableState, signal?: AbortSignal): Promise<Tensor> {
    const length = texts[0]?.length ?? 0;
    const first = length % PIECE || Math.min(PIECE, length);
    const piece = (from: number, to: number) =>
      tensor(
        texts.map((text) => text.slice(from, to)),
        this.integers,
      );
    let logits = noGrad(() => scope(() => this.read(piece(0, first), state))).keep();
    if (first === length) return logits;
    state.reserve(length - first);
    using pass = program((ids: Tensor) => noGrad(() => this.read(ids, state)));
    for (let at = first; at < length; at += PIECE) {
      await setImmediate();
      using ids = piece(at, at + PIECE).keep();
      logits.dispose();
      logits = await pass.run(ids, { signal });
      if (at > first) state.replayed(PIECE);
    }
    return logits;
  }

  /** The logits after some tokens, `[B, V]`. */
  private read(ids: Tensor, state: DecodeState): Tensor {
    return this.options.model.forward(ids, { training: false, state }).select(1, -1);
  }

  private async replay(rows: readonly RowStep[], signal: AbortSignal | undefined): Promise<Tensor> {
    const state = this.state!;
    const known = state.length < this.room && this.recorded !== undefined;
    const recorded = known ? this.recorded! : this.record(state);
    const steps = stepTensor(rows, this.ids).keep();
    try {
      const packed = await recorded.run(steps, { signal });
      if (known) state.replayed(1);
      return packed;
    } finally {
      steps.dispose();
    }
  }

  /** Makes room for as many tokens again, and a step to record. */
  private record(state: ReplayableState): Program<[Tensor], Tensor> {
    const { model, longest } = this.options;
    this.recorded?.dispose();
    const wanted = 2 ** Math.ceil(Math.log2(state.length + LEAST_ROOM));
    const left = longest - this.length;
    this.room = Math.min(wanted, model.config.contextLength ?? Infinity, state.length + left + 1);
    state.reserve(this.room - state.length);
    this.recorded = program((steps) => noGrad(() => this.draw(this.read(this.ids, state), steps)));
    return this.recorded;
  }

  /** Draws a token of each row and notes it. @returns `[3, B]`, float64: ids, log-probabilities, highest logits */
  private draw(logits: Tensor, steps: Tensor): Tensor {
    const [places, forced, made] = steps.unbind(0) as [Tensor, Tensor, Tensor];
    const packed = drawOnDevice(logits, this.options.sampling, { ...this.context, made }, { places, forced });
    this.ids.copy_(packed.select(0, 0).unsqueeze(1));
    this.note(made);
    return packed;
  }

  private note(made: Tensor): void {
    const { history, counts } = this.context;
    history.copy_(cat([history.narrow(1, 1, history.size(1) - 1), this.ids], 1));
    counts?.scatterAdd_(1, this.ids, made.ge(0).to('float64').unsqueeze(1));
  }

  private forget(): void {
    this.recorded?.dispose();
    this.recorded = undefined;
    this.state?.dispose();
    this.state = undefined;
  }
}

/** `[3, B]`, float64: places, forced tokens, tokens made. */
function stepTensor(rows: readonly RowStep[], like: Tensor): Tensor {
  const B = rows.length;
  const values = new Float64Array(3 * B);
  for (const [b, { place, forced, made }] of rows.entries()) {
    values[b] = place;
    values[B + b] = forced;
    values[2 * B + b] = made;
  }
  return tensor(values, { shape: [3, B], device: like.device });
}
