import { raise } from '../../core/index.js';
import { expectSameVocabulary } from '../../models/interface/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import type { Tokenizer } from '../../text/index.js';
import { sumCompensated } from '../statistics/describe.js';
import { getText, findUnknownToken } from './document.js';
import type { ScoredDocument } from './document.js';
import { scoreTokens, resolveWindowRule } from './score-tokens.js';
import type { ScoreOptions, TokenScores } from './score-tokens.js';
import type { FirstTokenRule, ScoreReport, TextScore } from './scores.js';

/** Settings of {@link scoreDocuments}. */
export interface ScoreDocumentsOptions extends ScoreOptions {
  /** The id put before each document, so that its first token is predicted too; without it that one is left out. */
  startToken?: number | undefined;
}

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
  expectSameVocabulary('scoreDocuments', model, tokenizer);
  const { startToken } = options;
  const sequences = documents.map((document) => encodeDocument(document, tokenizer, startToken));
  const rule = resolveWindowRule(model, options);
  const scores = await scoreTokens(model, sequences, options);
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
  startToken: number | undefined,
): ArrayLike<number> {
  const ids = typeof document === 'string' ? tokenizer.encode(document) : document.ids;
  if (startToken === undefined || (typeof document !== 'string' && isSpecial(ids[0], tokenizer))) return ids;
  return Uint32Array.of(startToken, ...Array.from(ids));
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

function scoreDocument(
  { losses, hits }: TokenScores,
  text: string,
  ids: ArrayLike<number>,
  { tokenizer, startToken }: { tokenizer: Tokenizer; startToken: number | undefined },
): TextScore {
  // What stands for no text has no bytes to leave out.
  const predicted = ids.length === 0 || hasStart(ids, tokenizer, startToken);
  const unpredicted = predicted ? 0 : tokenizer.tokenBytes(ids[0]!).length;
  const bytes = Buffer.from(text).subarray(unpredicted);
  const unknown = findUnknownToken(tokenizer);
  const counts = {
    nats: sumCompensated(losses),
    tokens: losses.length,
    words: text.split(/\s+/u).filter((word) => word !== '').length,
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

type Counts = Pick<TextScore, 'nats' | 'tokens' | 'words' | 'bytes' | 'characters' | 'unknown'>;

function computeFigures(counts: Counts, hits: number): TextScore {
  const { nats, tokens, words, bytes, characters } = counts;
  const [loss, bits] = [nats / tokens, nats / Math.LN2];
  return {
    ...{ loss, perplexity: Math.exp(loss), wordPerplexity: Math.exp(nats / words) },
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
