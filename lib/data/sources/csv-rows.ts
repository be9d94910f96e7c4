/** A row of a CSV file. */
export interface CsvRow {
  /** The line it starts in, counted from 1. */
  line: number;
  fields: string[];
  /** One of its lines had bytes that are no UTF-8. */
  repaired: boolean;
}

type State = 'start' | 'plain' | 'quoted' | 'closed';

/**
 * Makes rows of lines by RFC 4180: fields may stand in quotes, where a doubled quote stands for one and the delimiter and
 * line breaks are text. Lines end in CRLF or LF. As in other readers, a quote inside a field that does not begin with one is
 * a character like others, and what follows a closing quote belongs to its field.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export class CsvRows {
  readonly #delimiter: string;
  readonly #quoteMark: string;
  readonly #special: RegExp;
  #state: State = 'start';
  #fields: string[] = [];
  #field: string[] = [];
  #row: Omit<CsvRow, 'fields'> | undefined;

  /** The row that the lines so far have begun and not ended. */
  get open(): Readonly<Omit<CsvRow, 'fields'>> | undefined {
    return this.#row;
  }

  /** The characters that the open row holds so far. */
  characters = 0;

  /**
   * Begins with no row.
   *
   * @param delimiter - one character between fields
   * @param quote - one character around fields; '' where none has a meaning
   */
  constructor(delimiter: string, quote: string) {
    this.#delimiter = delimiter;
    this.#quoteMark = quote;
    this.#special = new RegExp(`[${`${quote}${delimiter}`.replace(/[\\\]^-]/g, '\\$&')}]`, 'g');
  }

  /** Takes the next line and returns the row that it ends, if any. */
  push({ text, number, repaired }: { text: string; number: number; repaired: boolean }): CsvRow | undefined {
    const row = (this.#row ??= { line: number, repaired: false });
    row.repaired ||= repaired;
    this.characters += text.length + 1;
    this.#scan(text);
    if (this.#state === 'quoted') {
      this.#field.push('\n');
      return undefined;
    }
    this.#endField();
    return this.#endRow(row);
  }

  #scan(line: string): void {
    let from = 0;
    this.#special.lastIndex = 0;
    for (let found = this.#special.exec(line); found !== null; found = this.#special.exec(line)) {
      const piece = line.slice(from, found.index);
      this.#text(piece);
      from = found.index + 1;
      if (found[0] === this.#quoteMark) this.#quote();
      else if (this.#state === 'quoted') this.#field.push(this.#delimiter);
      else this.#endField();
    }
    const rest = line.slice(from);
    this.#text(this.#state === 'quoted' ? rest : rest.replace(/\r$/, ''));
  }

  #text(piece: string): void {
    if (piece === '') return;
    if (this.#state !== 'quoted') this.#state = 'plain';
    this.#field.push(piece);
  }

  #quote(): void {
    if (this.#state === 'start') this.#state = 'quoted';
    else if (this.#state === 'quoted') this.#state = 'closed';
    else {
      if (this.#state === 'closed') this.#state = 'quoted';
      this.#field.push(this.#quoteMark);
    }
  }

  #endField(): void {
    this.#fields.push(this.#field.length === 1 ? this.#field[0]! : this.#field.join(''));
    this.#field = [];
    this.#state = 'start';
  }

  #endRow(row: Omit<CsvRow, 'fields'>): CsvRow {
    const ended = { ...row, fields: this.#fields };
    this.#fields = [];
    this.#row = undefined;
    this.characters = 0;
    return ended;
  }
}
