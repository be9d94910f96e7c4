/** A longer line is cut where a part of its text ends, which is before white space. */
const LONGEST = 2 ** 24;

/** A line of a text without its line break, or a piece of a very long one. */
export interface Line {
  text: string;
  /** False for a piece of a line that has begun before. */
  starts: boolean;
  /** False for a piece that its line goes on behind. */
  ends: boolean;
}

/** Cuts texts that come in parts into their lines. No line has to fit into one string. */
export class LineCutter {
  #held: string[] = [];
  #length = 0;
  /** Pieces of the line were given out. */
  #begun = false;

  /**
   * The lines that end in a part, and those whose pieces are held no longer.
   *
   * @param text - the part
   * @param more - true where the next part goes on with the text
   */
  *cut(text: string, more: boolean): Generator<Line> {
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.#hold(text.slice(start, end));
      yield this.#take(true);
      start = end + 1;
    }
    this.#hold(text.slice(start));
    if (!more && (this.#begun || this.#length > 0)) yield this.#take(true);
    else if (this.#length >= LONGEST) yield this.#take(false);
  }

  #hold(text: string): void {
    if (text === '') return;
    this.#held.push(text);
    this.#length += text.length;
  }

  #take(ends: boolean): Line {
    const line = { text: this.#held.join(''), starts: !this.#begun, ends };
    [this.#held, this.#length, this.#begun] = [[], 0, !ends];
    return line;
  }
}
