import { BAR, SPACE } from './symbols.js';

/**
 * The state after some bytes of words: an integer of what a character under way lacks, the kind of the last character, and
 * whether something can be seen. Words are whole characters of UTF-8 without control characters and `|`, a space before
 * each and none behind the last.
 */
export type TextState = number;

/** What may follow inside a character: the bytes, the next such state, for each state from 0, the end of a character. */
const CONTINUATIONS: readonly (readonly [from: number, to: number, next: number])[] = [
  [0, -1, 0],
  [0x80, 0xbf, 0],
  [0x80, 0xbf, 1],
  [0x80, 0xbf, 2],
  [0xa0, 0xbf, 1], // behind E0: no overlong form
  [0x80, 0x9f, 1], // behind ED: no surrogate
  [0x90, 0xbf, 2], // behind F0: no overlong form
  [0x80, 0x8f, 2], // behind F4: nothing above U+10FFFF
  [0xa0, 0xbf, 0], // behind C2: no control character
];
const STATES = CONTINUATIONS.length;
/** The bytes that each of these states lacks. */
const LACKING = [0, 1, 2, 3, 2, 2, 3, 3, 1];

/** The first bytes of characters of several bytes: up to which byte, and the state behind them. */
const LEADS: readonly (readonly [to: number, state: number])[] = [
  [0xc1, -1],
  ...([
    [0xc2, 8],
    [0xdf, 1],
    [0xe0, 4],
    [0xec, 2],
    [0xed, 5],
    [0xef, 2],
  ] as const),
  ...([
    [0xf0, 6],
    [0xf3, 3],
    [0xf4, 7],
    [0xff, -1],
  ] as const),
];
/** First bytes of characters among which are spaces of other widths. */
const MAYBE_BLANK: ReadonlySet<number> = new Set([0xc2, 0xe1, 0xe2, 0xe3, 0xef]);

const [NOTHING, BLANK, OTHER] = [0, 1, 2] as const;

function pack(inside: number, last: number, visible: boolean): TextState {
  return inside + STATES * (last + 3 * Number(visible));
}

const isVisible = (state: TextState): boolean => state >= STATES * 3;
const readLast = (state: TextState): number => Math.floor(state / STATES) % 3;

/** The state before the first byte. */
export const TEXT_START: TextState = pack(0, NOTHING, false);

/** States are integers from 0 below this. */
export const TEXT_STATES = STATES * 6;

/**
 * The state after one more byte.
 *
 * @param state - before it
 * @param byte - from 0 to 255
 * @returns the state, −1 where the byte can't follow
 */
export function advanceText(state: TextState, byte: number): TextState {
  const inside = state % STATES;
  if (inside > 0) {
    const [from, to, next] = CONTINUATIONS[inside]!;
    return byte >= from && byte <= to ? pack(next, OTHER, isVisible(state)) : -1;
  }
  const last = readLast(state);
  if (byte === SPACE) return last === BLANK ? -1 : pack(0, BLANK, isVisible(state));
  if (last === NOTHING || byte < SPACE || byte === 0x7f || byte === BAR) return -1;
  if (byte < 0x7f) return pack(0, OTHER, true);
  const lead = LEADS.find(([to]) => byte <= to)![1];
  return lead < 0 ? -1 : pack(lead, OTHER, isVisible(state) || !MAYBE_BLANK.has(byte));
}

/**
 * The fewest bytes that complete the words.
 *
 * @param state - after some bytes
 * @returns 0 where they are complete
 */
export function measureText(state: TextState): number {
  const [lacking, last] = [LACKING[state % STATES]!, readLast(state)];
  if (last === NOTHING) return 2;
  return lacking + Number(!isVisible(state) || last === BLANK);
}
