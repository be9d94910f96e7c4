import type { Random } from '../../../lib/core/index.js';
import type { OutputState } from '../../../lib/tasks/logic/decoding/output-state.js';
import { SYMBOL_COUNT } from '../../../lib/tasks/logic/decoding/symbols.js';

interface Choice {
  symbol: number;
  next: OutputState;
}

const everySymbol = Array.from({ length: SYMBOL_COUNT }, (_, symbol) => symbol);
const marks = everySymbol.filter((symbol) => symbol > 0xff || '():|pqrstuvw1'.includes(String.fromCharCode(symbol)));

/** The symbols that may follow a state, with the state behind each. */
export function listNext(state: OutputState, among: readonly number[] = everySymbol): Choice[] {
  return among
    .map((symbol) => ({ symbol, next: state.next(symbol) }))
    .filter((one): one is Choice => one.next !== undefined);
}

/** Marks and some bytes; all of them where none of these may follow. */
function draw(random: Random, state: OutputState, room: number): Choice {
  const select = (among: readonly number[]): Choice[] => listNext(state, among).filter(({ next }) => next.need <= room);
  const often = state.words === undefined || random.float() < 0.4 ? select(marks) : [];
  const bytes = (): number[] =>
    Array.from({ length: 8 }, () => (random.float() < 0.8 ? random.integer(128) : random.integer(256)));
  const some = often.length > 0 ? often : select(bytes());
  const from = some.length > 0 ? some : select(everySymbol);
  return from[random.integer(from.length)]!;
}

/** A random output of at most some symbols; marks are likelier than their share. */
export function walk(
  random: Random,
  start: OutputState,
  budget: number,
  onState: (state: OutputState) => void = () => undefined,
): number[] {
  const written: number[] = [];
  for (let state = start; state.need > 0;) {
    onState(state);
    const { symbol, next } = draw(random, state, budget - written.length - 1);
    written.push(symbol);
    state = next;
  }
  return written;
}
