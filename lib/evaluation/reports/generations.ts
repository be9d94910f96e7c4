import { generateTexts } from '../../generation/index.js';
import type { GeneratedText } from '../../generation/index.js';
import type { LanguageModel } from '../../models/index.js';
import { noGrad, scope } from '../../tensor/index.js';
import type { Tokenizer } from '../../text/index.js';
import {
  coverage,
  distinct,
  interDiversity,
  intraDiversity,
  longestRepeatedSpan,
  repetitionRate,
  selfBleu,
  sentenceLengthMatch,
  typeTokenRatio,
  uniquePer100,
  unknownRate,
} from '../metrics/index.js';
import type { SentenceLengthMatch } from '../metrics/index.js';
import { mean } from '../statistics/describe.js';
import { analyseErrors } from './error-analysis.js';
import type { ErrorAnalysis, ErrorAnalysisOptions } from './error-analysis.js';
import type { EvaluationSettings } from './prompts.js';

/** Figures for n = 1 to 4. */
export type ByOrder = Record<1 | 2 | 3 | 4, number>;

/** What a model writes in one way, and what that looks like. NaN stands where a figure has nothing to count. */
export interface GenerationReport {
  settings: EvaluationSettings;
  prompts: readonly string[];
  texts: GeneratedText[];
  tokens: number;
  seconds: number;
  tokensPerSecond: number;
  /** Mean ln P of a token under the model, before any filter. */
  meanLogProbability: number;
  /** Different n-grams over all texts. */
  distinct: ByOrder;
  /** N-grams that came before in their text. */
  repetition: ByOrder;
  /** The same of each text, with its longest stretch that comes twice; NaN where a text is too short. */
  byText: { repetition: ByOrder; longestRepeatedSpan: number }[];
  /** Tokens of the longest stretch that comes twice in a text. */
  longestRepeatedSpan: number;
  /** BLEU-4 of a text against the others of its prompt; low is diverse. */
  selfBleu: number;
  typeTokenRatio: number;
  uniquePer100: number;
  interDiversity: number;
  intraDiversity: number;
  /** The share of the reference's tokens that the texts use, at equal length. */
  coverage: number;
  unknownRate: number;
  sentenceLengths: SentenceLengthMatch;
  errors: ErrorAnalysis;
}

/** What a {@link GenerationReport} is made with. */
export interface GenerationReportOptions {
  prompts: readonly string[];
  settings: EvaluationSettings;
  /** Texts to compare with; without them coverage and sentence lengths are NaN. */
  reference: readonly string[];
  seed: number;
  signal?: AbortSignal | undefined;
}

/** Parts of a text that are compared with its prompt, and the fewest tokens of one. */
const [WINDOWS, LEAST_WINDOW] = [3, 8];

/** Lets a model continue prompts and counts in what comes. @throws ArgumentError and PalabraError as `generate` */
export async function reportGenerations(
  model: LanguageModel,
  tokenizer: Tokenizer,
  { prompts, settings, reference, seed, signal }: GenerationReportOptions,
): Promise<GenerationReport> {
  const start = performance.now();
  const texts = await generateTexts(model, tokenizer, prompts, { ...settings, seed, ...(signal && { signal }) });
  const seconds = (performance.now() - start) / 1000;
  const ids = texts.map((text) => text.ids);
  const tokens = ids.reduce((sum, one) => sum + one.length, 0);
  const wanted = reference.flatMap((text) => Array.from(tokenizer.encode(text)));
  const written = texts.map(({ text }) => text);
  const byText = ids.map((one) => ({
    repetition: byOrder((n) => repetitionRate([one], n)),
    longestRepeatedSpan: longestRepeatedSpan(one).length,
  }));
  return {
    ...{ settings, prompts, texts, tokens, seconds, tokensPerSecond: tokens / seconds },
    meanLogProbability: mean(texts.flatMap(({ logProbabilities }) => logProbabilities)),
    distinct: byOrder((n) => distinct(ids, n)),
    repetition: byOrder((n) => repetitionRate(ids, n)),
    byText,
    longestRepeatedSpan: Math.max(0, ...byText.map((one) => one.longestRepeatedSpan)),
    selfBleu: selfBleuOf(texts, settings.samples),
    ...{ typeTokenRatio: typeTokenRatio(ids), uniquePer100: uniquePer100([ids.flat()]) },
    ...{ interDiversity: interDiversity(ids), intraDiversity: intraDiversity(ids) },
    coverage: wanted.length === 0 ? NaN : coverage(ids, wanted),
    unknownRate: unknownRateOf(ids, tokenizer),
    sentenceLengths: sentenceLengthMatch(written, reference),
    errors: analyseErrors(texts.map(analysed(tokenizer, prompts)), {
      ...vectorsOf(model),
      window: Math.max(LEAST_WINDOW, Math.floor(Math.max(0, ...ids.map(({ length }) => length)) / WINDOWS)),
      ...(reference.length > 0 && { reference }),
    }),
  };
}

function byOrder(figure: (n: number) => number): ByOrder {
  return { 1: figure(1), 2: figure(2), 3: figure(3), 4: figure(4) };
}

/** The mean over prompts; NaN for one text a prompt. */
function selfBleuOf(texts: readonly GeneratedText[], samples: number): number {
  if (samples < 2) return NaN;
  const groups = Array.from({ length: texts.length / samples }, (_, i) => texts.slice(i * samples, (i + 1) * samples));
  return mean(groups.map((group) => selfBleu(group.map(({ ids }) => ids))));
}

/** 0 where the tokenizer has no unknown token. */
function unknownRateOf(ids: readonly number[][], { specialTokens = {} }: Tokenizer): number {
  const unknown = specialTokens['<UNK>'] ?? specialTokens['<unk>'];
  return unknown === undefined ? 0 : unknownRate(ids, unknown);
}

function analysed(tokenizer: Tokenizer, prompts: readonly string[]) {
  return ({ text, ids, prompt }: GeneratedText) => {
    const opening = prompts[prompt] ?? '';
    return { text, ids, prompt: opening, promptIds: Array.from(tokenizer.encode(opening)) };
  };
}

/** The token vectors of a model: its first table with a row a token, where it has one. */
function vectorsOf(model: LanguageModel): Pick<ErrorAnalysisOptions, 'vectors'> {
  const table = model.parameters().find(({ shape }) => shape.length === 2 && shape[0] === model.config.vocabSize);
  if (table === undefined) return {};
  const values = noGrad(() => scope(() => table.detach().to('float32').data() as Float32Array));
  return { vectors: { values, width: table.size(1) } };
}
