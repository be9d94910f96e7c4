import { expectPositiveInteger, raise } from '../../core/index.js';
import type { LSTMState } from '../../nn/index.js';
import { isGradEnabled, noGrad, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { DecodeState } from '../interface/language-model.js';

/** The hidden and cell states after the tokens read so far. */
export class LstmDecodeState implements DecodeState {
  private current: LSTMState | undefined;
  private read_ = 0;
  private inPlace = false;

  constructor(
    /** Sequences side by side, B. */
    readonly batch: number,
    /** Makes the state before the first token, each `[L, B, C]`. */
    private readonly zeros: () => LSTMState,
  ) {
    expectPositiveInteger('LstmDecodeState', 'batch', batch);
  }

  /** Tokens read so far. */
  get length(): number {
    return this.read_;
  }

  /** Bytes of memory held. */
  get bytes(): number {
    return this.current === undefined ? 0 : this.current.hidden.bytes + this.current.cell.bytes;
  }

  /** From now on passes change the state in place; before the first token too, from zeros. */
  reserve(): void {
    this.current ??= scope(() => keepCopy(this.zeros(), (tensor) => tensor.clone()));
    this.inPlace = true;
  }

  /** Goes back to the state before the first token, in place. */
  reset(): void {
    this.read_ = 0;
    const { current } = this;
    if (current === undefined) return;
    noGrad(() => {
      current.hidden.zero_();
      current.cell.zero_();
    });
  }

  replayed(tokens: number): void {
    this.read_ += tokens;
  }

  fork(n: number): LstmDecodeState {
    expectPositiveInteger('LstmDecodeState.fork', 'n', n);
    const copy = new LstmDecodeState(this.batch * n, () => repeatState(this.zeros(), n));
    copy.read_ = this.read_;
    copy.current = this.current && keepCopy(this.current, (tensor) => tensor.repeatInterleave(n, 1));
    return copy;
  }

  dispose(): void {
    this.current?.hidden.dispose();
    this.current?.cell.dispose();
    this.current = undefined;
  }

  /** The state to start from, each `[L, B, C]`; undefined before the first token. */
  read(batch: number): LSTMState | undefined {
    // What a gradient may go back through must not change under it.
    if (batch === this.batch) return this.current && isGradEnabled() ? cloneState(this.current) : this.current;
    raise('PAL_SHAPE', {
      where: 'LstmLanguageModel.forward',
      expected: `a batch of ${this.batch}, as the state`,
      received: String(batch),
    });
  }

  /** Takes over the state after `tokens` more tokens. */
  advance(state: LSTMState, tokens: number): void {
    this.read_ += tokens;
    const before = this.current;
    if (this.inPlace && before !== undefined) return copyIntoState(before, state);
    this.current = keepCopy(state, (tensor) => tensor.detach().clone());
    before?.hidden.dispose();
    before?.cell.dispose();
  }
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

function repeatState({ hidden, cell }: LSTMState, n: number): LSTMState {
  return { hidden: hidden.repeatInterleave(n, 1), cell: cell.repeatInterleave(n, 1) };
}

function keepCopy({ hidden, cell }: LSTMState, copy: (tensor: Tensor) => Tensor): LSTMState {
  const copies = noGrad(() => scope(() => ({ hidden: copy(hidden), cell: copy(cell) })));
  copies.hidden.keep();
  copies.cell.keep();
  return copies;
}
