import { isPalabraError } from '../../core/index.js';
import type { GenerationConfig } from '../../models/interface/index.js';
import type { Tokenizer } from '../../text/index.js';

/** Openings to continue where a caller gives none. */
export const evaluationPrompts: readonly string[] = [
  'The future of artificial intelligence',
  'In a world where technology',
  'Science has shown that',
  'Humans and machines',
  'Once upon a time',
  'The most important discovery',
  'The climate of the earth',
  'Education is',
  'In the depths of space',
  'Language is',
];

/** Settings and how many texts of each prompt. */
export interface EvaluationSettings extends GenerationConfig {
  samples: number;
}

/** Settings of generation where a caller gives none. */
export const evaluationSettings: Readonly<Record<string, EvaluationSettings>> = {
  conservative: { temperature: 0.7, topK: 50, topP: 0.8, maxTokens: 50, samples: 3 },
  creative: { temperature: 1, topK: 50, topP: 0.9, maxTokens: 80, samples: 3 },
};

/** Words of an opening that is taken from a document. */
const PROMPT_WORDS = 5;

/**
 * Openings that all tokenizers can express: some of the given ones, or where none of them can be, the first words of
 * documents.
 * @param candidates - by default {@link evaluationPrompts}
 */
export function selectPrompts(
  tokenizers: readonly Tokenizer[],
  documents: readonly string[],
  candidates = evaluationPrompts,
): readonly string[] {
  const usable = (prompt: string) => tokenizers.every((tokenizer) => canEncode(tokenizer, prompt));
  const known = candidates.filter(usable);
  if (known.length > 0) return known;
  const beginnings = documents.map((text) => text.trim().split(/\s+/u).slice(0, PROMPT_WORDS).join(' '));
  return beginnings.filter(usable).slice(0, evaluationPrompts.length);
}

function canEncode(tokenizer: Tokenizer, text: string): boolean {
  try {
    return tokenizer.encode(text).length > 0;
  } catch (error) {
    // A tokenizer of characters refuses those that it has never seen.
    if (isPalabraError(error) && error.code === 'PAL_ARGUMENT') return false;
    throw error;
  }
}
