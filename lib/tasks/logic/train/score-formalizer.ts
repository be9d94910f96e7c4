import { bootstrapInterval } from '../../../evaluation/index.js';
import { generateTexts } from '../../../generation/index.js';
import { parseFormula, scorePrediction } from '../../../logic/index.js';
import type { PredictionScores } from '../../../logic/index.js';
import type { LanguageModel } from '../../../models/interface/index.js';
import { decodeLogicSequence } from '../sequence/decode-sequence.js';
import { encodeLogicPrompt } from '../sequence/encode-record.js';
import type { LogicExample } from '../sequence/encode-record.js';
import type { LogicVocabulary } from '../sequence/vocabulary.js';
import type { LogicSettings } from './options.js';
import type { PreparedLogic } from './prepare-data.js';

/** How well a model formalises some sentences. */
export interface FormalizerScores {
  /** Sentences. */
  count: number;
  /** The mean of each score over all sentences; what is no formula has 0. */
  scores: PredictionScores;
  /** The 95 % interval of the share of equivalent formulas. */
  equivalence: { low: number; high: number };
}

/** Sentences that are decoded side by side, and the most tokens of an answer. */
const [ROWS, LONGEST] = [32, 320];

/**
 * Formalises sentences greedily, without any constraint, and scores what comes of it.
 *
 * @param model - of the vocabulary
 * @param vocabulary - of the model
 * @param examples - sentences and their formulas; at least one
 * @param signal - stops the work
 * @returns means over the sentences
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function scoreFormalizer(
  model: LanguageModel,
  vocabulary: LogicVocabulary,
  examples: readonly LogicExample[],
  signal?: AbortSignal,
): Promise<FormalizerScores> {
  const all: PredictionScores[] = [];
  for (let at = 0; at < examples.length; at += ROWS) {
    const batch = examples.slice(at, at + ROWS);
    const prompts = batch.map(({ input }) => Array.from(encodeLogicPrompt(input, vocabulary)));
    const longest = Math.max(...prompts.map(({ length }) => length));
    const { contextLength = Infinity } = model.config;
    const options = { temperature: 0, maxTokens: Math.max(1, Math.min(LONGEST, contextLength - longest)) };
    const written = await generateTexts(model, vocabulary.tokenizer, prompts, {
      ...options,
      ...(signal && { signal }),
    });
    all.push(...batch.map((example, row) => scoreIds(written[row]!.ids, example, vocabulary)));
  }
  return summarizeScores(all);
}

/**
 * Scores a model on the sentences of each kind that are held out.
 *
 * @param model - of the vocabulary
 * @param prepared - the vocabulary and the sentences
 * @param settings - how many of each kind at most, and who hears of it
 * @returns scores by kind
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function scoreHeld(
  model: LanguageModel,
  { splits, vocabulary }: Pick<PreparedLogic, 'splits' | 'vocabulary'>,
  { onStage, held, signal }: Pick<LogicSettings, 'onStage' | 'held' | 'signal'>,
): Promise<Record<string, FormalizerScores>> {
  const scores: Record<string, FormalizerScores> = {};
  for (const [name, examples] of Object.entries(splits.held)) {
    onStage?.('measuring', `${examples.length} sentences, ${name}`);
    scores[name] = await scoreFormalizer(model, vocabulary, examples.slice(0, held), signal);
  }
  return scores;
}

function scoreIds(ids: readonly number[], { formula, atoms }: LogicExample, vocabulary: LogicVocabulary) {
  const decoded = decodeLogicSequence(ids, vocabulary);
  const given = decoded.atoms.length > 0;
  const predicted = decoded.tree && { formula: decoded.tree, ...(given && { atoms: decoded.atoms }) };
  return scorePrediction(predicted, { formula: parseFormula(formula), ...(given && { atoms }) });
}

function summarizeScores(all: readonly PredictionScores[]): FormalizerScores {
  const mean = (name: keyof PredictionScores): number => all.reduce((sum, one) => sum + one[name], 0) / all.length;
  const names = Object.keys(all[0]!) as (keyof PredictionScores)[];
  const scores = Object.fromEntries(names.map((name) => [name, mean(name)])) as unknown as PredictionScores;
  const { low, high } = bootstrapInterval(all.map(({ semantic }) => semantic));
  return { count: all.length, scores, equivalence: { low, high } };
}
