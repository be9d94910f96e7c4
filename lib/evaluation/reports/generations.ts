import { checkOptions } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { generateTexts } from '../../generation/index.js';
import type { GeneratedText } from '../../generation/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { noGrad, scope } from '../../tensor/index.js';
import { findUnknownToken } from '../../text/index.js';
import type { Tokenizer } from '../../text/index.js';
import { selfBleu } from '../metrics/bleu.js';
import {
  computeCoverage,
  computeInterDiversity,
  computeIntraDiversity,
  computeTypeTokenRatio,
  countUniquePer100,
  computeUnknownRate,
} from '../metrics/diversity.js';
import { computeDistinct, findLongestRepeatedSpan, computeRepetitionRate } from '../metrics/repetition.js';
import { compareSentenceLengths } from '../metrics/sentence-lengths.js';
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
  signal?: AbortSignal | undefined;
}

/** The keys of {@link GenerationReportOptions}. */
export const generationReportKeys: OptionChecks<GenerationReportOptions> = {
  prompts: true,
  settings: true,
  reference: true,
  seed: true,
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
  const { prompts, settings, reference, seed, signal } = checkOptions(
    'reportGenerations',
    options,
    generationReportKeys,
  );
  const start = performance.now();
  const texts = await generateTexts(model, tokenizer, prompts, { ...settings, seed, ...(signal && { signal }) });
  const seconds = (performance.now() - start) / 1000;
  const ids = texts.map((text) => text.ids);
  const tokens = ids.reduce((sum, one) => sum + one.length, 0);
  const wanted = reference.flatMap((text) => Array.from(tokenizer.encode(text)));
  const written = texts.map(({ text }) => text);
  const byText = ids.map((one) => ({
    repetition: computeByOrder((n) => computeRepetitionRate([one], n)),
    longestRepeatedSpan: findLongestRepeatedSpan(one).length,
  }));
  return {
    ...{ settings, prompts, texts, tokens, seconds, tokensPerSecond: tokens / seconds },
    meanLogProbability: mean(texts.flatMap(({ logProbabilities }) => logProbabilities)),
    distinct: computeByOrder((n) => computeDistinct(ids, n)),
    repetition: computeByOrder((n) => computeRepetitionRate(ids, n)),
    byText,
    longestRepeatedSpan: Math.max(0, ...byText.map((one) => one.longestRepeatedSpan)),
    selfBleu: averageSelfBleu(texts, settings.samples),
    ...{ typeTokenRatio: computeTypeTokenRatio(ids), uniquePer100: countUniquePer100([ids.flat()]) },
    ...{ interDiversity: computeInterDiversity(ids), intraDiversity: computeIntraDiversity(ids) },
    coverage: wanted.length === 0 ? NaN : computeCoverage(ids, wanted),
    unknownRate: measureUnknownRate(ids, tokenizer),
    sentenceLengths: compareSentenceLengths(written, reference),
    errors: analyzeErrors(texts.map(createAnalyzedText(tokenizer, prompts)), {
      ...getTokenVectors(model),
      window: Math.max(LEAST_WINDOW, Math.floor(Math.max(0, ...ids.map(({ length }) => length)) / WINDOWS)),
      ...(reference.length > 0 && { reference }),
    }),
  };
}

function computeByOrder(figure: (n: number) => number): ByOrder {
  return { 1: figure(1), 2: figure(2), 3: figure(3), 4: figure(4) };
}

/** The mean over prompts; NaN for one text a prompt. */
function averageSelfBleu(texts: readonly GeneratedText[], samples: number): number {
  if (samples < 2) return NaN;
  const groups = Array.from({ length: texts.length / samples }, (_, i) => texts.slice(i * samples, (i + 1) * samples));
  return mean(groups.map((group) => selfBleu(group.map(({ ids }) => ids))));
}

/** 0 where the tokenizer has no unknown token. */
function measureUnknownRate(ids: readonly number[][], tokenizer: Tokenizer): number {
  const unknown = findUnknownToken(tokenizer);
  return unknown === undefined ? 0 : computeUnknownRate(ids, unknown);
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
