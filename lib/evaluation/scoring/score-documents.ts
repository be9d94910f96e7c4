import { checkOptions, raise } from '../../core/index.js';
import { expectRowForEachToken } from '../../models/interface/index.js';
import type { OptionChecks } from '../../core/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { addSpecialTokens, findUnknownToken } from '../../text/index.js';
import type { Tokenizer } from '../../text/index.js';
import { sumCompensated } from '../statistics/describe.js';
import { getText } from './document.js';
import type { ScoredDocument } from './document.js';
import { resolveWindowRule, scoreKeys, scoreTokens } from './score-tokens.js';
import type { ScoreOptions, TokenScores } from './score-tokens.js';
import type { FirstTokenRule, ScoreReport, TextScore } from './scores.js';

/** Settings of {@link scoreDocuments}. */
export interface ScoreDocumentsOptions extends ScoreOptions {
  /** The id put before each document, so that its first token is predicted too; without it that one is left out. */
  startToken?: number | undefined;
  /** Puts the special tokens around a text that the tokenizer's template says (default true). */
  addSpecialTokens?: boolean | undefined;
}

/** The keys of {@link ScoreDocumentsOptions}. */
export const scoreDocumentsKeys: OptionChecks<ScoreDocumentsOptions> = {
  ...scoreKeys,
  startToken: true,
  addSpecialTokens: true,
};

/**
 * Scores documents, each from a fresh context: perplexity by token and by word, bits a byte, accuracy.
 *
 * @param tokenizer - the one the model was trained with
 * @param documents - texts or ids; those without a predicted token don't count
 * @throws DataError when no token is predicted at all
 * @throws ArgumentError for options out of range or another vocabulary than the model's
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 * @example const { perplexity, bitsPerByte } = await scoreDocuments(model, tokenizer, [text], { stride: 64 });
 */
export async function scoreDocuments(
  model: LanguageModel,
  tokenizer: Tokenizer,
  documents: readonly ScoredDocument[],
  options: ScoreDocumentsOptions = {},
): Promise<ScoreReport> {
  const {
    startToken: start,
    addSpecialTokens: adds = true,
    ...windows
  } = checkOptions('scoreDocuments', options, scoreDocumentsKeys);
  expectRowForEachToken('scoreDocuments', model, tokenizer);
  const startToken = start ?? (adds ? tokenizer.template?.before[0] : undefined);
  const sequences = documents.map((document) => encodeDocument(document, tokenizer, options));
  const rule = resolveWindowRule(model, options);
  const scores = await scoreTokens(model, sequences, windows);
  const scored = scores.map((score, i) =>
    scoreDocument(score, getText(documents[i]!), sequences[i]!, { tokenizer, startToken }),
  );
  const whole = sumScores(scored);
  if (whole.tokens === 0) {
    raise('PAL_DATA', { where: 'scoreDocuments', expected: 'a token to predict', received: 'none' });
  }
  return {
    ...whole,
    documents: scored,
    ...{ context: rule.context, stride: rule.stride, stateful: options.stateful ?? false },
    firstToken: describeFirstToken(sequences.map((ids) => hasStart(ids, tokenizer, startToken))),
    dynamic: options.dynamic !== undefined,
  };
}

/** The ids to be read; a document of ids that begins with a special token has its start already. */
function encodeDocument(
  document: ScoredDocument,
  tokenizer: Tokenizer,
  { startToken, addSpecialTokens: adds = true }: ScoreDocumentsOptions,
): ArrayLike<number> {
  const ids = typeof document === 'string' ? tokenizer.encode(document) : document.ids;
  if (typeof document !== 'string' && isSpecial(ids[0], tokenizer)) return ids;
  if (startToken !== undefined) return addSpecialTokens({ template: { before: [startToken], after: [] } }, ids);
  return adds && typeof document === 'string' ? addSpecialTokens(tokenizer, ids) : ids;
}

/**
 * The rule in words.
 * @param opened - whether each document opens with a token that is no text
 */
