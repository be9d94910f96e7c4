import type { TextScore } from '../scoring/scores.js';
import type { ModelFacts } from './facts.js';

/** A judgement of a perplexity in a word. */
export type PerplexityBand = 'excellent' | 'good' | 'casual' | 'more training';

/** A perplexity judged, which holds for one tokenizer alone. */
export interface PerplexityJudgement {
  /** Undefined for tokenizers of characters and bytes, for which there are no bands. */
  band?: PerplexityBand;
  vocabSize: number;
  tokenizer: string;
  /** Nats a token of guessing evenly: ln V; 0 would be perfect. */
  chance: number;
  /** True where a loss below 2 nats was reached, for tokenizers of characters and bytes. */
  useful?: boolean;
  /** All of it in a sentence. */
  explanation: string;
}

const BANDS: readonly (readonly [below: number, band: PerplexityBand])[] = [
  [20, 'excellent'],
  [50, 'good'],
  [100, 'casual'],
  [Infinity, 'more training'],
];

/** Types of tokenizers whose tokens are no words nor parts of words. */
const SMALL = new Set(['char', 'byte']);

/** Nats a character from which on text is of use. */
const USEFUL = 2;

/**
 * Judges a perplexity. The bands were made for word vocabularies of about 10,000; they can't be compared between
 * tokenizers, so the vocabulary always stands beside them.
 */
export function judgePerplexity(
  { loss, perplexity }: Pick<TextScore, 'loss' | 'perplexity'>,
  { vocabSize, tokenizer }: Pick<ModelFacts, 'vocabSize' | 'tokenizer'>,
): PerplexityJudgement {
  const chance = Math.log(vocabSize);
  const small = SMALL.has(tokenizer);
  const [, band] = BANDS.find(([below]) => perplexity < below) ?? BANDS.at(-1)!;
  const useful = loss < USEFUL;
  const verdict = small ? `${useful ? 'below' : 'not below'} ${USEFUL}, where text becomes useful` : `"${band}"`;
  const explanation =
    `Loss ${loss.toPrecision(4)} nats (chance is ln V = ${chance.toPrecision(4)}, perfect 0), perplexity ` +
    `${perplexity.toPrecision(4)} with a ${tokenizer} tokenizer of ${vocabSize.toLocaleString('en')} tokens: ${verdict}. ` +
    "It can't be compared with that of another tokenizer.";
  return { ...(small ? { useful } : { band }), vocabSize, tokenizer, chance, explanation };
}
