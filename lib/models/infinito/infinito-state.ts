import { expectPositiveInteger, raise } from '../../core/index.js';
import { cat, noGrad, scope, tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { DecodeState } from '../interface/language-model.js';
import { expectRows, expectSameState, repeatEach } from '../interface/rows.js';

/** Tensors by name, the first axis of each the rows; zeros before the first token. */
export type StateTensors = Record<string, Tensor>;

/**
 * What an Infinito remembers: keys and values of the open segment, and the memory of those before it. All of it has one
 * size however much was read, and changes in place.
 */
export class InfinitoState implements DecodeState {
  readonly lengths: number[];
  private held: StateTensors | undefined;
  private isReserved = false;

  constructor(
    /** Sequences side by side, B. */
    readonly batch: number,
    /** Creates the tensors of some rows before their first token. */
    private readonly createZeros: (batch: number) => StateTensors,
    lengths?: readonly number[],
  ) {
    expectPositiveInteger('InfinitoState', 'batch', batch);
    this.lengths = lengths === undefined ? Array<number>(batch).fill(0) : [...lengths];
  }

  get length(): number {
    return Math.max(...this.lengths);
  }

  get bytes(): number {
    return Object.values(this.tensors()).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** True once passes may be recorded: where rows stand is then known by tensors alone. */
  get reserved(): boolean {
    return this.isReserved;
  }

  /** Each `[B, …]`. */
  tensors(): StateTensors {
    return { ...this.held };
  }

  /** From now on passes can be recorded and replayed; before the first token too, from zeros. */
  reserve(): void {
    this.open();
    this.isReserved = true;
  }

  replayed(tokens: number): void {
    for (const row of this.lengths.keys()) this.lengths[row]! += tokens;
  }

  reset(rows?: readonly number[]): void {
    if (rows !== undefined) expectRows('InfinitoState.reset', rows, this.batch);
    const wanted = new Set(rows ?? this.lengths.keys());
    for (const row of wanted) this.lengths[row] = 0;
    const held = Object.values(this.tensors());
    noGrad(() =>
      scope(() => {
        for (const part of held) clearRows(part, wanted);
      }),
    );
  }

  /**
   * A state of its own with some of the rows.
   * @param rows - from 0 to B − 1, in the order they get
   * @returns tensors of `[rows.length, …]`, copied
   * @throws ArgumentError for a row out of range
   */
  select(rows: readonly number[]): InfinitoState {
    expectRows('InfinitoState.select', rows, this.batch);
    const lengths = rows.map((row) => this.lengths[row]!);
    return this.derive(lengths, (part) =>
      part.indexSelect(0, tensor([...rows], { dtype: 'int64', device: part.device })),
    );
  }

  /**
   * A state of its own with the rows of this one, and after them those of another, whose lengths may be others.
   * @param other - of the same model
   * @returns tensors of `[B + other.batch, …]`, copied; zeros for rows that have read nothing
   * @throws ArgumentError when `other` is no InfinitoState
   */
  concat(other: DecodeState): InfinitoState {
    const theirs = expectSameState<InfinitoState>('InfinitoState.concat', this, other);
    const lengths = [...this.lengths, ...theirs.lengths];
    const joined = new InfinitoState(lengths.length, this.createZeros, lengths);
    if (this.held === undefined && theirs.held === undefined) return joined;
    const [a, b] = [this.open(), theirs.open()];
    joined.held = keepEach(a, (part, name) => cat([part, b[name]!], 0));
    return joined;
  }

  /**
   * A state of its own in which each row of this one stands `n` times in a row.
   * @param n - a positive integer
   * @returns tensors of `[B · n, …]`, copied
   */
  fork(n: number): InfinitoState {
    expectPositiveInteger('InfinitoState.fork', 'n', n);
    return this.derive(repeatEach(this.lengths, n), (part) => part.repeatInterleave(n, 0));
  }

  /** A state of its own that no longer changes with this one. */
  detach(): InfinitoState {
    return this.derive(this.lengths, (part) => part.clone());
  }

  dispose(): void {
    for (const part of Object.values(this.tensors())) part.dispose();
    this.held = undefined;
  }

  /**
   * The tensors, which passes read and change in place.
   * @returns each `[B, …]`, zeros before the first token
   */
  open(): StateTensors {
    return (this.held ??= noGrad(() =>
      keepEach(
        scope(() => this.createZeros(this.batch)),
        (zeros) => zeros,
      ),
    ));
  }

  /**
   * Takes over what more tokens have made of some tensors, without their gradients.
   * @param next - `[B, …]` by the names of the state
   */
  commit(next: Readonly<StateTensors>): void {
    const held = this.open();
    noGrad(() => {
      for (const [name, value] of Object.entries(next)) if (value !== held[name]) held[name]!.copy_(value);
    });
  }

  private derive(lengths: readonly number[], of: (part: Tensor) => Tensor): InfinitoState {
    const derived = new InfinitoState(lengths.length, this.createZeros, lengths);
    derived.held = this.held && keepEach(this.held, of);
    return derived;
  }
}

/**
 * Requires a state of the batch of a pass.
 * @param state - of the context; none where the pass has none
 * @param batch - rows of the pass, B
 * @returns the state
 * @throws ArgumentError for the state of another model
 * @throws ShapeError for another number of rows
 */
export function expectInfinitoState(state: DecodeState | undefined, batch: number): InfinitoState | undefined {
  if (state === undefined) return undefined;
  const where = 'Infinito.forward';
  if (!(state instanceof InfinitoState))
    raise('PAL_ARGUMENT', { where, expected: 'a state of newState()', received: state.constructor.name });
  if (state.batch === batch) return state;
  raise('PAL_SHAPE', { where, expected: `a batch of ${state.batch}, as the state`, received: String(batch) });
}

/** Sets rows to zero in place; others stay bit for bit, and what is no number goes too. */
function clearRows(part: Tensor, rows: ReadonlySet<number>): void {
  const B = part.size(0);
  if (rows.size === B) return void part.zero_();
  const marks = Uint8Array.from({ length: B }, (_, row) => Number(rows.has(row)));
  const shape = [B, ...part.shape.slice(1).map(() => 1)];
  part.maskedFill_(tensor(marks, { shape, dtype: 'bool', device: part.device }), 0);
}

function keepEach(parts: Readonly<StateTensors>, of: (part: Tensor, name: string) => Tensor): StateTensors {
  const made = noGrad(() =>
    scope(() => Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, of(part, name)]))),
  );
  for (const part of Object.values(made)) part.keep();
  return made;
}
