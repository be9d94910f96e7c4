import { formatBytes } from '../core/index.js';
import type { ProgressStream } from '../core/index.js';
import { pluralize } from './print-result.js';

const REDRAW_MS = 200;

/** Shows on a terminal how much text has been read; elsewhere nothing. */
export class ReadingProgress {
  readonly #stream: ProgressStream;
  readonly #now: () => number;
  #shownAt: number;
  #open = false;

  /** @param now - a clock in milliseconds */
  constructor(stream: ProgressStream, now: () => number = Date.now) {
    this.#stream = stream;
    this.#now = now;
    this.#shownAt = now();
  }

  readonly update = ({ documents, bytes }: { documents: number; bytes: number }): void => {
    const now = this.#now();
    if (this.#stream.isTTY !== true || now - this.#shownAt < REDRAW_MS) return;
    this.#shownAt = now;
    this.#open = true;
    this.#stream.write(`\r\u001b[K${pluralize(documents, 'document')}, ${formatBytes(bytes)} encoded`);
  };

  /** Takes the line away. */
  finish(): void {
    if (this.#open) this.#stream.write('\r\u001b[K');
    this.#open = false;
  }
}
