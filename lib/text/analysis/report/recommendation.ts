import { formatBytes, formatCount, formatInteger } from '../../../core/index.js';
import type { CorpusFigures } from '../corpus-figures.js';

/** A recommended value and the figures it rests on. */
export interface Advice<T> {
  value: T;
  reason: string;
}

/** Recommended settings for a corpus. */
export interface Recommendation {
  punctuation: Advice<'keep' | 'strip'>;
  letterCase: Advice<'preserve' | 'lower'>;
  tokenizer: Advice<{ type: 'char' | 'word' | 'bpe'; vocabSize: number }>;
  /** In tokens of the advised tokenizer. */
  sequenceLength: Advice<number>;
  dropout: Advice<number>;
  /** Tokens of the advised tokenizer for each parameter of the default LSTM. */
  tokensPerParameter: Advice<number>;
}

const SMALL = 10 * 2 ** 20;
const TINY = 2 * 2 ** 20;
/** `<PAD>`, `<UNK>`, `<START>` and `<END>`. */
const SPECIAL_TOKENS = 4;

/** Advice from the figures of a corpus. */
export function recommend(figures: CorpusFigures): Recommendation {
  const tokenizer = adviseTokenizer(figures);
  return {
    punctuation: advisePunctuation(figures),
    letterCase: adviseLetterCase(figures),
    tokenizer,
    sequenceLength: adviseLength(figures, tokenizer.value.type),
    dropout: adviseDropout(figures),
    tokensPerParameter: adviseRatio(figures, tokenizer.value),
  };
}

function advisePunctuation({ punctuation }: CorpusFigures): Recommendation['punctuation'] {
  const figures = `${formatPercent(punctuation.share)} of the tokens are marks and ${formatPercent(punctuation.closedSentences)} of the sentences end in one`;
  if (punctuation.share < 0.01 || punctuation.share > 0.5)
    return { value: 'strip', reason: `${figures}: there is little to learn from them` };
  return { value: 'keep', reason: `${figures}: a model learns from them where sentences end` };
}

function adviseLetterCase({ letterCase, counts }: CorpusFigures): Recommendation['letterCase'] {
  const saved = counts.types === 0 ? 0 : 1 - letterCase.foldedTypes / counts.types;
  const figures = `small letters alone would leave out ${formatPercent(saved)} of the different tokens`;
  if (letterCase.upper > 0.5 || (saved > 0.2 && counts.bytes < TINY)) return { value: 'lower', reason: figures };
  return { value: 'preserve', reason: `${figures}, and names would no longer be told from words` };
}

function adviseTokenizer({ counts, characters, vocabulary }: CorpusFigures): Recommendation['tokenizer'] {
  const size = formatBytes(counts.bytes);
  if (counts.bytes < TINY) {
    const reason = `${size} is too little to learn a vocabulary of words from; there are ${formatInteger(characters.distinct)} different characters`;
    return { value: { type: 'char', vocabSize: characters.distinct }, reason };
  }
  if (vocabulary.oovRate < 0.005 && vocabulary.unseenRate < 0.005) {
    const vocabSize = Math.min(counts.types, vocabulary.vocabSize) + SPECIAL_TOKENS;
    const reason = `${formatInteger(vocabulary.vocabSize)} words leave ${formatPercent(vocabulary.oovRate)} of the tokens unknown`;
    return { value: { type: 'word', vocabSize }, reason };
  }
  const vocabSize = 2 ** Math.min(15, Math.max(10, Math.round(Math.log2(counts.tokens / 150))));
  const reason = `${formatInteger(vocabulary.vocabSize)} words leave ${formatPercent(vocabulary.oovRate)} of the tokens unknown, and ${formatPercent(vocabulary.unseenRate)} of new text would be; pieces of words have no such gap`;
  return { value: { type: 'bpe', vocabSize }, reason };
}

/** The length of the longer sentences, in tokens of the tokenizer. */
function adviseLength(figures: CorpusFigures, type: 'char' | 'word' | 'bpe'): Recommendation['sequenceLength'] {
  const { p95 } = figures.sentenceLengths;
  const tokens = p95 * estimateTokensPerWord(figures, type);
  const value = Math.min(1024, Math.max(16, Math.ceil(tokens / 8) * 8));
  return {
    value,
    reason: `95 % of the sentences have at most ${formatInteger(p95)} words and marks, about ${formatInteger(tokens)} tokens`,
  };
}

function adviseDropout({ counts }: CorpusFigures): Recommendation['dropout'] {
  const size = formatBytes(counts.bytes);
  if (counts.bytes < SMALL) return { value: 0.3, reason: `${size} is little and will be seen many times` };
  return { value: 0.1, reason: `${size} is enough that a small model is not soon past learning from it` };
}

function adviseRatio(
  figures: CorpusFigures,
  { type, vocabSize }: { type: 'char' | 'word' | 'bpe'; vocabSize: number },
): Recommendation['tokensPerParameter'] {
  const tokens = figures.counts.tokens * estimateTokensPerWord(figures, type);
  const parameters = countDefaultParameters(vocabSize);
  const value = tokens / parameters;
  const of = `${formatCount(tokens)} tokens for ${formatCount(parameters)} parameters of the default LSTM`;
  return { value, reason: value < 1 ? `${of}: take a smaller model or more text` : of };
}

/** Embedding of 128, two LSTM layers of 256 with two bias vectors each, and the output layer. */
function countDefaultParameters(vocabSize: number): number {
  return vocabSize * 128 + 4 * 256 * (128 + 256 + 2) + 4 * 256 * (256 + 256 + 2) + (256 + 1) * vocabSize;
}

/** Tokens of a tokenizer for each word or mark; BPE by the usual 1.3. */
function estimateTokensPerWord({ counts }: CorpusFigures, type: 'char' | 'word' | 'bpe'): number {
  if (type === 'char') return counts.tokens === 0 ? 1 : counts.characters / counts.tokens;
  return type === 'word' ? 1 : 1.3;
}

function formatPercent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
