import { Random } from '../../lib/core/index.js';
import { resolveSampling, sampleRow } from '../../lib/generation/sampling/sampling.js';
import type { SamplingOptions } from '../../lib/generation/index.js';
import type { DecodeState, LanguageModel } from '../../lib/models/index.js';
import { cat, noGrad, program, scope, tensor } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { difference, randomIds } from './language-model.js';

/**
 * What the state of every model promises, as functions that return the largest difference from the logits of one pass
 * over each row alone. The tests compare it with rounding; a control that breaks the promise shows that they notice.
 */

/** Logits of more tokens `[B, T]` after a state. */
export function read(model: LanguageModel, ids: Tensor, state: DecodeState): Tensor {
  return noGrad(() => model.forward(ids, { training: false, state }));
}

/** Logits of the last `T` of some ids, without a state. */
function readWhole(model: LanguageModel, ids: Tensor, T: number): Tensor {
  const logits = noGrad(() => model.forward(ids, { training: false }));
  return logits.narrow(1, ids.size(1) - T, T);
}

/** Some rows go on by themselves, in another order and one of them twice; the state they come from goes on too. */
export function selectDifference(model: LanguageModel): number {
  return scope(() => {
    const [ids, rows] = [randomIds(3, 9), [2, 0, 0]];
    const state = model.newState(3);
    read(model, ids.narrow(1, 0, 5), state);
    const selected = state.select(rows);
    const order = tensor(rows, { dtype: 'int64' });
    const theirs = read(model, ids.indexSelect(0, order).narrow(1, 5, 4), selected);
    const own = read(model, ids.narrow(1, 5, 4), state);
    expectLengths(state, [9, 9, 9]);
    expectLengths(selected, [9, 9, 9]);
    state.dispose();
    selected.dispose();
    const whole = readWhole(model, ids, 4);
    return Math.max(difference(own, whole), difference(theirs, whole.indexSelect(0, order)));
  });
}

/** Two rows of 4 tokens and one of 7 go on side by side, several tokens at a time and one by one. */
export function concatDifference(model: LanguageModel): number {
  return scope(() => {
    const [short, long] = [randomIds(2, 8), randomIds(1, 11)];
    const [a, b] = [model.newState(2), model.newState(1)];
    read(model, short.narrow(1, 0, 4), a);
    read(model, long.narrow(1, 0, 7), b);
    const both = a.concat(b);
    a.dispose();
    b.dispose();
    expectLengths(both, [4, 4, 7]);
    const next = cat([short.narrow(1, 4, 4), long.narrow(1, 7, 4)], 0);
    const parts = [read(model, next.narrow(1, 0, 2), both), read(model, next.narrow(1, 2, 1), both)];
    parts.push(read(model, next.narrow(1, 3, 1), both));
    both.dispose();
    const whole = cat([readWhole(model, short, 4), readWhole(model, long, 4)], 0);
    return difference(cat(parts, 1), whole);
  });
}

/** Texts that were read with padding behind them, which a shorter state forgets, go on one by one. */
export function shortenDifference(model: LanguageModel): number {
  return scope(() => {
    const [padded, lengths] = [7, [4, 7, 5]];
    const ids = randomIds(3, padded + 3);
    const state = model.newState(3);
    const read0 = read(model, ids.narrow(1, 0, padded), state);
    if (state.shorten === undefined) return 0;
    state.shorten(lengths);
    expectLengths(state, lengths);
    const next = ids.narrow(1, padded, 3);
    const more = cat([read(model, next.narrow(1, 0, 2), state), read(model, next.narrow(1, 2, 1), state)], 1);
    state.dispose();
    const found = lengths.map((length, row) => {
      const text = cat([ids.select(0, row).narrow(0, 0, length), next.select(0, row)], 0).unsqueeze(0);
      const whole = readWhole(model, text, 4);
      const own = cat([read0.select(0, row).narrow(0, length - 1, 1), more.select(0, row)], 0).unsqueeze(0);
      return difference(own, whole);
    });
    return Math.max(...found);
  });
}

/** One row of three starts anew while the others go on, all by one recorded pass that is replayed. */
export async function resetDifference(model: LanguageModel): Promise<number> {
  const [first, more] = [5, 6];
  const ids = scope(() => randomIds(3, first + more));
  const state = model.newState(3);
  const parts = [scope(() => read(model, ids.narrow(1, 0, first), state))];
  state.reserve?.(more);
  using pass = program((tokens: Tensor) => read(model, tokens, state));
  for (let at = first; at < first + more; at++) {
    if (at === first + 1) state.reset([1]);
    parts.push(await pass.run(scope(() => ids.narrow(1, at, 1).contiguous())));
    if (at > first) state.replayed?.(1);
  }
  expectLengths(state, [first + more, more - 1, first + more]);
  state.dispose();
  return scope(() => {
    const seen = cat(parts, 1).narrow(1, first + 1, more - 1);
    const going = readWhole(model, ids, more - 1);
    const anew = readWhole(model, ids.narrow(1, first + 1, more - 1), more - 1);
    const whole = cat([going.narrow(0, 0, 1), anew.narrow(0, 1, 1), going.narrow(0, 2, 1)], 0);
    const found = difference(seen, whole);
    for (const part of [...parts, ids]) part.dispose();
    return found;
  });
}

