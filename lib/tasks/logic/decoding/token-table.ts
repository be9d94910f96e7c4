import { raise } from '../../../core/index.js';
import { logicSections } from '../sequence/vocabulary.js';
import type { LogicVocabulary } from '../sequence/vocabulary.js';
import type { OutputState } from './output-state.js';
import { BAR, readSymbol } from './symbols.js';
import { TEXT_STATES, measureText, advanceText } from './text-state.js';

/** The tokens that may follow a state. */
interface Allowed {
  /** `[V]`: by how much each changes the need; {@link REFUSED} where it can't follow. */
  readonly changes: Int16Array;
  /** The highest change. */
  readonly highest: number;
  /** `[V]`: 1 for each token that raises the need by no more than some number. */
  readonly masks: Map<number, Uint8Array>;
}

const REFUSED = 0x7fff;
/** A letter, a space, and every byte inside a character: with them any words can be completed. */
const COMPLETING = [0x20, 0x61, ...Array.from({ length: 0x40 }, (_, i) => 0x80 + i)];

/**
 * The tokens of a vocabulary as symbols: what each means where a mark or a formula is written, and its bytes where words
 * are. What may follow a state is worked out once for each key.
 */
export class TokenTable {
  /** The symbol of each token that stands for one. */
  private readonly marks: ReadonlyMap<number, number>;
  /** The bytes of each token that words are made of; undefined for all others. */
  readonly bytes: readonly (Uint8Array | undefined)[];
  /** By state of words: the state behind each token. */
  private readonly steps: (Int16Array | undefined)[] = Array.from({ length: TEXT_STATES });
  private readonly known = new Map<string, Allowed>();

  /**
   * Reads all tokens.
   * @param vocabulary - of the model
   * @throws ArgumentError where a byte that completes words is no token of its own
   */
  constructor(readonly vocabulary: LogicVocabulary) {
    this.marks = listMarks(vocabulary);
    this.bytes = listWordTokens(vocabulary);
    const single = new Set(this.bytes.flatMap((bytes) => (bytes?.length === 1 ? [bytes[0]!] : [])));
    const missing = COMPLETING.find((byte) => !single.has(byte));
    if (missing !== undefined) refuseByte(missing);
  }

  /**
   * The tokens that may follow.
   * @param state - of the output
   * @param room - symbols that may be written, at least the state's need
   * @returns `[V]`, shared: 1 for each token behind which the output can still be completed, and whether the room refuses
   *   others
   */
  select(state: OutputState, room: number): { mask: Uint8Array; bounded: boolean } {
    const allowed = this.read(state);
    const slack = Math.min(room - 1 - state.need, allowed.highest);
    let mask = allowed.masks.get(slack);
    if (mask === undefined) {
      mask = Uint8Array.from(allowed.changes, (change) => Number(change !== REFUSED && change <= slack));
      allowed.masks.set(slack, mask);
    }
    return { mask, bounded: slack < allowed.highest };
  }

  /**
   * The state behind one more token.
   * @param state - before it
   * @param id - of a token
   * @returns undefined where it can't follow
   */
  step(state: OutputState, id: number): OutputState | undefined {
    const { words } = state;
    if (words !== undefined) {
      const next = this.readSteps(words.state)[id]!;
      if (next >= 0) return words.with(next);
    }
    const mark = this.marks.get(id);
    return mark === undefined || (words !== undefined && mark < 0x100 && mark !== BAR) ? undefined : state.next(mark);
  }

  private read(state: OutputState): Allowed {
    const { key } = state;
    let allowed = this.known.get(key);
    if (allowed === undefined) {
      allowed = this.compute(state);
      this.known.set(key, allowed);
    }
    return allowed;
  }

  private compute(state: OutputState): Allowed {
    const changes = new Int16Array(this.bytes.length).fill(REFUSED);
    const { words } = state;
    if (words !== undefined) {
      const need = measureText(words.state);
      for (const [id, next] of this.readSteps(words.state).entries())
        if (next >= 0) changes[id] = measureText(next) - need;
    }
    for (const id of this.marks.keys()) {
      const next = this.step(state, id);
      if (next !== undefined) changes[id] = next.need - state.need;
    }
    const highest = changes.reduce((most, change) => (change === REFUSED ? most : Math.max(most, change)), -REFUSED);
    return { changes, highest, masks: new Map() };
  }

  /** `[V]`: the state of words behind each token, −1 where it can't follow. */
  private readSteps(state: number): Int16Array {
    return (this.steps[state] ??= Int16Array.from(this.bytes, (bytes) => {
      let now = bytes === undefined || bytes.length === 0 ? -1 : state;
      for (let i = 0; now >= 0 && i < bytes!.length; i++) now = advanceText(now, bytes![i]!);
      return now;
    }));
  }
}

/** The symbols of tokens that stand for one: marks of sections, connectives, and characters of ASCII. */
function listMarks({ sections, eos, symbols: ids }: LogicVocabulary): Map<number, number> {
  return new Map([
    ...logicSections.map((section): [number, number] => [sections[section], readSymbol(section)]),
    [eos, readSymbol('end')],
    ...[...ids].map(([symbol, id]): [number, number] => [id, readSymbol(symbol)]),
  ]);
}

/** The bytes of every token that words may hold: all but special tokens. */
function listWordTokens({ tokenizer }: LogicVocabulary): (Uint8Array | undefined)[] {
  const special = new Set(Object.values(tokenizer.specialTokens ?? {}));
  return Array.from({ length: tokenizer.size }, (_, id) => (special.has(id) ? undefined : tokenizer.tokenBytes(id)));
}

function refuseByte(byte: number): never {
  raise('PAL_ARGUMENT', {
    where: 'TokenTable',
    expected: 'a tokenizer with a token for each byte',
    received: `one without a token for the byte ${byte}`,
    fix: 'Make one with trainLogicTokenizer.',
  });
}
