/** Greedy decoding: `c10.ts FOLDER WEIGHTS BATCH PROMPT TOKENS` continues prompts of so many ids each. */
import { generateTexts } from '../../../lib/generation/index.js';
import { loadHuggingFace } from '../../../lib/models/index.js';
import { ByteTokenizer } from '../../../lib/text/index.js';

const [folder = '', weights = 'float32', ...numbers] = process.argv.slice(2);
const [batch = 1, length = 16, tokens = 64] = numbers.map(Number);
/** How many tokens of each text are compared. */
const COMPARED = 32;

const { model, ...loaded } = await loadHuggingFace(folder, weights === 'float32' ? {} : { weights: weights as 'int8' });
const tokenizer = loaded.tokenizer ?? new ByteTokenizer();
const prompts = Array.from({ length: batch }, (_, row) =>
  Array.from({ length }, (__, index) => 20 + ((index * 7919 + row * 31) % 200)),
);

/** Continues all prompts by so many tokens; returns the seconds and the ids. */
async function decode(count: number): Promise<[number, number[][]]> {
  const start = performance.now();
  const texts = await generateTexts(model, tokenizer, prompts, { temperature: 0, maxTokens: count, minTokens: count });
  return [(performance.now() - start) / 1000, texts.map(({ ids }) => ids)];
}

// Records the passes.
await decode(3);
const [first] = await decode(1);
const [whole, ids] = await decode(tokens);
const compared = ids.flatMap((row) => row.slice(0, COMPARED));
console.log(
  JSON.stringify({
    prefill: (batch * length) / first,
    decoded: (batch * (tokens - 1)) / (whole - first),
    ...Object.fromEntries(compared.map((id, index) => [`id${index}`, id])),
  }),
);
process.exit(0);