/** Rows of different lengths by one recorded pass that is replayed. */
export async function replayedRaggedDifference(model: LanguageModel): Promise<number> {
  const [short, long, more] = [3, 8, 6];
  const ids = [scope(() => randomIds(1, short + more)), scope(() => randomIds(1, long + more))] as const;
  const states = [model.newState(1), model.newState(1)] as const;
  scope(() => void read(model, ids[0].narrow(1, 0, short), states[0]));
  scope(() => void read(model, ids[1].narrow(1, 0, long), states[1]));
  const both = states[0].concat(states[1]);
  for (const state of states) state.dispose();
  both.reserve?.(more);
  using pass = program((tokens: Tensor) => read(model, tokens, both));
  const parts: Tensor[] = [];
  for (let at = 0; at < more; at++) {
    const next = scope(() => cat([ids[0].narrow(1, short + at, 1), ids[1].narrow(1, long + at, 1)], 0));
    parts.push(await pass.run(next));
    next.dispose();
    if (at > 0) both.replayed?.(1);
  }
  both.dispose();
  return scope(() => {
    const found = difference(cat(parts, 1), cat([readWhole(model, ids[0], more), readWhole(model, ids[1], more)], 0));
    for (const part of [...parts, ...ids]) part.dispose();
    return found;
  });
}

/** A text that is decoded: its prompt, its random numbers, and what came of it. */
export interface DecodedText {
  ids: number[];
  /** Logits of each token that was sampled. */
  logits: Float32Array[];
}

interface DecodedRow extends DecodedText {
  wanted: number;
  random: Random;
}

/**
 * Decodes texts side by side, each from its own random numbers; up to `width` of them at a time, and each joins and
 * leaves as chance has it.
 * @param prompts - ids of each text
 * @param width - 1 for one text after another
 */
export function decodeTexts(
  model: LanguageModel,
  prompts: readonly (readonly number[])[],
  options: SamplingOptions & { tokens: number; width: number },
): DecodedText[] {
  const { tokens, width, ...settings } = options;
  const sampling = resolveSampling('decodeTexts', settings);
  const chance = new Random(width);
  const rows = prompts.map((ids, i): DecodedRow => ({
    ids: [...ids],
    logits: [],
    wanted: tokens,
    random: new Random(i),
  }));
  const waiting = [...rows];
  let open: DecodedRow[] = [];
  let state: DecodeState | undefined;
  while (waiting.length > 0 || open.length > 0) {
    const joins = open.length === 0 || (open.length < width && chance.integer(3) === 0);
    const next = joins ? waiting.shift() : undefined;
    if (next !== undefined) [open, state] = join(model, next, open, state, sampleNext);
    else for (const [row, values] of readLast(model, open, state!).entries()) sampleNext(open[row]!, values);
    [open, state] = leave(open, state!);
  }
  return rows;

  function sampleNext(row: DecodedRow, logits: Float32Array): void {
    const inputs = { uniform: row.random.float(), forcedToken: -1, generatedCount: row.logits.length };
    row.logits.push(logits);
    row.ids.push(sampleRow(logits, sampling, row.ids, inputs).id);
  }
}

function join(
  model: LanguageModel,
  row: DecodedRow,
  open: readonly DecodedRow[],
  state: DecodeState | undefined,
  sampleNext: (row: DecodedRow, logits: Float32Array) => void,
): [DecodedRow[], DecodeState] {
  const own = model.newState(1);
  sampleNext(row, readRows(model, [row.ids], own)[0]!);
  if (state === undefined) return [[row], own];
  const both = state.concat(own);
  state.dispose();
  own.dispose();
  return [[...open, row], both];
}

function leave(open: readonly DecodedRow[], state: DecodeState): [DecodedRow[], DecodeState | undefined] {
  const staying = [...open.keys()].filter((row) => open[row]!.logits.length < open[row]!.wanted);
  if (staying.length === open.length) return [[...open], state];
  const left = staying.length === 0 ? undefined : state.select(staying);
  state.dispose();
  return [staying.map((row) => open[row]!), left];
}

function readLast(model: LanguageModel, open: readonly DecodedRow[], state: DecodeState): Float32Array[] {
  return readRows(
    model,
    open.map(({ ids }) => ids.slice(-1)),
    state,
  );
}

function readRows(model: LanguageModel, ids: readonly (readonly number[])[], state: DecodeState): Float32Array[] {
  return scope(() => {
    const logits = read(model, tensor(ids, { dtype: 'int64' }), state).select(1, -1); // B V
    return logits.unbind(0).map((row) => row.data() as Float32Array);
  });
}

function expectLengths(state: DecodeState, lengths: readonly number[]): void {
  if (String(state.lengths) === String(lengths)) return;
  throw new Error(`the state counts ${String(state.lengths)} tokens, ${String(lengths)} were read`);
}
