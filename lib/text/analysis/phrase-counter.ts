/** A phrase and how often it came. */
export interface CountedPhrase {
  text: string;
  count: number;
  /** Of all that were counted. */
  share: number;
}

/**
 * Counts phrases in bounded memory, as {@link NgramTable} does: where there are too many different ones the rarest are
 * dropped.
 */
export class PhraseCounter {
  readonly #entries = new Map<string, { count: number; missed: number }>();
  readonly #maxEntries: number;
  #total = 0;
  #undercount = 0;

  constructor(maxEntries: number) {
    this.#maxEntries = maxEntries;
  }

  add(phrase: string): void {
    this.#total++;
    const entry = this.#entries.get(phrase);
    if (entry) entry.count++;
    else this.#entries.set(phrase, { count: 1, missed: this.#undercount });
    if (this.#entries.size > this.#maxEntries) this.#drop();
  }

  /** The commonest phrases that came more than once; equally common ones by their code units. */
  commonest(k: number): CountedPhrase[] {
    return [...this.#entries]
      .filter(([, { count }]) => count > 1)
      .sort(([a, { count: m }], [b, { count: n }]) => n - m || (a < b ? -1 : 1))
      .slice(0, k)
      .map(([text, { count }]) => ({ text, count, share: count / this.#total }));
  }

  #drop(): void {
    while (this.#entries.size > (this.#maxEntries * 3) / 4) {
      this.#undercount++;
      for (const [phrase, { count, missed }] of this.#entries) {
        if (count + missed <= this.#undercount) this.#entries.delete(phrase);
      }
    }
  }
}
