import type { DecodeState } from '../../models/interface/index.js';
import { cat, scope, tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';

/** What was read of some rows: their state, and the logits of the next token of each, `[B, V]`, kept. */
export interface Reading<State extends DecodeState> {
  state: State;
  logits: Tensor;
}

/** Rows that one pass can read, as each has as many tokens to be read. */
export interface RowGroup<State extends DecodeState> {
  /** Their indices. */
  rows: readonly number[];
  /** Reads them; frees what it has made where it fails. */
  read(): Promise<Reading<State>>;
}

/**
 * Groups rows by their length.
 * @param texts - the ids of each row
 * @returns the indices of the rows of each length, in their order
 */
export function groupByLength(texts: readonly (readonly number[])[]): number[][] {
  const groups = new Map<number, number[]>();
  for (const [row, { length }] of texts.entries()) groups.set(length, [...(groups.get(length) ?? []), row]);
  return [...groups.values()];
}

/**
 * Groups rows that one pass can read, with padding behind the shorter ones where they are short: each has more than three
 * quarters of the tokens of its group's longest one.
 * @param texts - the ids of each row
 * @param longest - tokens of a text that may be padded, at most; 0 groups by length alone
 * @returns the indices of the rows of each group
 */
export function groupByCloseLength(texts: readonly (readonly number[])[], longest: number): number[][] {
  const groups: number[][] = [];
  let head = Infinity;
  for (const row of [...texts.keys()].sort((a, b) => texts[b]!.length - texts[a]!.length)) {
    const { length } = texts[row]!;
    if (length === head || (head <= longest && 4 * length > 3 * head)) {
      groups.at(-1)!.push(row);
      continue;
    }
    groups.push([row]);
    head = length;
  }
  return groups;
}

/**
 * Reads rows group by group and puts them side by side in one state.
 * @param groups - every row from 0 on is in one of them
 * @returns the state and logits of all rows, in the order of their indices
 */
export async function readGroups<State extends DecodeState>(
  groups: readonly RowGroup<State>[],
): Promise<Reading<State>> {
  const readings: Reading<State>[] = [];
  try {
    for (const group of groups) readings.push(await group.read());
  } catch (error) {
    for (const { state, logits } of readings) {
      state.dispose();
      logits.dispose();
    }
    throw error;
  }
  const rows = groups.flatMap((group) => group.rows);
  const [first] = readings;
  return readings.length === 1 && rows.every((row, place) => row === place) ? first! : joinReadings(rows, readings);
}

/** One reading with its rows in the order of their indices; `rows` are those of the readings, one after another. */
function joinReadings<State extends DecodeState>(
  rows: readonly number[],
  readings: readonly Reading<State>[],
): Reading<State> {
  const places = rows.map(() => 0);
  for (const [place, row] of rows.entries()) places[row] = place;
  const joined = readings.map(({ state }) => state as DecodeState).reduce(moveBeside);
  const state = joined.select(places) as State;
  joined.dispose();
  const logits = scope(() => {
    const all = cat(
      readings.map((reading) => reading.logits),
      0,
    );
    return all.indexSelect(0, tensor(places, { dtype: 'int64', device: all.device }));
  }).keep();
  for (const reading of readings) reading.logits.dispose();
  return { state, logits };
}

/** A state with the rows of both, which are freed. */
function moveBeside(first: DecodeState, second: DecodeState): DecodeState {
  const both = first.concat(second);
  first.dispose();
  second.dispose();
  return both;
}
