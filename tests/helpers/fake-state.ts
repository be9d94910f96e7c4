import type { DecodeState } from '../../lib/models/index.js';

/** The state of a fake model: it counts the tokens of each row. */
export class FakeState implements DecodeState {
  readonly bytes = 0;

  constructor(
    public lengths: number[],
    private readonly onChange: (states: 1 | -1) => void = () => undefined,
  ) {
    onChange(1);
  }

  get length(): number {
    return Math.max(...this.lengths);
  }

  /** Counts tokens that every row has read. */
  advance(tokens: number): void {
    this.lengths = this.lengths.map((length) => length + tokens);
  }

  tensors(): Record<string, never> {
    return {};
  }

  reset(rows: readonly number[] = [...this.lengths.keys()]): void {
    for (const row of rows) this.lengths[row] = 0;
  }

  select(rows: readonly number[]): FakeState {
    return new FakeState(
      rows.map((row) => this.lengths[row]!),
      this.onChange,
    );
  }

  concat(other: DecodeState): FakeState {
    return new FakeState([...this.lengths, ...other.lengths], this.onChange);
  }

  fork(n: number): FakeState {
    return new FakeState(
      this.lengths.flatMap((length) => Array<number>(n).fill(length)),
      this.onChange,
    );
  }

  dispose(): void {
    this.onChange(-1);
  }
}
