/** One value of a JSON file. */
export interface JsonText {
  bytes: Buffer;
  /** The line in which it begins, counted from 1. */
  line: number;
}

const [QUOTE, BACKSLASH, COMMA, LINE_FEED] = [34, 92, 44, 10];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];
const BYTE_ORDER_MARK = Buffer.of(0xef, 0xbb, 0xbf);
const isSpace = (byte: number): boolean => byte === 32 || (byte >= 9 && byte <= 13);

/** Ends the reading of a file that is no JSON. */
export type RefuseJson = (problem: string, line: number) => never;

/**
 * Cuts a JSON file into its records as its bytes come: the elements of an array around all, else its values one after
 * another. Only where records begin and end is looked at; what is inside them is for a parser.
 */
export class JsonSplitter {
  readonly #refuse: RefuseJson;
  /** Bytes of a record that has begun in an earlier chunk. */
  #held: Buffer[] = [];
  heldBytes = 0;
  line = 1;
  #startLine = 1;
  #begun = false;
  #inList = false;
  #listEnded = false;
  /** A comma has to come before the next element. */
  #needsComma = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The kind of record under way; a scalar ends where white space, a comma or a bracket comes. */
  #record: 'none' | 'container' | 'string' | 'scalar' = 'none';

  /** @param refuse - told what is no JSON between records */
  constructor(refuse: RefuseJson) {
    this.#refuse = refuse;
  }

  /** Takes bytes and returns the records that end in them. */
  push(chunk: Buffer): JsonText[] {
    const records: JsonText[] = [];
    let start = 0;
    const first = this.#begun ? 0 : skipByteOrderMark(chunk);
    for (let at = first; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (byte === LINE_FEED) this.line++;
      if (this.#record === 'none') {
        if (this.#begin(byte)) start = at;
        continue;
      }
      const ends = this.#advance(byte);
      if (ends === 'no') continue;
      const stop = ends === 'with' ? at + 1 : at;
      records.push(this.#take(chunk.subarray(start, stop)));
      if (ends === 'before') this.#begin(byte);
    }
    if (this.#record !== 'none') this.#hold(chunk.subarray(start));
    return records;
  }

  /** The last record, where the file ends with a scalar. */
  end(): JsonText[] {
    if (!this.#begun) this.#refuse('nothing', this.line);
    const scalar = this.#record === 'scalar' && !this.#inList;
    if (this.#record !== 'none' && !scalar) this.#refuse('an end inside a record that begins', this.#startLine);
    if (this.#inList && !this.#listEnded) this.#refuse('an end inside the array', this.line);
    return scalar ? [this.#take(Buffer.alloc(0))] : [];
  }

  /** Looks at a byte between records; true where one begins with it. */
  #begin(byte: number): boolean {
    if (isSpace(byte)) return false;
    if (!this.#begun) {
      this.#begun = true;
      if (byte !== OPEN_LIST && byte !== OPEN_OBJECT) this.#refuse('no record', this.line);
      this.#inList = byte === OPEN_LIST;
      if (this.#inList) return false;
    }
    if (this.#listEnded) this.#refuse('more behind the end of the array', this.line);
    if (this.#inList && byte === CLOSE_LIST) {
      this.#listEnded = true;
      return false;
    }
    if (byte === COMMA && this.#needsComma) {
      this.#needsComma = false;
      return false;
    }
    if (this.#needsComma || byte === COMMA) this.#refuse('a comma that is missing or too many', this.line);
    this.#startLine = this.line;
    this.#needsComma = this.#inList;
    const container = byte === OPEN_LIST || byte === OPEN_OBJECT;
    this.#record = container ? 'container' : byte === QUOTE ? 'string' : 'scalar';
    this.#depth = Number(container);
    this.#inString = byte === QUOTE;
    return true;
  }

  /** Looks at a byte inside a record: whether it ends it, or stands behind its end. */
  #advance(byte: number): 'no' | 'with' | 'before' {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inString = false;
      return !this.#inString && this.#record === 'string' ? 'with' : 'no';
    }
    if (this.#record === 'scalar') return isSpace(byte) || byte === COMMA || byte === CLOSE_LIST ? 'before' : 'no';
    if (byte === QUOTE) this.#inString = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#depth++;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) this.#depth--;
    return this.#depth === 0 ? 'with' : 'no';
  }

  #hold(bytes: Buffer): void {
    this.#held.push(bytes);
    this.heldBytes += bytes.length;
  }

  #take(last: Buffer): JsonText {
    const bytes = this.#held.length === 0 ? last : Buffer.concat([...this.#held, last]);
    [this.#held, this.heldBytes, this.#record] = [[], 0, 'none'];
    return { bytes, line: this.#startLine };
  }
}

function skipByteOrderMark(chunk: Buffer): number {
  return chunk.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
}
