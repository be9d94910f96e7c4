import { closeSync, openSync, readSync } from 'node:fs';

const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const PT_LOAD = 1;
const DT_NEEDED = 1n;
const DT_STRTAB = 5n;
const HEADER_BYTES = 64;
const STRING_BYTES = 256;

/** The facts of a 64-bit little-endian ELF file that the dynamic linker reads. */
export interface ElfInfo {
  /** The dynamic linker that a program asks for; libraries have none. */
  interpreter: string | undefined;
  /** The names of the libraries that it needs. */
  needed: string[];
}

interface Segment {
  type: number;
  offset: number;
  address: number;
  bytes: number;
}

/**
 * Reads the interpreter and the needed libraries of a program or shared library.
 *
 * @returns undefined when the file is no 64-bit little-endian ELF file
 */
export function readElf(path: string): ElfInfo | undefined {
  const file = openSync(path, 'r');
  try {
    const header = readAt(file, 0, HEADER_BYTES);
    if (header.toString('latin1', 0, 6) !== '\x7fELF\x02\x01') return undefined;
    const segments = readSegments(file, header);
    return { interpreter: readInterpreter(file, segments), needed: readNeeded(file, segments) };
  } finally {
    closeSync(file);
  }
}

function readAt(file: number, offset: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  return buffer.subarray(0, readSync(file, buffer, 0, bytes, offset));
}

function readSegments(file: number, header: Buffer): Segment[] {
  const offset = Number(header.readBigUInt64LE(32));
  const size = header.readUInt16LE(54);
  const count = header.readUInt16LE(56);
  const table = readAt(file, offset, size * count);
  return Array.from({ length: count }, (_, index) => readSegment(table.subarray(index * size, (index + 1) * size)));
}

function readSegment(entry: Buffer): Segment {
  const word = (offset: number): number => Number(entry.readBigUInt64LE(offset));
  return { type: entry.readUInt32LE(0), offset: word(8), address: word(16), bytes: word(32) };
}

function readInterpreter(file: number, segments: Segment[]): string | undefined {
  const segment = segments.find(({ type }) => type === PT_INTERP);
  return segment && readString(file, segment.offset);
}

function readNeeded(file: number, segments: Segment[]): string[] {
  const dynamic = readDynamic(file, segments);
  const table = dynamic.find(([tag]) => tag === DT_STRTAB)?.[1];
  if (table === undefined) return [];
  const start = computeFileOffset(segments, table);
  return dynamic.filter(([tag]) => tag === DT_NEEDED).map(([, name]) => readString(file, start + name));
}

function readDynamic(file: number, segments: Segment[]): [tag: bigint, value: number][] {
  const segment = segments.find(({ type }) => type === PT_DYNAMIC);
  if (segment === undefined) return [];
  const table = readAt(file, segment.offset, segment.bytes);
  return Array.from({ length: Math.floor(table.length / 16) }, (_, index) => [
    table.readBigInt64LE(index * 16),
    Number(table.readBigUInt64LE(index * 16 + 8)),
  ]);
}

/** A virtual address as an offset in the file. */
function computeFileOffset(segments: Segment[], address: number): number {
  const holds = (s: Segment): boolean => s.type === PT_LOAD && s.address <= address && address < s.address + s.bytes;
  const segment = segments.find(holds);
  return segment === undefined ? address : address - segment.address + segment.offset;
}

function readString(file: number, offset: number): string {
  const bytes = readAt(file, offset, STRING_BYTES);
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
}
