import { formatBytes, raise } from '../../core/index.js';

/** Bytes that are held at once. */
const MOST = 2 ** 28;
const LINE_BREAK_AT_END = /\r?\n$/;

/**
 * All of standard input as UTF-8, without a line break at its end.
 *
 * @param fix - for an input that is too large
 * @throws DataError for more than 256 MiB
 */
export async function readStandardInput(fix = 'Pass less of it at a time.'): Promise<string> {
  const chunks: string[] = [];
  let length = 0;
  for await (const chunk of readChunks()) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MOST) refuseLong(fix);
  }
  return chunks.join('').replace(LINE_BREAK_AT_END, '');
}

/** Standard input as UTF-8 in chunks of any size, without a line break at its end. */
export async function* readStandardInputChunks(): AsyncGenerator<string> {
  let held = '';
  for await (const chunk of readChunks()) {
    const text = held + chunk;
    const end = LINE_BREAK_AT_END.exec(text)?.index ?? text.length;
    held = text.slice(end);
    yield text.slice(0, end);
  }
}

async function* readChunks(): AsyncGenerator<string> {
  for await (const chunk of process.stdin.setEncoding('utf8')) yield chunk as string;
}

function refuseLong(fix: string): never {
  raise('PAL_DATA', {
    where: 'palabra',
    expected: `at most ${formatBytes(MOST)} on standard input`,
    received: 'more',
    fix,
  });
}
