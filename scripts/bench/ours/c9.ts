/**
 * Byte-pair encoding with palabra: `c9.ts train FILE VOCAB OUT` writes what it learned, `c9.ts encode FILE TIMES TOKENIZER`
 * encodes the file's text so many times over as one string; `gpt2` names GPT-2's vocabulary. The last line gives seconds,
 * megabytes and a hash of the ids.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { BpeTokenizer, loadGpt2Tokenizer, parseTokenizer } from '../../../lib/text/index.js';
import { encodeOnce, timed } from './encode-once.js';

const [command = '', file = '', first = '', second = ''] = process.argv.slice(2);

async function train(vocabSize: number, out: string): Promise<object> {
  const text = readFileSync(file, 'utf8');
  const [times, tokenizer] = await timed(() => BpeTokenizer.train(text, { vocabSize, minFrequency: 2 }));
  writeFileSync(out, JSON.stringify(tokenizer));
  return { ...times, megabytes: Buffer.byteLength(text) / 1e6 };
}

async function encode(times: number, path: string): Promise<object> {
  const tokenizer =
    path === 'gpt2' ? await loadGpt2Tokenizer() : parseTokenizer(JSON.parse(readFileSync(path, 'utf8')));
  return await encodeOnce(file, times, (text) => tokenizer.encode(text));
}

const figures = command === 'train' ? await train(Number(first), second) : await encode(Number(first), second);
console.log(JSON.stringify(figures));
