import type { TokenBatch } from '../../data/index.js';
import { IGNORED_TARGET } from '../../nn/index.js';

/** The rule that cuts a sequence into windows, each of which predicts some of its tokens. */
export interface WindowRule {
  /** The most tokens a model sees, those it predicts from included. */
  context: number;
  /** The most tokens that a window after the first predicts; the rest of its context is read only. */
  stride: number;
  /** True where no token is read twice (default false: a window reads as much as the context holds). */
  sideBySide?: boolean;
}

/** A window of a sequence: inputs, and as targets the tokens it predicts. */
export interface ScoreWindow {
  /** The index of the sequence. */
  sequence: number;
  /** The first token read. */
  start: number;
  /** The first token predicted. */
  from: number;
  /** One past the last token predicted. */
  end: number;
}

/** Windows that predict every token of a sequence but the first exactly once, in order. */
export function* iterateWindows(sequence: number, length: number, rule: WindowRule): Generator<ScoreWindow> {
  const { context, stride, sideBySide = false } = rule;
  for (let from = 1; from < length;) {
    const end = Math.min(length, from === 1 ? context + 1 : from + stride);
    yield { sequence, start: sideBySide ? from - 1 : Math.max(0, end - 1 - context), from, end };
    from = end;
  }
}

/** Rows of windows as a batch of `width` positions: ids, and targets that don't count where nothing is predicted. */
export function buildBatch(
  windows: readonly ScoreWindow[],
  sequences: readonly ArrayLike<number>[],
  width: number,
): TokenBatch {
  const inputs = new Int32Array(windows.length * width);
  const targets = new Int32Array(windows.length * width).fill(IGNORED_TARGET);
  for (const [row, { sequence, start, from, end }] of windows.entries()) {
    const ids = sequences[sequence]!;
    for (let at = start; at < end - 1; at++) {
      const index = row * width + at - start;
      inputs[index] = ids[at]!;
      if (at + 1 >= from) targets[index] = ids[at + 1]!;
    }
  }
  return { inputs, targets, shape: [windows.length, width] };
}
