import { checkOptions, expectPositiveInteger } from '../../../core/index.js';
import { BpeTokenizer, parseTokenizer } from '../../../text/index.js';
import type { Tokenizer, TokenizerJSON } from '../../../text/index.js';
import type { LogicExample } from './encode-record.js';
import { BAR, connectives, logicTokens } from './vocabulary.js';

/** Options of {@link trainLogicTokenizer}. */
export interface LogicTokenizerOptions {
  /** Tokens in all, special ones and bytes too, from 280; fewer where the texts have no more to merge. Default: 8,000. */
  vocabSize?: number;
  /** A pair of tokens that occurs less often is not merged. Default: 2. */
  minFrequency?: number;
  /** Special tokens behind those of {@link logicTokens}, of a task of one's own. */
  extraTokens?: readonly string[];
  /** Stops the training. */
  signal?: AbortSignal;
}

/** The part of a `tokenizer.json` that merges stand in. */
interface StoredModel {
  vocab: Record<string, number>;
  merges: [string, string][];
}

/** The bytes, and no merge. */
const BYTES = 256;

/**
 * Learns the tokens of sentences, clauses, cues and reasoning: byte-level BPE over NFC, with the special tokens of
 * {@link logicTokens} from id 0, the 256 bytes behind them, and then the connectives, each a token of its own. Every text
 * can be written, and comes back as it was. The same records give the same tokenizer.
 *
 * @param records - of the training split alone
 * @param options - the size
 * @returns the tokenizer, whose stored form Hugging Face's tokenizers reads
 * @throws ArgumentError when the size has no room for the bytes, or there is no record
 */
export async function trainLogicTokenizer(
  records: Iterable<LogicExample>,
  options: LogicTokenizerOptions = {},
): Promise<Tokenizer> {
  const {
    vocabSize = 8000,
    extraTokens = [],
    ...settings
  } = checkOptions('trainLogicTokenizer', options, {
    vocabSize: true,
    minFrequency: true,
    extraTokens: true,
    signal: true,
  });
  expectPositiveInteger('trainLogicTokenizer', 'vocabSize', vocabSize);
  const learned = await BpeTokenizer.train(listTexts(records), {
    ...settings,
    vocabSize: vocabSize - countReserved(),
    specialTokens: [...logicTokens, ...extraTokens],
    normalize: ['NFC'],
  });
  return parseTokenizer(reserveConnectives(learned, logicTokens.length + extraTokens.length));
}

/** The texts of records, cut at what is never part of a longer token. */
function* listTexts(records: Iterable<LogicExample>): Generator<string> {
  const apart = new RegExp(`[${connectives.join('')}${BAR}]`, 'u');
  for (const { input, atoms, connectors, reasoning } of records) {
    const words = [...atoms.map(({ gloss }) => gloss), ...connectors.map(({ cue }) => cue), ...reasoning];
    for (const text of [input, ...words]) yield* ` ${text}`.split(apart).filter((part) => part.trim() !== '');
  }
}

/** The bytes of connectives that are merged from left to right, each prefix once. */
function listReserved(): Uint8Array[] {
  const prefixes = connectives.flatMap((connective) => {
    const bytes = new TextEncoder().encode(connective);
    return Array.from({ length: bytes.length - 1 }, (_, i) => bytes.subarray(0, i + 2));
  });
  return [...new Map(prefixes.map((prefix) => [prefix.join(), prefix])).values()];
}

function countReserved(): number {
  return listReserved().length;
}

/** The stored form of a tokenizer with the connectives as its first merges; its bytes stand from `first` on. */
function reserveConnectives(tokenizer: Tokenizer, first: number): TokenizerJSON {
  const stored = tokenizer.toJSON() as TokenizerJSON & { model: StoredModel };
  const tokens = Object.entries(stored.model.vocab)
    .sort(([, a], [, b]) => a - b)
    .map(([token]) => token);
  const written = new Map(
    tokens.slice(first, first + BYTES).map((token, i) => [tokenizer.tokenBytes(first + i)[0]!, token]),
  );
  const write = (bytes: Uint8Array): string => Array.from(bytes, (byte) => written.get(byte)!).join('');
  const merges = listReserved().map((bytes): [string, string] => [
    write(bytes.subarray(0, -1)),
    write(bytes.subarray(-1)),
  ]);
  const reserved = merges.map((merge) => merge.join(''));
  const isNew = (token: string): boolean => !reserved.includes(token);
  const ordered = [...tokens.slice(0, first + BYTES), ...reserved, ...tokens.slice(first + BYTES).filter(isNew)];
  return {
    ...stored,
    model: {
      ...stored.model,
      vocab: Object.fromEntries(ordered.map((token, id) => [token, id])),
      merges: [...merges, ...stored.model.merges.filter((merge) => isNew(merge.join('')))],
    },
  };
}
