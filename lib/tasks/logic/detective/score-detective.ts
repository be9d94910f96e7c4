import { scoreLabels } from '../../../logic/index.js';
import type { FallacyRecord, LabelScores, WordBaseline } from '../../../logic/index.js';
import type { DetectOptions } from './detect.js';
import { detect } from './detect.js';

/** How well a detective does on some texts. */
export interface DetectiveScores extends LabelScores {
  /** The mean share of characters that found and marked words have in common, of texts whose fallacy was named right. */
  spanOverlap: number;
  /** The same severity, among the same texts. */
  severity: number;
  /** Macro F1 of naive Bayes over the words, learned from the same texts; null without them. */
  baseline: number | null;
}

/**
 * Compares what a detective finds with records.
 *
 * @param records - at least one
 * @param options - the model, its tokenizer and the texts that a baseline learns from
 * @returns scores over all of them
 */
export async function scoreDetective(
  records: readonly FallacyRecord[],
  options: DetectOptions & { baseline?: WordBaseline | undefined },
): Promise<DetectiveScores> {
  const { baseline, ...settings } = options;
  const truth = records.map(({ label }) => label);
  const found = await detect(
    records.map(({ text }) => text),
    settings,
  );
  const right = found.flatMap((one, place) => {
    const record = records[place]!;
    return one.label === record.label && record.span !== null ? [{ one, record }] : [];
  });
  const mean = (values: readonly number[]): number =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  const words = baseline && records.map(({ text }) => baseline.predict(text));
  return {
    ...scoreLabels(
      truth,
      found.map(({ label }) => label),
    ),
    spanOverlap: mean(right.map(({ one, record }) => measureOverlap(one.span, record.span!))),
    severity: mean(right.map(({ one, record }) => Number(one.severity === record.severity))),
    baseline: words === undefined ? null : scoreLabels(truth, words).macroF1,
  };
}

/** Characters in both of two places, of those in either. */
function measureOverlap(found: readonly [number, number] | null, marked: readonly [number, number]): number {
  if (found === null) return 0;
  const common = Math.max(0, Math.min(found[1], marked[1]) - Math.max(found[0], marked[0]));
  return common / (Math.max(found[1], marked[1]) - Math.min(found[0], marked[0]));
}
