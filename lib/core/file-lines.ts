import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { raise } from './errors/errors.js';
import { throwFileError } from './file-error.js';
import { formatBytes } from './format.js';

const CHUNK_BYTES = 2 ** 18;
const LONGEST_LINE = 2 ** 28;
const LINE_FEED = 10;

/** A line of a file without its line feed. */
export interface FileLine {
  text: string;
  /** Counted from 1. */
  number: number;
  /** False for the last, where no line feed is behind it. */
  ended: boolean;
  /** False where bytes that are no UTF-8 became U+FFFD. */
  wellFormed: boolean;
}

/**
 * The lines of a file of any size, some at a time, without a byte order mark. An empty last line is none.
 *
 * @param where - the public function, named in errors
 * @param path - of the file, in UTF-8
 * @throws PalabraError of code PAL_FILE when the system refuses; DataError for a line of more than 256 MiB
 */
export async function* readFileLines(where: string, path: string): AsyncGenerator<FileLine[]> {
  let [held, bytes, number]: [Buffer[], number, number] = [[], 0, 1];
  const take = (last: Buffer, ended: boolean): FileLine[] => {
    const lines = decodeLines(Buffer.concat([...held, last]), number, ended);
    number += lines.length;
    return lines;
  };
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
      const end = chunk.lastIndexOf(LINE_FEED) + 1;
      if (end > 0) {
        yield take(chunk.subarray(0, end - 1), true);
        [held, bytes] = [[], 0];
      }
      held.push(chunk.subarray(end));
      bytes += chunk.length - end;
      if (bytes > LONGEST_LINE) refuseLong(where, path, number);
    }
  } catch (error) {
    throwFileError(where, path, error);
  }
  if (bytes > 0) yield take(Buffer.alloc(0), false);
}

function decodeLines(bytes: Buffer, first: number, ended: boolean): FileLine[] {
  const plain = isUtf8(bytes);
  const texts = plain ? bytes.toString('utf8').split('\n') : cutLines(bytes);
  return texts.map((line, index) => {
    const text = typeof line === 'string' ? line : line.toString('utf8');
    const wellFormed = typeof line === 'string' || isUtf8(line);
    const number = first + index;
    return { text: number === 1 ? text.replace(/^\uFEFF/, '') : text, number, ended, wellFormed };
  });
}

function cutLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, start)) {
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return [...lines, bytes.subarray(start)];
}

function refuseLong(where: string, path: string, line: number): never {
  raise('PAL_DATA', {
    where,
    expected: `lines of at most ${formatBytes(LONGEST_LINE)} in ${path}`,
    received: `a longer one, line ${line}`,
    fix: 'Check that it is the right file.',
    details: { path, line },
  });
}
