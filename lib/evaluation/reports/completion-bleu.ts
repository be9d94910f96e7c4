import { generationConfigSchema } from '../../models/interface/index.js';
import type { OptionChecks } from '../../core/index.js';
import { Random, checkConfig, checkOptions, raise } from '../../core/index.js';
import { generateTexts } from '../../generation/index.js';
import type { GenerationConfig, LanguageModel } from '../../models/interface/index.js';
import type { Tokenizer } from '../../text/index.js';
import { BleuMetric } from '../metrics/bleu-metric.js';
import type { Completion } from '../metrics/bleu-metric.js';
import type { Bleu, BleuOptions, BleuSmoothing } from '../metrics/bleu.js';
import { tokenize13a } from '../metrics/tokenize-13a.js';
import type { CompletionBleu } from './report.js';

/** Settings of {@link computeCompletionBleu}. */
export interface CompletionOptions {
  /** Passages taken from the documents (default 50). */
  passages?: number;
  /** Words that are given (default 20) and words that are to follow (default 20). */
  promptWords?: number;
  completionWords?: number;
  /** Settings of generation (default: greedy). */
  settings?: GenerationConfig;
  smoothing?: BleuSmoothing;
  /** The same seed takes the same passages (default 0). */
  seed?: number;
  signal?: AbortSignal | undefined;
}

/** The keys of {@link CompletionOptions}. */
export const completionKeys: OptionChecks<CompletionOptions> = {
  passages: true,
  promptWords: true,
  completionWords: true,
  settings: checkConfig(generationConfigSchema),
  smoothing: true,
  seed: true,
  signal: true,
};

/** Tokens a word that are generated at most, before the text is cut to its words. */
const TOKENS_A_WORD = 8;

/**
 * Compares completions of passages of unseen text with the true ones, word by word.
 * @throws DataError when the documents hold no such passage
 */
export async function computeCompletionBleu(
  model: LanguageModel,
  tokenizer: Tokenizer,
  documents: readonly string[],
  options: CompletionOptions = {},
): Promise<CompletionBleu> {
  checkOptions('computeCompletionBleu', options, completionKeys);
  const { promptWords = 20, completionWords = 20, settings = { temperature: 0 }, smoothing, seed = 0 } = options;
  const passages = selectPassages(documents, promptWords, completionWords, options);
  const maxTokens = settings.maxTokens ?? TOKENS_A_WORD * completionWords;
  const prompts = passages.map(({ prompt }) => prompt);
  const { signal } = options;
  const texts = await generateTexts(model, tokenizer, prompts, {
    ...settings,
    maxTokens,
    seed,
    ...(signal && { signal }),
  });
  const completions = texts.map(({ text }, i) => ({
    candidate: tokenize13a(text).slice(0, completionWords),
    references: [tokenize13a(passages[i]!.completion).slice(0, completionWords)],
  }));
  const measure = (order: number) => measureBleu(completions, { order, ...(smoothing && { smoothing }) });
  const details = measure(4);
  const bleu = { 1: measure(1).score, 2: measure(2).score, 3: measure(3).score, 4: details.score };
  return { bleu, details, passages: passages.length, promptWords, completionWords };
}

function measureBleu(completions: readonly Completion[], options: BleuOptions): Bleu {
  const metric = new BleuMetric(options);
  metric.start();
  for (const completion of completions) metric.add(completion);
  return metric.detail();
}

interface Passage {
  prompt: string;
  completion: string;
}

function selectPassages(
  documents: readonly string[],
  given: number,
  following: number,
  { passages = 50, seed = 0 }: CompletionOptions,
): Passage[] {
  const all = documents.flatMap((text) => splitPassages(text, given, following));
  if (all.length === 0) {
    const expected = `a passage of ${given + following} words in the documents`;
    raise('PAL_DATA', { where: 'computeCompletionBleu', expected, received: `${documents.length} shorter ones` });
  }
  const order = new Random(seed).split('passages').permutation(all.length);
  return [...order.subarray(0, passages)].sort((a, b) => a - b).map((index) => all[index]!);
}

/** Passages side by side, their white space as it is. */
function splitPassages(text: string, given: number, following: number): Passage[] {
  const words = [...text.matchAll(/\S+/gu)];
  const count = Math.floor(words.length / (given + following));
  return Array.from({ length: count }, (_, i) => {
    const first = i * (given + following);
    const start = words[first]!.index;
    const middle = getEnd(words[first + given - 1]!);
    return {
      prompt: text.slice(start, middle),
      completion: text.slice(middle, getEnd(words[first + given + following - 1]!)),
    };
  });
}

function getEnd(word: RegExpExecArray): number {
  return word.index + word[0].length;
}
