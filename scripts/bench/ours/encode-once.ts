import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** How long some work took, by the clock and of processors, and what it gave. */
export async function timed<T>(work: () => T | Promise<T>): Promise<[{ seconds: number; cpuSeconds: number }, T]> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [{ seconds: (performance.now() - start) / 1000, cpuSeconds: (user + system) / 1e6 }, result];
}

/** 48 bits of a hash. */
function hash(ids: Uint32Array): number {
  const bytes = new Uint8Array(ids.buffer, ids.byteOffset, ids.byteLength);
  return createHash('sha256').update(bytes).digest().readUIntBE(0, 6);
}

/** Encodes the text of a file so many times over as one string, after a first call that loads what is needed. */
export async function encodeOnce(
  file: string,
  times: number,
  encode: (text: string) => Uint32Array,
): Promise<Record<string, number>> {
  const text = readFileSync(file, 'utf8');
  encode('');
  // A string that is one piece of memory, as one that was read from a file is.
  const long = Buffer.from(text.repeat(times)).toString('utf8');
  const [taken, ids] = await timed(() => encode(long));
  return {
    ...taken,
    megabytes: (Buffer.byteLength(text) * times) / 1e6,
    hash: hash(ids),
    maxRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}
