import { scoreDocuments } from '../../../evaluation/scoring/index.js';
import type { LanguageModel } from '../../../models/interface/index.js';
import type { ChatTemplate, Tokenizer } from '../../../text/index.js';
import type { EncodedExample } from '../read-instructions.js';
import { compareScores } from './compare-scores.js';
import type { GateSettings } from './gate-options.js';
import { readGeneralTexts } from './general-texts.js';
import { checkGenerations } from './generation-checks.js';
import type { ComparedLosses, FileTrials, GenerationFigures, QualityReport } from './quality-report.js';
import { scoreExamples } from './score-examples.js';
import type { AnswerScore } from './answer-scores.js';

/** The held-out examples of a file. */
export interface ValidationSet {
  readonly dataset: string;
  readonly examples: readonly EncodedExample[];
  /** True for a file that was trained before the version that is judged. */
  readonly earlier: boolean;
}

/** What quality is measured with. */
export interface QualityInputs {
  model: LanguageModel;
  tokenizer: Tokenizer;
  template: ChatTemplate;
  /** The most tokens of a window. */
  length: number;
  validation: readonly ValidationSet[];
  settings: GateSettings;
  signal?: AbortSignal | undefined;
}

/** The losses of a model as it is. */
export interface MeasuredModel {
  /** On held-out answers, by the hash of the example. */
  scores: ReadonlyMap<string, AnswerScore>;
  /** On general text. */
  generalPerplexity: number;
}

/**
 * Measures the losses of a model as it is.
 * @param inputs - the model with the adapters that act, and what it is measured on
 * @returns losses on held-out answers and on general text
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function measureModel(inputs: QualityInputs): Promise<MeasuredModel> {
  const { model, tokenizer, length, validation, settings, signal } = inputs;
  const examples = validation.flatMap((set) => set.examples);
  const scores = await scoreExamples(model, examples, { length, signal });
  const texts = await readGeneralTexts('quality gate', settings.regressionFile);
  const context = Math.min(length, model.config.contextLength ?? length);
  const { perplexity } = await scoreDocuments(model, tokenizer, texts, { context, signal });
  return { scores, generalPerplexity: perplexity };
}

/** What is measured of a version, and of what came before it. */
export interface MeasuredVersion {
  /** Losses without adapters. */
  base: MeasuredModel;
  /** Losses of the version before; undefined for none. */
  current: MeasuredModel | undefined;
  version: MeasuredModel;
  trials: FileTrials;
}

/**
 * Reports on the version that acts in a model.
 * @param inputs - the model with the version's adapters, and what it is measured on
 * @param measured - its losses and those before
 * @returns all figures
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function reportQuality(
  inputs: QualityInputs,
  { base, current, version, trials }: MeasuredVersion,
): Promise<QualityReport> {
  const { validation } = inputs;
  const list = (sets: readonly ValidationSet[]): string[] =>
    sets.flatMap(({ examples }) => examples.map(({ hash }) => hash));
  const compare = (sets: readonly ValidationSet[]): ComparedLosses => ({
    base: compareScores(base.scores, version.scores, list(sets)) ?? null,
    current: (current && compareScores(current.scores, version.scores, list(sets))) ?? null,
  });
  return {
    overall: compare(validation),
    datasets: Object.fromEntries(validation.map((set) => [set.dataset, compare([set])])),
    trials,
    earlier: compare(validation.filter(({ earlier }) => earlier)).current,
    general: {
      base: base.generalPerplexity,
      current: current?.generalPerplexity ?? null,
      version: version.generalPerplexity,
    },
    generation: await generate(inputs),
  };
}

/** Questions of all files in turn. */
async function generate(inputs: QualityInputs): Promise<GenerationFigures | null> {
  const { model, tokenizer, template, validation, settings, signal } = inputs;
  const { prompts, maxTokens } = settings;
  if (prompts === 0) return null;
  const longest = Math.max(0, ...validation.map(({ examples }) => examples.length));
  const turns = Array.from({ length: longest }, (_, i) => validation.flatMap(({ examples }) => examples[i] ?? []));
  const distinct = new Map(turns.flat().map(({ hash, instruction }) => [hash, instruction]));
  const options = { tokenizer, template, prompts, maxTokens, signal };
  return (await checkGenerations(model, [...distinct.values()], options)) ?? null;
}
