/** Each different token as a number, with how often and in what order the tokens came. */
export class WordTable {
  readonly #ids = new Map<string, number>();
  /** The tokens by id. */
  readonly words: string[] = [];
  /** The count of each, by id. */
  readonly counts: number[] = [];
  /** The number of different tokens after so many; the distances grow evenly on a logarithmic axis. */
  readonly growth: { tokens: number; types: number }[] = [];
  /** All tokens. */
  total = 0;
  readonly #window: number;
  readonly #lastWindow: number[] = [];
  #windowTypes = 0;
  #windowRatios = 0;
  #windows = 0;
  #nextGrowth = 1;

  /** Ratios of types to tokens are averaged over windows of some tokens. */
  constructor(window: number) {
    this.#window = window;
  }

  /** Counts a token and returns its id. */
  add(word: string): number {
    let id = this.#ids.get(word);
    if (id === undefined) {
      id = this.words.length;
      this.#ids.set(word, id);
      this.words.push(word);
      this.counts.push(0);
      this.#lastWindow.push(-1);
    }
    this.counts[id]!++;
    this.total++;
    this.#track(id);
    return id;
  }

  /** The mean ratio of different tokens in the full windows; NaN where there is none. */
  get windowRatio(): number {
    return this.#windows === 0 ? NaN : this.#windowRatios / this.#windows;
  }

  /** The growth so far, ended by what there is now. */
  get curve(): { tokens: number; types: number }[] {
    const last = { tokens: this.total, types: this.words.length };
    return this.growth.at(-1)?.tokens === last.tokens || last.tokens === 0 ? this.growth : [...this.growth, last];
  }

  #track(id: number): void {
    if (this.#lastWindow[id] !== this.#windows) {
      this.#lastWindow[id] = this.#windows;
      this.#windowTypes++;
    }
    if (this.total % this.#window === 0) {
      this.#windowRatios += this.#windowTypes / this.#window;
      this.#windows++;
      this.#windowTypes = 0;
    }
    if (this.total >= this.#nextGrowth) {
      this.growth.push({ tokens: this.total, types: this.words.length });
      this.#nextGrowth = Math.ceil(this.total * 1.3);
    }
  }
}
