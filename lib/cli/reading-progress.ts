import { formatBytes, formatInteger } from '../core/index.js';
import type { ProgressStream } from '../core/index.js';
import type { PrepareProgress, PrepareStage } from '../data/index.js';
import { pluralize } from './print-result.js';

const REDRAW_MS = 200;
const PLAIN_MS = 10_000;

const STAGES: Record<PrepareStage, string> = {
  measure: 'measured, to divide the text',
  learn: 'read, to train on the training part',
  encode: 'encoded',
  write: 'tokens written',
  compare: 'tokens compared, to find what the parts share',
};

/** Shows how far a preparation has come: on a terminal a line that is redrawn, elsewhere a line every ten seconds. */
export class ReadingProgress {
  readonly #stream: ProgressStream;
  readonly #now: () => number;
  #shownAt: number;
  #open = false;

  /**
   * Begins with nothing shown.
   *
   * @param stream - where lines go
   * @param now - a clock in milliseconds
   */
  constructor(stream: ProgressStream, now: () => number = Date.now) {
    this.#stream = stream;
    this.#now = now;
    this.#shownAt = now();
  }

  /** Documents that were encoded. */
  readonly update = ({ documents, bytes }: { documents: number; bytes: number }): void => {
    this.#draw(() => `${pluralize(documents, 'document')}, ${formatBytes(bytes)} encoded`);
  };

  /** A stage of the work. */
  readonly show = ({ stage, done, total }: PrepareProgress): void => {
    if (stage === 'encode') return;
    this.#draw(() => {
      const amount = total === undefined ? formatBytes(done) : `${formatInteger(done)} of ${formatInteger(total)}`;
      return `${amount} ${STAGES[stage]}`;
    });
  };

  /** Takes the line away. */
  finish(): void {
    if (this.#open) this.#stream.write('\r\u001b[K');
    this.#open = false;
  }

  #draw(describe: () => string): void {
    const now = this.#now();
    const terminal = this.#stream.isTTY === true;
    if (now - this.#shownAt < (terminal ? REDRAW_MS : PLAIN_MS)) return;
    this.#shownAt = now;
    this.#open = terminal;
    this.#stream.write(terminal ? `\r\u001b[K${describe()}` : `${describe()}\n`);
  }
}
