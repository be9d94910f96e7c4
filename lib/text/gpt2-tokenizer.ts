import { BpeTokenizer } from './bpe-tokenizer.js';
import { byteCharacters } from './byte-alphabet.js';

/** What a package of ranks exports. */
interface Ranks {
  /** `! firstRank token token …` in lines, the tokens' bytes in base 64. */
  bpe_ranks: string;
  special_tokens: Record<string, number>;
}

let gpt2: Promise<BpeTokenizer> | undefined;

/**
 * GPT-2's tokenizer with its 50,257 tokens; `<|endoftext|>` is the special one.
 *
 * @example
 * const tokenizer = await gpt2Tokenizer();
 * [...tokenizer.encode('hello world')]; // [31373, 995]
 * @see Radford et al. 2019, Language Models are Unsupervised Multitask Learners, 2.2
 */
export function gpt2Tokenizer(): Promise<BpeTokenizer> {
  gpt2 ??= import('js-tiktoken/ranks/gpt2').then(({ default: ranks }) => fromRanks(ranks));
  return gpt2;
}

function fromRanks({ bpe_ranks: lines, special_tokens: specialTokens }: Ranks): BpeTokenizer {
  const tokens: string[] = [];
  for (const line of lines.split('\n')) {
    const [, first, ...entries] = line.split(' ');
    entries.forEach((entry, index) => (tokens[Number(first) + index] = written(entry)));
  }
  const merges = mergesOf(tokens);
  for (const [token, id] of Object.entries(specialTokens)) tokens[id] = token;
  return new BpeTokenizer({
    tokens,
    merges,
    specialTokens,
    addedTokens: {},
    normalizedTokens: {},
    spelling: { type: 'bytes' },
    pattern: 'gpt-2',
    normalizers: [],
    prefixSpace: false,
    unknownToken: undefined,
    fuseUnknown: false,
    wholePieces: false,
  });
}

function written(base64: string): string {
  return Array.from(Buffer.from(base64, 'base64'), (byte) => byteCharacters[byte]).join('');
}

/** The two tokens that each token was merged from: what its bytes become with the merges before it. */
function mergesOf(tokens: readonly string[]): Uint32Array {
  const rankOf = new Map(tokens.map((token, rank) => [token, rank]));
  const merges = tokens.flatMap((token, rank) => {
    if (token.length === 1) return [];
    const [left, right] = partsBefore(token, rank, rankOf);
    return [rankOf.get(left)!, rankOf.get(right)!, rank];
  });
  return Uint32Array.from(merges);
}

function partsBefore(token: string, rank: number, rankOf: ReadonlyMap<string, number>): [string, string] {
  const parts = [...token];
  while (parts.length > 2) {
    let best = rank;
    let at = 0;
    for (let i = 0; i + 1 < parts.length; i++) {
      const found = rankOf.get(parts[i]! + parts[i + 1]!) ?? rank;
      if (found < best) [best, at] = [found, i];
    }
    parts.splice(at, 2, parts[at]! + parts[at + 1]!);
  }
  return [parts[0]!, parts[1]!];
}
