import { expectPositiveInteger, raise } from '../../core/index.js';
import type { LSTMState } from '../../nn/index.js';
import { cat, dims, isGradEnabled, noGrad, scope, tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { DecodeState } from '../interface/language-model.js';
import { expectRows, expectSameState, repeatEach } from '../interface/rows.js';

/** The hidden and cell states after the tokens read so far. */
export class LstmDecodeState implements DecodeState {
  readonly lengths: number[];
  private current: LSTMState | undefined;
  private inPlace = false;

  constructor(
    /** Sequences side by side, B. */
    readonly batch: number,
    /** Makes the state before the first token of some sequences, each `[L, B, C]`. */
    private readonly zeros: (batch: number) => LSTMState,
    lengths?: readonly number[],
  ) {
    expectPositiveInteger('LstmDecodeState', 'batch', batch);
    this.lengths = lengths === undefined ? Array<number>(batch).fill(0) : [...lengths];
  }

  get length(): number {
    return Math.max(...this.lengths);
  }

  get bytes(): number {
    return this.current === undefined ? 0 : this.current.hidden.bytes + this.current.cell.bytes;
  }

  /** Hidden and cell state, each `[L, B, C]`. */
  tensors(): Record<string, Tensor> {
    return { ...this.current };
  }

  /** From now on passes change the state in place; before the first token too, from zeros. */
  reserve(): void {
    this.current ??= scope(() => keepCopy(this.zeros(this.batch), (part) => part.clone()));
    this.inPlace = true;
  }

  reset(rows?: readonly number[]): void {
    if (rows !== undefined) expectRows('LstmDecodeState.reset', rows, this.batch);
    const wanted = new Set(rows ?? this.lengths.keys());
    for (const row of wanted) this.lengths[row] = 0;
    const { current } = this;
    if (current === undefined) return;
    noGrad(() =>
      scope(() => {
        for (const part of [current.hidden, current.cell]) clearRows(part, wanted);
      }),
    );
  }

  replayed(tokens: number): void {
    this.countTokens(tokens);
  }

  /**
   * A state of its own with some of the rows.
   * @param rows - from 0 to B − 1, in the order they get
   * @returns hidden and cell of `[L, rows.length, C]`, copied
   * @throws ArgumentError for a row out of range
   */
  select(rows: readonly number[]): LstmDecodeState {
    expectRows('LstmDecodeState.select', rows, this.batch);
    const lengths = rows.map((row) => this.lengths[row]!);
    return this.copy(lengths, (part) =>
      part.indexSelect(1, tensor([...rows], { dtype: 'int64', device: part.device })),
    );
  }

  /**
   * A state of its own with the rows of this one, and after them those of another, whose lengths may be others.
   * @param other - of the same model
   * @returns hidden and cell of `[L, B + other.batch, C]`, copied; zeros for rows that have read nothing
   * @throws ArgumentError when `other` is no LstmDecodeState
   */
  concat(other: DecodeState): LstmDecodeState {
    const theirs = expectSameState<LstmDecodeState>('LstmDecodeState.concat', this, other);
    const joined = new LstmDecodeState(this.batch + theirs.batch, this.zeros, [...this.lengths, ...theirs.lengths]);
    if (this.current === undefined && theirs.current === undefined) return joined;
    joined.current = scope(() => {
      const [a, b] = [this, theirs].map((state) => state.current ?? state.zeros(state.batch)) as [LSTMState, LSTMState];
      return keepCopies({ hidden: () => cat([a.hidden, b.hidden], 1), cell: () => cat([a.cell, b.cell], 1) });
    });
    return joined;
  }

  /**
   * A state of its own in which each row of this one stands `n` times in a row.
   * @param n - a positive integer
   * @returns hidden and cell of `[L, B · n, C]`, copied
   */
  fork(n: number): LstmDecodeState {
    expectPositiveInteger('LstmDecodeState.fork', 'n', n);
    return this.copy(repeatEach(this.lengths, n), (part) => part.repeatInterleave(n, 1));
  }

  dispose(): void {
    this.current?.hidden.dispose();
    this.current?.cell.dispose();
    this.current = undefined;
  }

  /**
   * The state to start from.
   * @param batch - rows of the pass, B
   * @returns hidden and cell, each `[L, B, C]`; undefined before the first token
   * @throws ShapeError when `batch` is not that of the state
   */
  read(batch: number): LSTMState | undefined {
    // What a gradient may go back through must not change under it.
    if (batch === this.batch) return this.current && isGradEnabled() ? cloneState(this.current) : this.current;
    raise('PAL_SHAPE', {
      where: 'LstmLanguageModel.forward',
      expected: `a batch of ${this.batch}, as the state`,
      received: String(batch),
    });
  }

  /**
   * Takes over the state after more tokens, without its gradient.
   * @param state - each `[L, B, C]`
   * @param tokens - read since
   */
  advance(state: LSTMState, tokens: number): void {
    this.countTokens(tokens);
    const before = this.current;
    if (this.inPlace && before !== undefined) return copyIntoState(before, state);
    this.current = keepCopy(state, (part) => part.detach().clone());
    before?.hidden.dispose();
    before?.cell.dispose();
  }

  private countTokens(tokens: number): void {
    for (const row of this.lengths.keys()) this.lengths[row]! += tokens;
  }

  private copy(lengths: readonly number[], of: (part: Tensor) => Tensor): LstmDecodeState {
    const copy = new LstmDecodeState(lengths.length, this.zeros, lengths);
    copy.current = this.current && keepCopy(this.current, of);
    return copy;
  }
}

/** Sets rows of a state `[L, B, C]` to zero in place; others stay bit for bit, and what is no number goes too. */
function clearRows(part: Tensor, rows: ReadonlySet<number>): void {
  const { B } = dims(part, 'L B C');
  if (rows.size === B) return void part.zero_();
  const marks = Uint8Array.from({ length: B }, (_, row) => Number(rows.has(row)));
  part.maskedFill_(tensor(marks, { shape: [1, B, 1], dtype: 'bool', device: part.device }), 0);
}

function copyIntoState(before: LSTMState, { hidden, cell }: LSTMState): void {
  noGrad(() => {
    before.hidden.copy_(hidden);
    before.cell.copy_(cell);
  });
}

function cloneState({ hidden, cell }: LSTMState): LSTMState {
  return { hidden: hidden.clone(), cell: cell.clone() };
}

function keepCopy({ hidden, cell }: LSTMState, copy: (tensor: Tensor) => Tensor): LSTMState {
  return keepCopies({ hidden: () => copy(hidden), cell: () => copy(cell) });
}

function keepCopies(copies: Readonly<Record<keyof LSTMState, () => Tensor>>): LSTMState {
  const made = noGrad(() => scope(() => ({ hidden: copies.hidden(), cell: copies.cell() })));
  made.hidden.keep();
  made.cell.keep();
  return made;
}
