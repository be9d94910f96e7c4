import type { OptionChecks } from '../../core/index.js';
import { checkOptions } from '../../core/index.js';
import { mean } from '../statistics/describe.js';
import { selfBleu } from './bleu.js';
import {
  computeCoverage,
  computeInterDiversity,
  computeIntraDiversity,
  computeTypeTokenRatio,
  computeUnknownRate,
  countUniquePer100,
} from './diversity.js';
import type { Token } from './ngrams.js';
import { computeDistinct, computeRepetitionRate, findLongestRepeatedSpan } from './repetition.js';
import { TextMetric } from './text-metric.js';
import type { MeasuredText } from './text-metric.js';

/** What some of {@link createTextMetrics} compare texts with. */
export interface TextMetricOptions {
  /** Tokens of true text; without any, the coverage is NaN. */
  reference?: readonly Token[];
  /** The token for what is not in the vocabulary; without one, its rate is 0. */
  unknown?: Token | undefined;
}

/** The keys of {@link TextMetricOptions}. */
export const textMetricKeys: OptionChecks<TextMetricOptions> = { reference: true, unknown: true };

const ORDERS = [1, 2, 3, 4] as const;

/**
 * The metrics of what a model writes: n-grams that are different ones or come again, vocabulary and its variety.
 * @param options - what texts are compared with
 * @returns `distinct-n` and `repetition-n` for n = 1 to 4, and the others of `GenerationReport`
 * @throws ArgumentError for an unknown key
 */
export function createTextMetrics(options: TextMetricOptions = {}): TextMetric[] {
  const { reference = [], unknown } = checkOptions('createTextMetrics', options, textMetricKeys);
  const ofIds =
    (figure: (ids: readonly (readonly Token[])[]) => number) =>
    (texts: readonly MeasuredText[]): number =>
      figure(texts.map(({ ids }) => ids));
  return [
    ...ORDERS.map(
      (n) =>
        new TextMetric(
          `distinct-${n}`,
          ofIds((ids) => computeDistinct(ids, n)),
        ),
    ),
    ...ORDERS.map(
      (n) =>
        new TextMetric(
          `repetition-${n}`,
          ofIds((ids) => computeRepetitionRate(ids, n)),
          'lowest',
        ),
    ),
    new TextMetric('longest-repeated-span', ofIds(findLongestSpan), 'lowest'),
    new TextMetric('self-bleu', averageSelfBleu, 'lowest'),
    new TextMetric('type-token-ratio', ofIds(computeTypeTokenRatio)),
    new TextMetric(
      'unique-per-100',
      ofIds((ids) => countUniquePer100([ids.flat()])),
    ),
    new TextMetric('inter-diversity', ofIds(computeInterDiversity)),
    new TextMetric('intra-diversity', ofIds(computeIntraDiversity)),
    new TextMetric(
      'coverage',
      ofIds((ids) => (reference.length === 0 ? NaN : computeCoverage(ids, reference))),
    ),
    new TextMetric(
      'unknown-rate',
      ofIds((ids) => (unknown === undefined ? 0 : computeUnknownRate(ids, unknown))),
      'lowest',
    ),
  ];
}

function findLongestSpan(texts: readonly (readonly Token[])[]): number {
  return Math.max(0, ...texts.map((text) => findLongestRepeatedSpan(text).length));
}

/** The mean over prompts of BLEU among the texts of one; NaN for one text a prompt. */
function averageSelfBleu(texts: readonly MeasuredText[]): number {
  const groups = new Map<number, (readonly Token[])[]>();
  for (const { prompt, ids } of texts) groups.set(prompt, [...(groups.get(prompt) ?? []), ids]);
  return mean([...groups.values()].filter((group) => group.length > 1).map((group) => selfBleu(group)));
}
