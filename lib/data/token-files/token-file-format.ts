import { expectOneOf, raise } from '../../core/index.js';

/**
 * Our format, all numbers little-endian: a header of 128 bytes, the tokens, padding to a multiple of 8, and the
 * start of each document as uint64.
 *
 * | byte | field |
 * | --- | --- |
 * | 0 | magic `PALTOKEN` |
 * | 8 | uint32 version, 1 |
 * | 12 | uint32 bytes a token, 2 or 4 |
 * | 16 | uint64 tokens |
 * | 24 | uint64 documents |
 * | 32 | uint32 vocabulary size |
 * | 40 | SHA-256 of the tokenizer's JSON |
 */
export const HEADER_BYTES = 128;

/** The largest header of all formats: what must be read to know a file. */
export const HEAD_BYTES = 1024;

const MAGIC = 'PALTOKEN';
const VERSION = 1;

/** llm.c: 256 int32, of which magic, version and token count are used; uint16 for GPT-2, uint32 for Llama 3. */
const LLM_C = [
  { magic: 20240520, version: 1, bytesPerToken: 2 },
  { magic: 20240801, version: 7, bytesPerToken: 4 },
] as const;

/** The formats of a token file. */
export type TokenFileFormat = 'palabra' | 'llm.c' | 'raw';

/** The location of the tokens in a file. */
export interface TokenFileLayout {
  format: TokenFileFormat;
  bytesPerToken: 2 | 4;
  /** The first byte of the tokens. */
  offset: number;
  /** The number of tokens. */
  length: number;
  documents?: { offset: number; count: number };
  vocabSize?: number;
  tokenizerHash?: string;
}

/** The header of our format. */
export interface TokenFileHeader {
  bytesPerToken: 2 | 4;
  length: number;
  documents: number;
  vocabSize: number;
  /** 64 hexadecimal digits. */
  tokenizerHash: string;
}

/** The header as bytes. */
export function encodeHeader(header: TokenFileHeader): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write(MAGIC, 'latin1');
  bytes.writeUInt32LE(VERSION, 8);
  bytes.writeUInt32LE(header.bytesPerToken, 12);
  bytes.writeBigUInt64LE(BigInt(header.length), 16);
  bytes.writeBigUInt64LE(BigInt(header.documents), 24);
  bytes.writeUInt32LE(header.vocabSize, 32);
  bytes.write(header.tokenizerHash, 40, 'hex');
  return bytes;
}

/** The offset of the document starts: behind the tokens, at a multiple of 8. */
export function computeStartsOffset({
  length,
  bytesPerToken,
}: Pick<TokenFileHeader, 'length' | 'bytesPerToken'>): number {
  return HEADER_BYTES + Math.ceil((length * bytesPerToken) / 8) * 8;
}

/**
 * Reads what a file says of itself.
 *
 * @param path - for messages
 * @param head - its first bytes, {@link HEAD_BYTES} of them where there are as many
 * @param size - its size in bytes
 * @param raw - for a file without a header, the bytes a token takes
 * @throws DataError when the file is in no known format or its size is not what its header says
 */
export function parseTokenFileLayout(
  path: string,
  head: Buffer,
  size: number,
  raw: 2 | 4 | undefined,
): TokenFileLayout {
  if (raw !== undefined) return createRawLayout(path, size, expectOneOf('openTokenFile', 'raw', raw, [2, 4]));
  if (head.length >= HEADER_BYTES && head.toString('latin1', 0, 8) === MAGIC)
    return parsePalabraLayout(path, head, size);
  const known = head.length >= HEAD_BYTES ? LLM_C.find(({ magic }) => magic === head.readInt32LE(0)) : undefined;
  if (known !== undefined) return parseLlmcLayout(path, head, size, known);
  return refuse(
    path,
    'a token file of palabra or llm.c',
    'neither',
    'For a file of ids alone name the bytes a token takes, raw: 2 or 4.',
  );
}

function parsePalabraLayout(path: string, head: Buffer, size: number): TokenFileLayout {
  const [version, bytesPerToken] = [head.readUInt32LE(8), head.readUInt32LE(12)];
  if (version !== VERSION) refuse(path, `version ${VERSION}`, String(version), 'Use a newer palabra.');
  if (bytesPerToken !== 2 && bytesPerToken !== 4) refuse(path, '2 or 4 bytes a token', String(bytesPerToken));
  const [length, count] = [readCount(path, head, 16), readCount(path, head, 24)];
  const documents = { offset: computeStartsOffset({ length, bytesPerToken }), count };
  expectSize(path, documents.offset + 8 * count, size);
  const [vocabSize, tokenizerHash] = [head.readUInt32LE(32), head.toString('hex', 40, 72)];
  return { format: 'palabra', bytesPerToken, offset: HEADER_BYTES, length, documents, vocabSize, tokenizerHash };
}

function parseLlmcLayout(path: string, head: Buffer, size: number, known: (typeof LLM_C)[number]): TokenFileLayout {
  const [version, length] = [head.readInt32LE(4), head.readInt32LE(8)];
  if (version !== known.version) refuse(path, `version ${known.version} of llm.c`, String(version));
  if (length < 0) refuse(path, 'a token count of at least 0', String(length));
  expectSize(path, HEAD_BYTES + length * known.bytesPerToken, size);
  return { format: 'llm.c', bytesPerToken: known.bytesPerToken, offset: HEAD_BYTES, length };
}

function createRawLayout(path: string, size: number, bytesPerToken: 2 | 4): TokenFileLayout {
  if (size % bytesPerToken !== 0) refuse(path, `a multiple of ${bytesPerToken} bytes`, String(size));
  return { format: 'raw', bytesPerToken, offset: 0, length: size / bytesPerToken };
}

function readCount(path: string, head: Buffer, offset: number): number {
  const count = head.readBigUInt64LE(offset);
  if (count >= 2n ** 48n) refuse(path, 'a count below 2^48', String(count));
  return Number(count);
}

function expectSize(path: string, expected: number, size: number): void {
  if (size !== expected) refuse(path, `${expected} bytes, as its header says`, String(size), 'It was cut or damaged.');
}

function refuse(path: string, expected: string, received: string, fix?: string): never {
  raise('PAL_DATA', { where: 'openTokenFile', expected: `${expected} in ${path}`, received, fix, details: { path } });
}
