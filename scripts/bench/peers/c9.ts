/**
 * Byte-pair encoding with gpt-tokenizer and GPT-2's vocabulary: `c9.ts FILE TIMES` encodes the file's text so many times
 * over as one string. The last line gives seconds, megabytes and a hash of the ids.
 */
import { encode } from 'gpt-tokenizer/encoding/r50k_base';
import { encodeOnce } from '../ours/encode-once.js';

const [file = '', times = ''] = process.argv.slice(2);
console.log(JSON.stringify(await encodeOnce(file, Number(times), (text) => Uint32Array.from(encode(text)))));