function describeFirstToken(opened: readonly boolean[]): FirstTokenRule {
  if (!opened.includes(true)) return 'not predicted';
  return opened.includes(false) ? 'after a start token where there is one' : 'after a start token';
}

/** Tells whether the first id is no text but the start of one. */
function hasStart(ids: ArrayLike<number>, tokenizer: Tokenizer, startToken: number | undefined): boolean {
  return ids[0] !== undefined && (ids[0] === startToken || isSpecial(ids[0], tokenizer));
}

function isSpecial(id: number | undefined, tokenizer: Tokenizer): boolean {
  const { specialTokens = {} } = tokenizer;
  return id !== undefined && id !== findUnknownToken(tokenizer) && Object.values(specialTokens).includes(id);
}

/** Bytes of UTF-8 that go on with a code point begin with these two bits. */
const [CONTINUES_MASK, CONTINUES] = [0xc0, 0x80];
const SPACE = 0x20;

function scoreDocument(
  { losses, hits }: TokenScores,
  text: string,
  ids: ArrayLike<number>,
  { tokenizer, startToken }: { tokenizer: Tokenizer; startToken: number | undefined },
): TextScore {
  // What stands for no text has no bytes to leave out.
  const predicted = ids.length === 0 || hasStart(ids, tokenizer, startToken);
  const whole = Buffer.from(text);
  const unpredicted = predicted ? 0 : measureFirstToken(whole, ids[0]!, tokenizer);
  const bytes = whole.subarray(unpredicted);
  const unknown = findUnknownToken(tokenizer);
  const counts = {
    nats: sumCompensated(losses),
    tokens: losses.length,
    words: countWords(bytes.toString()),
    bytes: bytes.length,
    unknown:
      unknown === undefined
        ? 0
        : Array.from(ids)
            .slice(1)
            .filter((id) => id === unknown).length,
    characters: bytes.reduce((sum, byte) => sum + Number((byte & CONTINUES_MASK) !== CONTINUES), 0),
  };
  return computeFigures(counts, sumCompensated(Float64Array.from(hits)));
}

function countWords(text: string): number {
  return text.split(/\s+/u).filter((word) => word !== '').length;
}

/** Bytes of a text that its first token stands for: a space that decoding leaves out is none of them. */
function measureFirstToken(text: Buffer, id: number, tokenizer: Tokenizer): number {
  if (id === findUnknownToken(tokenizer)) return Buffer.byteLength(/^\s*\S*/u.exec(text.toString())![0]);
  const bytes = Buffer.from(tokenizer.tokenBytes(id));
  const without = bytes.subarray(bytes[0] === SPACE ? 1 : 0);
  const begins = (token: Buffer) => text.subarray(0, token.length).equals(token);
  if (begins(bytes)) return bytes.length;
  return begins(without) || tokenizer.leadingSpace === true ? without.length : bytes.length;
}

type Counts = Pick<TextScore, 'nats' | 'tokens' | 'words' | 'bytes' | 'characters' | 'unknown'>;

function computeFigures(counts: Counts, hits: number): TextScore {
  const { nats, tokens, words, bytes, characters } = counts;
  const [loss, bits] = [nats / tokens, nats / Math.LN2];
  return {
    ...{ loss, perplexity: Math.exp(loss), wordPerplexity: words === 0 ? NaN : Math.exp(nats / words) },
    ...{ bitsPerByte: bits / bytes, bitsPerCharacter: bits / characters, accuracy: hits / tokens },
    ...counts,
  };
}

function sumScores(documents: readonly TextScore[]): TextScore {
  const counted = documents.filter(({ tokens }) => tokens > 0);
  const sum = (pick: (one: TextScore) => number) => sumCompensated(counted.map(pick));
  const counts = {
    nats: sum(({ nats }) => nats),
    tokens: sum(({ tokens }) => tokens),
    words: sum(({ words }) => words),
    bytes: sum(({ bytes }) => bytes),
    characters: sum(({ characters }) => characters),
    unknown: sum(({ unknown }) => unknown),
  };
  return computeFigures(counts, Math.round(sum(({ accuracy, tokens }) => accuracy * tokens)));
}
