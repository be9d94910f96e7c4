import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { throwFileError, isPalabraError, isSystemError, raise } from '../../../core/index.js';
import type { Reading } from '../reading.js';
import { decompressZstd } from './zstd.js';

const CHUNK_BYTES = 2 ** 18;
/** Small files may be as dense as they like. */
const FREE_BYTES = 2 ** 24;

type Format = 'gzip' | 'zstd' | 'plain';

const ENDINGS: Partial<Record<string, Format>> = { gz: 'gzip', gzip: 'gzip', zst: 'zstd', zstd: 'zstd' };

/** The bytes of a file in chunks, decompressed where its first bytes say gzip or zstd. */
export async function* decompressFile(path: string, reading: Reading): AsyncGenerator<Buffer> {
  const bytes = { in: 0, out: 0 };
  const damaged = (received: string, cause?: unknown): never => refuseDamaged(reading.where, path, received, cause);
  const stored = countBytes(createReadStream(path, { highWaterMark: CHUNK_BYTES }), bytes);
  try {
    const first = await stored.next();
    const head = first.done === true ? Buffer.alloc(0) : first.value;
    const format = detectFormat(path, head, reading);
    for await (const chunk of decodeStream(format, prependHead(head, stored), damaged)) {
      bytes.out += chunk.length;
      checkLimits(path, reading, bytes);
      yield chunk;
    }
  } catch (error) {
    if (isPalabraError(error)) throw error;
    if (isSystemError(error)) throwFileError(reading.where, path, error);
    damaged((error as Error).message, error);
  } finally {
    await stored.return(undefined);
  }
}

async function* countBytes(chunks: AsyncIterable<unknown>, bytes: { in: number }): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    bytes.in += (chunk as Buffer).length;
    yield chunk as Buffer;
  }
}

async function* prependHead(head: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}

function decodeStream(
  format: Format,
  stored: AsyncIterable<Buffer>,
  damaged: (received: string) => never,
): AsyncIterable<Buffer> {
  if (format === 'plain') return stored;
  return format === 'zstd' ? decompressZstd(stored, damaged) : gunzip(stored);
}

function gunzip(stored: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // A failure destroys the last stream with its error, which the loop over it then throws.
  return pipeline(stored, createGunzip({ chunkSize: CHUNK_BYTES }), () => {});
}

/** No UTF-8 text starts with the magic bytes of either format. */
function detectFormat(path: string, head: Buffer, reading: Reading): Format {
  const named = ENDINGS[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? 'plain';
  const found = detectMagic(head);
  if (named === 'plain' || named === found) return found;
  return raise('PAL_DATA', {
    where: reading.where,
    expected: `${path} to be ${named} data, as its name says`,
    received: head.length === 0 ? 'an empty file' : `a file in ${found === 'plain' ? 'another format' : found}`,
    fix: 'Rename the file or take another copy.',
    details: { path },
  });
}

function detectMagic(head: Buffer): Format {
  if (head.length < 4) return 'plain';
  if (head.readUInt16BE(0) === 0x1f8b) return 'gzip';
  const word = head.readUInt32LE(0);
  return word === 0xfd2fb528 || (word & 0xfffffff0) >>> 0 === 0x184d2a50 ? 'zstd' : 'plain';
}

function checkLimits(path: string, reading: Reading, bytes: { in: number; out: number }): void {
  const { fileBytes, ratio } = reading.rules.limits;
  if (bytes.out > fileBytes) reading.exceeded(path, 'fileBytes', 'more bytes');
  if (bytes.out > FREE_BYTES && bytes.out > ratio * bytes.in) {
    reading.exceeded(path, 'ratio', `${bytes.out} bytes from ${bytes.in}`);
  }
}

function refuseDamaged(where: string, path: string, received: string, cause: unknown): never {
  raise('PAL_DATA', {
    where,
    expected: `${path} to be whole and well-formed`,
    received,
    fix: 'The file was cut short or damaged: take another copy.',
    details: { path },
    cause,
  });
}
