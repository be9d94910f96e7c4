import type { ProgressStream } from './progress-stream.js';

/** True once standard error can't be written to any more; undefined while nobody watches it. */
let closed: boolean | undefined;

/**
 * Standard error for what may go unread. Once its reader has left, as behind `2>&1 | head`, or its terminal was hung up,
 * nothing is written any more and the work goes on.
 */
export function openStandardError(): ProgressStream {
  const { stderr } = process;
  if (closed === undefined) {
    closed = false;
    stderr.on('error', () => (closed = true));
  }
  return {
    isTTY: stderr.isTTY,
    get columns() {
      return stderr.columns;
    },
    write: (text) => closed !== true && stderr.write(text),
  };
}
