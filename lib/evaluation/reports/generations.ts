import { checkOptions } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { generateTexts } from '../../generation/index.js';
import type { GeneratedText } from '../../generation/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { noGrad, scope } from '../../tensor/index.js';
import { findUnknownToken } from '../../text/index.js';
import type { Tokenizer } from '../../text/index.js';
import type { Metric } from '../metrics/metric.js';
import { computeRepetitionRate, findLongestRepeatedSpan } from '../metrics/repetition.js';
import { compareSentenceLengths } from '../metrics/sentence-lengths.js';
import type { MeasuredText } from '../metrics/text-metric.js';
import { createTextMetrics } from '../metrics/text-metrics.js';
import { mean } from '../statistics/describe.js';
import { analyzeErrors } from './error-analysis.js';
import type { ErrorAnalysisOptions } from './error-analysis.js';
import type { EvaluationSettings } from './prompts.js';
import type { ByOrder, GenerationReport } from './report.js';

/** Inputs of {@link reportGenerations}. */
export interface GenerationReportOptions {
  prompts: readonly string[];
  settings: EvaluationSettings;
  /** Texts to compare with; without them coverage and sentence lengths are NaN. */
  reference: readonly string[];
  seed: number;
  /** Metrics of the texts beside those of every report. */
  metrics?: readonly Metric<MeasuredText>[] | undefined;
  signal?: AbortSignal | undefined;
}

/** The keys of {@link GenerationReportOptions}. */
export const generationReportKeys: OptionChecks<GenerationReportOptions> = {
  prompts: true,
  settings: true,
  reference: true,
  seed: true,
  metrics: true,
  signal: true,
};

/** Parts of a text that are compared with its prompt, and the fewest tokens of one. */
const [WINDOWS, LEAST_WINDOW] = [3, 8];

/** Lets a model continue prompts and counts in what comes. @throws ArgumentError and PalabraError as `generate` */
export async function reportGenerations(
  model: LanguageModel,
  tokenizer: Tokenizer,
  options: GenerationReportOptions,
): Promise<GenerationReport> {
  checkOptions('reportGenerations', options, generationReportKeys);
  const { prompts, settings, reference, seed, metrics = [], signal } = options;
  const start = performance.now();
  const texts = await generateTexts(model, tokenizer, prompts, { ...settings, seed, ...(signal && { signal }) });
  const seconds = (performance.now() - start) / 1000;
  const ids = texts.map((text) => text.ids);
  const tokens = ids.reduce((sum, one) => sum + one.length, 0);
  const compared = {
    reference: reference.flatMap((text) => Array.from(tokenizer.encode(text))),
    unknown: findUnknownToken(tokenizer),
  };
  const figures = await measureTexts(model, texts, [...createTextMetrics(compared), ...metrics]);
  const figure = (name: string) => figures[name]!;
  return {
    ...{ settings, prompts, texts, tokens, seconds, tokensPerSecond: tokens / seconds },
    meanLogProbability: mean(texts.flatMap(({ logProbabilities }) => logProbabilities)),
    distinct: collectOrders((n) => figure(`distinct-${n}`)),
    repetition: collectOrders((n) => figure(`repetition-${n}`)),
    byText: ids.map((one) => ({
      repetition: collectOrders((n) => computeRepetitionRate([one], n)),
      longestRepeatedSpan: findLongestRepeatedSpan(one).length,
    })),
    longestRepeatedSpan: figure('longest-repeated-span'),
    selfBleu: figure('self-bleu'),
    ...{ typeTokenRatio: figure('type-token-ratio'), uniquePer100: figure('unique-per-100') },
    ...{ interDiversity: figure('inter-diversity'), intraDiversity: figure('intra-diversity') },
    ...{ coverage: figure('coverage'), unknownRate: figure('unknown-rate') },
    metrics: figures,
    sentenceLengths: compareSentenceLengths(
      texts.map(({ text }) => text),
      reference,
    ),
    errors: analyzeErrors(texts.map(createAnalyzedText(tokenizer, prompts)), {
      ...getTokenVectors(model),
      window: Math.max(LEAST_WINDOW, Math.floor(Math.max(0, ...ids.map(({ length }) => length)) / WINDOWS)),
      ...(reference.length > 0 && { reference }),
    }),
  };
}

/** The results of metrics over texts, by name. */
async function measureTexts(
  model: LanguageModel,
  texts: readonly GeneratedText[],
  metrics: readonly Metric<MeasuredText>[],
): Promise<Record<string, number>> {
  const results: Record<string, number> = {};
  for (const metric of metrics) {
    metric.start(model);
    for (const text of texts) await metric.add(text);
    results[metric.name] = await metric.result();
  }
  return results;
}

function collectOrders(figure: (n: number) => number): ByOrder {
  return { 1: figure(1), 2: figure(2), 3: figure(3), 4: figure(4) };
}

function createAnalyzedText(tokenizer: Tokenizer, prompts: readonly string[]) {
  return ({ text, ids, prompt }: GeneratedText) => {
    const opening = prompts[prompt] ?? '';
    return { text, ids, prompt: opening, promptIds: Array.from(tokenizer.encode(opening)) };
  };
}

/** The token vectors of a model: its first table with a row a token, where it has one. */
function getTokenVectors(model: LanguageModel): Pick<ErrorAnalysisOptions, 'vectors'> {
  const table = model.parameters().find(({ shape }) => shape.length === 2 && shape[0] === model.config.vocabSize);
  if (table === undefined) return {};
  const values = noGrad(() => scope(() => table.detach().to('float32').data() as Float32Array));
  return { vectors: { values, width: table.size(1) } };
}
