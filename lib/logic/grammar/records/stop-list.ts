import { raise, show } from '../../../core/index.js';
import { normalizeInput } from '../../data/clean/normalize-input.js';

/** Sentences that are never drawn, as those by which a model is measured: compared without case, marks and accents. */
export class StopList {
  readonly #known: ReadonlySet<string>;

  /**
   * Notes sentences.
   *
   * @param sentences - any number of them
   * @example new StopList(['Llueve.']).has('llueve') // true
   */
  constructor(sentences: Iterable<string>) {
    this.#known = new Set([...sentences].map(reduceSentence));
  }

  /** How many different sentences it holds. */
  get size(): number {
    return this.#known.size;
  }

  /**
   * Whether a sentence is on the list.
   *
   * @param sentence - in any spelling of case, marks and accents
   * @returns true where one of the list has the same words
   */
  has(sentence: string): boolean {
    return this.#known.size > 0 && this.#known.has(reduceSentence(sentence));
  }
}

function reduceSentence(sentence: string): string {
  return normalizeInput(sentence).normalize('NFD').replace(/\p{M}/gu, '');
}

/**
 * Checks an option that is a {@link StopList}.
 *
 * @param where - the public function
 * @param name - of the option
 * @param value - given
 * @throws ArgumentError for anything else
 */
export function expectStopList(where: string, name: string, value: unknown): void {
  if (value instanceof StopList) return;
  raise('PAL_ARGUMENT', {
    where,
    expected: `${name} to be a StopList`,
    received: show(value),
    fix: 'Make one with new StopList(sentences).',
    details: { name },
  });
}
