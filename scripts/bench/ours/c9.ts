/**
 * Byte-pair encoding with palabra: `c9.ts train FILE VOCAB OUT` writes what it learned, `c9.ts encode FILE TIMES TOKENIZER`
 * encodes the file's text so many times over as one string. The last line gives seconds, megabytes and a hash of the ids.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { BpeTokenizer, tokenizerFromJSON } from '../../../lib/text/index.js';

const [command = '', file = '', ...rest] = process.argv.slice(2);
const text = readFileSync(file, 'utf8');

/** How long some work took, by the clock and of processors, and what it gave. */
async function timed<T>(work: () => T | Promise<T>): Promise<[{ seconds: number; cpuSeconds: number }, T]> {
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

async function train(vocabSize: number, out: string): Promise<object> {
  const [times, tokenizer] = await timed(() => BpeTokenizer.train(text, { vocabSize, minFrequency: 2 }));
  writeFileSync(out, JSON.stringify(tokenizer));
  return { ...times, megabytes: Buffer.byteLength(text) / 1e6 };
}

async function encode(times: number, path: string): Promise<object> {
  const tokenizer = tokenizerFromJSON(JSON.parse(readFileSync(path, 'utf8')));
  tokenizer.encode('');
  // A string that is one piece of memory, as one that was read from a file is.
  const long = Buffer.from(text.repeat(times)).toString('utf8');
  const [taken, ids] = await timed(() => tokenizer.encode(long));
  return {
    ...taken,
    megabytes: (Buffer.byteLength(text) * times) / 1e6,
    hash: hash(ids),
    maxRssBytes: process.resourceUsage().maxRSS * 1024,
  };
}

const [first = '', second = ''] = rest;
const figures = command === 'train' ? await train(Number(first), second) : await encode(Number(first), second);
console.log(JSON.stringify(figures));
