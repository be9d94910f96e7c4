import { createWriteStream } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';

import { raise } from '../../core/errors/index.js';

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_BYTES = 22;
const ENTRY_BYTES = 46;
const LOCAL_BYTES = 30;
const MAX_COMMENT_BYTES = 65_535;
const STORED = 0;
const DEFLATED = 8;
/** The value that stands for "see the 64-bit record". */
const BEYOND_32_BITS = 0xffffffff;
/** Larger files are streamed, and flushed to the disk. */
const STREAM_ABOVE_BYTES = 1 << 20;

/** A file in a zip archive. */
export interface ZipEntry {
  name: string;
  method: number;
  crc: number;
  compressedBytes: number;
  bytes: number;
  /** Offset of its local header in the archive. */
  offset: number;
}

/**
 * Lists a zip archive by its central directory.
 *
 * @throws PalabraError PAL_INSTALL when the file is no complete zip archive of less than 4 GiB
 */
export async function readZip(path: string): Promise<Map<string, ZipEntry>> {
  const file = await open(path);
  try {
    const directory = await readDirectory(path, file);
    return new Map(parseEntries(path, directory).map((entry) => [entry.name, entry]));
  } finally {
    await file.close();
  }
}

/**
 * Writes one file of an archive to `target` and checks its length and CRC; a large one is streamed.
 *
 * @throws PalabraError PAL_INSTALL when the content is damaged
 */
export async function extractEntry(archive: string, entry: ZipEntry, target: string): Promise<void> {
  if (entry.bytes <= STREAM_ABOVE_BYTES) await writeFile(target, await readEntry(archive, entry));
  else await streamEntry(archive, entry, target);
}

async function streamEntry(archive: string, entry: ZipEntry, target: string): Promise<void> {
  const file = await open(archive);
  const start = await locateData(archive, file, entry);
  const input = file.createReadStream({ start, end: start + entry.compressedBytes - 1 });
  const inflate = entry.method === STORED ? new PassThrough() : createInflateRaw({ chunkSize: STREAM_ABOVE_BYTES });
  const check = new Checksum();
  await pipeline(input, inflate, check, createWriteStream(target, { flush: true }));
  if (check.bytes !== entry.bytes || check.crc !== entry.crc) throwDamaged(archive, `${entry.name} with a wrong checksum`);
}

/**
 * Reads one small file of an archive into memory.
 *
 * @throws PalabraError PAL_INSTALL when the content is damaged
 */
export async function readEntry(archive: string, entry: ZipEntry): Promise<Buffer> {
  const file = await open(archive);
  try {
    const data = await readAt(file, await locateData(archive, file, entry), entry.compressedBytes);
    const content = entry.method === STORED ? data : inflateRawSync(data, { maxOutputLength: Math.max(1, entry.bytes) });
    return crc32(content) === entry.crc ? content : throwDamaged(archive, `${entry.name} with a wrong checksum`);
  } finally {
    await file.close();
  }
}

class Checksum extends Transform {
  bytes = 0;
  crc = 0;

  override _transform(chunk: Buffer, _: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.bytes += chunk.length;
    this.crc = crc32(chunk, this.crc);
    done(null, chunk);
  }
}

async function readDirectory(path: string, file: FileHandle): Promise<Buffer> {
  const { size } = await file.stat();
  const tail = await readAt(file, Math.max(0, size - END_BYTES - MAX_COMMENT_BYTES), END_BYTES + MAX_COMMENT_BYTES);
  const end = findEnd(tail);
  if (end < 0) return throwDamaged(path, 'a file without the end record of a zip archive');
  const bytes = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  if (offset === BEYOND_32_BITS) return throwDamaged(path, 'a 64-bit zip archive');
  return readAt(file, offset, bytes);
}

function findEnd(tail: Buffer): number {
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) === END_SIGNATURE) return at;
  }
  return -1;
}

function parseEntries(path: string, directory: Buffer): ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at < directory.length; ) {
    if (directory.length < at + ENTRY_BYTES || directory.readUInt32LE(at) !== ENTRY_SIGNATURE) {
      return throwDamaged(path, 'a broken list of files');
    }
    const nameBytes = directory.readUInt16LE(at + 28);
    entries.push(parseEntry(path, directory.subarray(at, at + ENTRY_BYTES + nameBytes)));
    at += ENTRY_BYTES + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

function parseEntry(path: string, record: Buffer): ZipEntry {
  const entry = {
    name: record.toString('utf8', ENTRY_BYTES),
    method: record.readUInt16LE(10),
    crc: record.readUInt32LE(16),
    compressedBytes: record.readUInt32LE(20),
    bytes: record.readUInt32LE(24),
    offset: record.readUInt32LE(42),
  };
  if (entry.method !== STORED && entry.method !== DEFLATED) throwDamaged(path, `compression ${entry.method}`);
  if ([entry.compressedBytes, entry.bytes, entry.offset].includes(BEYOND_32_BITS)) throwDamaged(path, 'a 64-bit entry');
  return entry;
}

async function locateData(path: string, file: FileHandle, entry: ZipEntry): Promise<number> {
  const header = await readAt(file, entry.offset, LOCAL_BYTES);
  if (header.length < LOCAL_BYTES) return throwDamaged(path, `no data for ${entry.name}`);
  return entry.offset + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function readAt(file: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, offset);
  return buffer.subarray(0, bytesRead);
}

function throwDamaged(path: string, received: string): never {
  raise('PAL_INSTALL', {
    where: 'libtorch install',
    expected: `${path} to be a complete wheel`,
    received,
    fix: 'Remove the file and fetch it again.',
    details: { path },
  });
}
