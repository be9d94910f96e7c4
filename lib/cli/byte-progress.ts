import { formatBytes } from '../core/index.js';
import type { ProgressStream } from '../core/index.js';
import type { InstallProgress } from '../native/libtorch/index.js';

const REDRAW_MS = 100;
/** Shorter works show no bar. */
const MIN_BYTES = 10 * 2 ** 20;

/** Shows the steps of an installation: a line each, and on a terminal how many bytes are done. */
export class ByteProgress implements InstallProgress {
  readonly #stream: ProgressStream | undefined;
  #shownAt = 0;
  #open = false;

  /** @param stream - undefined shows nothing */
  constructor(stream: ProgressStream | undefined) {
    this.#stream = stream;
  }

  readonly message = (text: string): void => {
    this.finish();
    this.#stream?.write(`${text}\n`);
  };

  readonly bytes = (done: number, total: number): void => {
    const now = Date.now();
    if (!this.#stream?.isTTY || total < MIN_BYTES || (done < total && now - this.#shownAt < REDRAW_MS)) return;
    this.#shownAt = now;
    this.#open = true;
    this.#stream.write(`\r\u001b[KExtracting ${formatBytes(done)} of ${formatBytes(total)}`);
  };

  /** Ends the open line. */
  finish(): void {
    if (this.#open) this.#stream?.write('\n');
    this.#open = false;
  }
}
