import { checkNested, checkOptions } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import type { Tokenizer } from '../../text/index.js';
import type { Metric } from '../metrics/metric.js';
import type { MeasuredText } from '../metrics/text-metric.js';
import { getText } from '../scoring/document.js';
import { scoreDocuments, scoreDocumentsKeys } from '../scoring/score-documents.js';
import type { ScoredDocument } from '../scoring/document.js';
import type { ScoreDocumentsOptions } from '../scoring/score-documents.js';
import { completionKeys, computeCompletionBleu } from './completion-bleu.js';
import type { CompletionOptions } from './completion-bleu.js';
import type { GenerationReport, ModelReport } from './report.js';
import { describeModel } from './facts.js';
import { reportGenerations } from './generations.js';
import { checkGoals } from './goals.js';
import type { Goals } from './goals.js';
import { judgePerplexity } from './judgement.js';
import { evaluationSettings, selectPrompts } from './prompts.js';
import type { EvaluationSettings } from './prompts.js';

/** A kind of measure of a model. */
export type EvaluationMetric = 'perplexity' | 'bleu' | 'generation';

/** Settings of {@link evaluateModel}. */
export interface EvaluateModelOptions {
  /** Text the model has not seen, by document; without it only generation is measured. */
  documents?: readonly ScoredDocument[];
  /** Default: all that the documents allow. */
  metrics?: readonly EvaluationMetric[];
  /** Own metrics of what the model writes, by setting in `generations.….metrics`. */
  textMetrics?: readonly Metric<MeasuredText>[];
  /** Openings to continue (default: {@link selectPrompts}). */
  prompts?: readonly string[];
  /** Ways to continue them, by name (default: conservative and creative, three texts each). */
  settings?: Readonly<Record<string, EvaluationSettings>>;
  scoring?: ScoreDocumentsOptions;
  completions?: CompletionOptions;
  /** Bounds of figures. */
  goals?: Goals;
  /** The same seed gives the same texts (default 0). */
  seed?: number;
  /** Ends with an error of code PAL_ABORTED. */
  signal?: AbortSignal;
}

/** The keys of {@link EvaluateModelOptions}. */
export const evaluateModelKeys: OptionChecks<EvaluateModelOptions> = {
  documents: true,
  metrics: true,
  textMetrics: true,
  prompts: true,
  settings: true,
  scoring: checkNested(scoreDocumentsKeys),
  completions: checkNested(completionKeys),
  goals: true,
  seed: true,
  signal: true,
};

/**
 * Measures a model: perplexity and BLEU on given documents, diversity, repetition and faults of what it writes.
 * @throws DataError when the documents are too short; ArgumentError for goals on figures that were not measured
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 * @example const { passed } = await evaluateModel(model, tokenizer, { documents, goals: { 'scores.perplexity': { max: 120 } } });
 */
export async function evaluateModel(
  model: LanguageModel,
  tokenizer: Tokenizer,
  options: EvaluateModelOptions = {},
): Promise<ModelReport> {
  checkOptions('evaluateModel', options, evaluateModelKeys);
  const { documents = [], goals = {} } = options;
  const metrics = options.metrics ?? (documents.length > 0 ? ['perplexity', 'bleu', 'generation'] : ['generation']);
  const rest = { ...(options.signal && { signal: options.signal }), seed: options.seed ?? 0 };
  const scoring = { ...options.scoring, signal: options.signal };
  const facts = describeModel(model, tokenizer);
  const scores = metrics.includes('perplexity')
    ? await scoreDocuments(model, tokenizer, documents, scoring)
    : undefined;
  const measured = {
    model: facts,
    ...(scores && { scores, judgement: judgePerplexity(scores, facts) }),
    ...(metrics.includes('bleu') && {
      completions: await computeCompletionBleu(model, tokenizer, documents.map(getText), {
        ...options.completions,
        ...rest,
      }),
    }),
    generations: metrics.includes('generation') ? await reportAllGenerations(model, tokenizer, options) : {},
  };
  const checks = checkGoals(measured, goals);
  return { ...measured, checks, passed: checks.every(({ passed }) => passed) };
}

async function reportAllGenerations(
  model: LanguageModel,
  tokenizer: Tokenizer,
  options: EvaluateModelOptions,
): Promise<Record<string, GenerationReport>> {
  const { settings = evaluationSettings, seed = 0, textMetrics: metrics, signal } = options;
  const reference = (options.documents ?? []).map(getText);
  const prompts = options.prompts ?? selectPrompts([tokenizer], reference);
  const reports: Record<string, GenerationReport> = {};
  for (const [name, way] of Object.entries(settings)) {
    const request = { prompts, settings: way, reference, seed, metrics, signal };
    reports[name] = await reportGenerations(model, tokenizer, request);
  }
  return reports;
}
