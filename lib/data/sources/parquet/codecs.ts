import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Refuse } from './byte-reader.js';

/** Turns the stored bytes of a page into as many bytes as its header says. */
export type Decompressor = (stored: Uint8Array, size: number) => Uint8Array;

/** The decompressor of a column. */
export async function loadDecompressor(codec: number, refuse: Refuse): Promise<Decompressor> {
  switch (codec) {
    case 0:
      return (stored) => stored;
    case 1:
      return (await loadCompressors()).SNAPPY!;
    case 2:
      return (stored, size) => gunzipSync(stored, { maxOutputLength: Math.max(1, size) });
    case 4:
      return (stored, size) => brotliDecompressSync(stored, { maxOutputLength: Math.max(1, size) });
    case 5:
      return (await loadCompressors()).LZ4!;
    case 6:
      return loadZstd();
    case 7:
      return (await loadCompressors()).LZ4_RAW!;
    default:
      return refuse(`compression ${codec}, which is none of Snappy, gzip, Brotli, LZ4 and zstd`);
  }
}

/** With the place of the output given, no header can ask for memory. */
async function loadZstd(): Promise<Decompressor> {
  const { decompress } = await import('fzstd');
  return (stored, size) => decompress(stored, new Uint8Array(size));
}

async function loadCompressors(): Promise<Partial<Record<string, Decompressor>>> {
  return (await import('hyparquet-compressors')).compressors;
}
