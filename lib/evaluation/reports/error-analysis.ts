import { checkOptions } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { splitSentences } from '../../text/index.js';
import { findLongestRepeatedSpan } from '../metrics/repetition.js';
import { tokenize13a } from '../metrics/tokenize-13a.js';
import { quantile } from '../statistics/describe.js';

/** A generated text, and what it continues. */
export interface AnalyzedText {
  text: string;
  prompt?: string;
  /** The tokens of the text, for {@link ErrorAnalysisOptions.vectors}. */
  ids?: readonly number[];
  /** The tokens of the prompt. */
  promptIds?: readonly number[];
}

/** Settings of {@link analyzeErrors}. */
export interface ErrorAnalysisOptions {
  /** Texts whose sentences have the usual lengths (default: the analysed texts themselves). */
  reference?: readonly string[];
  /** A vector for each token, row by row, to see whether texts leave their topic. */
  vectors?: { values: Float32Array; width: number };
  /** Tokens of a window that is compared with the prompt (default 50). */
  window?: number;
}

/** The keys of {@link ErrorAnalysisOptions}. */
export const errorAnalysisKeys: OptionChecks<ErrorAnalysisOptions> = { reference: true, vectors: true, window: true };

/** A quote or bracket without its partner. */
export interface UnbalancedSign {
  sign: string;
  /** The index in the text, in UTF-16 units. */
  at: number;
}

/** Faults of one text. */
export interface TextFaults {
  /** The longest stretch of words that comes again: its words and their number. */
  repeated: { text: string; words: number };
  unbalanced: UnbalancedSign[];
  /** Sentences that are far longer or shorter than usual, with their words. */
  oddSentences: { text: string; words: number }[];
  /** The cosine between the mean vectors of the prompt and of each window of the text; empty without vectors. */
  topic: number[];
}

/** Faults of some texts. */
export interface ErrorAnalysis {
  texts: TextFaults[];
  /** The share of texts with a repeated stretch of more than 20 words. */
  repeating: number;
  /** The share of texts with an unbalanced sign. */
  unbalanced: number;
  /** The share of sentences of odd length. */
  oddSentences: number;
  /** The mean fall of the cosine with the prompt from the first window to the last; NaN without vectors. */
  drift: number;
}

/** Words of a repeated stretch that is worth a warning. */
const LONG_SPAN = 20;
/** Beyond quartiles ± this many times their distance a length is far out (Tukey 1977). */
const FAR_OUT = 3;

/** Looks for repeated stretches, unbalanced quotes and brackets, odd sentences and texts that leave their topic. */
export function analyzeErrors(texts: readonly AnalyzedText[], options: ErrorAnalysisOptions = {}): ErrorAnalysis {
  checkOptions('analyzeErrors', options, errorAnalysisKeys);
  const usual = computeUsualLengths(options.reference ?? texts.map(({ text }) => text));
  const faults = texts.map((text) => findFaults(text, usual, options));
  const share = (wanted: (faults: TextFaults) => boolean) => faults.filter(wanted).length / faults.length;
  const sentences = texts.reduce((sum, { text }) => sum + splitSentences(text).length, 0);
  const falls = faults.filter(({ topic }) => topic.length > 1).map(({ topic }) => topic[0]! - topic.at(-1)!);
  return {
    texts: faults,
    repeating: share(({ repeated }) => repeated.words > LONG_SPAN),
    unbalanced: share(({ unbalanced }) => unbalanced.length > 0),
    oddSentences: faults.reduce((sum, faults) => sum + faults.oddSentences.length, 0) / sentences,
    drift: falls.reduce((a, b) => a + b, 0) / falls.length,
  };
}

type Lengths = readonly [low: number, high: number];

function findFaults(text: AnalyzedText, [low, high]: Lengths, options: ErrorAnalysisOptions): TextFaults {
  const words = tokenize13a(text.text);
  const span = findLongestRepeatedSpan(words);
  const sentences = splitSentences(text.text).map((sentence) => ({
    text: sentence,
    words: tokenize13a(sentence).length,
  }));
  return {
    repeated: { text: words.slice(span.first, span.first + span.length).join(' '), words: span.length },
    unbalanced: findUnbalancedSigns(text.text),
    oddSentences: sentences.filter(({ words: length }) => length < low || length > high),
    topic: measureTopic(text, options),
  };
}

function computeUsualLengths(texts: readonly string[]): Lengths {
  const lengths = texts.flatMap(splitSentences).map((sentence) => tokenize13a(sentence).length);
  const sorted = lengths.sort((a, b) => a - b);
  const [first, third] = [quantile(sorted, 0.25), quantile(sorted, 0.75)];
  const reach = FAR_OUT * (third - first);
  return [first - reach, third + reach];
}

const PARTNERS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{', '»': '«', '”': '“' };
const OPENING = new Set(Object.values(PARTNERS));

/** Quotes and brackets without a partner: closed before they open, closed by another sign, or never closed. */
export function findUnbalancedSigns(text: string): UnbalancedSign[] {
  const open: UnbalancedSign[] = [];
  const alone: UnbalancedSign[] = [];
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    const wanted = sign === '"' ? '"' : PARTNERS[sign];
    if (wanted !== undefined && open.at(-1)?.sign === wanted) open.pop();
    else if (OPENING.has(sign) || sign === '"') open.push({ sign, at });
    else if (wanted !== undefined) alone.push({ sign, at });
  }
  return [...alone, ...open].sort((a, b) => a.at - b.at);
}

function measureTopic(
  { ids = [], promptIds = [] }: AnalyzedText,
  { vectors, window = 50 }: ErrorAnalysisOptions,
): number[] {
  if (vectors === undefined || promptIds.length === 0) return [];
  const prompt = averageVectors(promptIds, vectors);
  const windows = Array.from({ length: Math.floor(ids.length / window) }, (_, i) =>
    ids.slice(i * window, (i + 1) * window),
  );
  return windows.map((part) => computeCosine(prompt, averageVectors(part, vectors)));
}

function averageVectors(
  ids: readonly number[],
  { values, width }: { values: Float32Array; width: number },
): Float64Array {
  const sum = new Float64Array(width);
  for (const id of ids) for (let i = 0; i < width; i++) sum[i]! += values[id * width + i]! / ids.length;
  return sum;
}

function computeCosine(a: Float64Array, b: Float64Array): number {
  const dot = (x: Float64Array, y: Float64Array) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
