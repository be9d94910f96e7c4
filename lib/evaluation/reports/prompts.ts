import type { GenerationConfig } from '../../models/index.js';

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

/** How the openings are continued where a caller says nothing else. */
export const evaluationSettings: Readonly<Record<string, EvaluationSettings>> = {
  conservative: { temperature: 0.7, topK: 50, topP: 0.8, maxTokens: 50, samples: 3 },
  creative: { temperature: 1, topK: 50, topP: 0.9, maxTokens: 80, samples: 3 },
};
