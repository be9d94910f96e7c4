import type { GateSettings } from './gate-options.js';
import type { ComparedLosses, FileTrials, LossComparison, QualityReport } from './quality-report.js';

/** Examples that a paired interval needs at least. */
export const LEAST_EXAMPLES = 2;

/**
 * Lists what speaks against a version file by file: held-out answers that it gives worse, and new files that speak against
 * others.
 * @param report - its figures
 * @param settings - what it has to reach
 * @returns a sentence for each file
 */
export function judgeFiles({ datasets, trials }: QualityReport, settings: GateSettings): string[] {
  const { forgetting, contradiction } = settings;
  const worse = Object.entries(datasets).flatMap(([name, compared]) => judgeFile(name, compared, forgetting));
  return [...worse, ...judgeTrials(trials, contradiction)];
}

/**
 * Whether a perplexity grew by more than a share, judged by the mildest end of the interval.
 * @param compared - losses before and after
 * @param share - the growth that is allowed
 * @returns false where there are too few examples to tell
 */
export function hasGrown({ examples, interval: [, high] }: LossComparison, share: number): boolean {
  return examples >= LEAST_EXAMPLES && -high > Math.log1p(share);
}

/**
 * The growth of a perplexity.
 * @param compared - losses before and after
 * @returns in percent
 */
export function formatGrowth({ improvement }: LossComparison): string {
  return formatPercent(Math.exp(-improvement) - 1);
}

/**
 * A share in percent.
 * @param share - 1 for all
 * @returns with one digit behind the point
 */
export function formatPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function judgeFile(name: string, { base, current }: ComparedLosses, share: number): string[] {
  const [compared, over] = current === null ? [base, 'the base'] : [current, 'the current version'];
  if (compared === null || !hasGrown(compared, share)) return [];
  return [
    `perplexity on ${name} grew by ${formatGrowth(compared)} over ${over}, surely more than ${formatPercent(share)}`,
  ];
}

/** A file, and the others that became surely worse when it was learned alone. */
interface Accusation {
  name: string;
  harmed: { name: string; compared: LossComparison }[];
}

/** Two files that speak against each other harm each other: of them the one that harms more files is named. */
function judgeTrials(trials: FileTrials, share: number): string[] {
  const accused: Accusation[] = [];
  for (;;) {
    const [worst] = listAccusations(trials, accused, share).sort((a, b) => b.harmed.length - a.harmed.length);
    if (worst === undefined) return accused.map((one) => describe(one, share));
    accused.push(worst);
  }
}

function listAccusations(trials: FileTrials, accused: readonly Accusation[], share: number): Accusation[] {
  const known = new Set(accused.map(({ name }) => name));
  return Object.entries(trials).flatMap(([name, others]) => {
    if (known.has(name)) return [];
    const harmed = Object.entries(others).flatMap(([other, compared]) =>
      !known.has(other) && hasGrown(compared, share) ? [{ name: other, compared }] : [],
    );
    return harmed.length > 0 ? [{ name, harmed }] : [];
  });
}

function describe({ name, harmed }: Accusation, share: number): string {
  const list = harmed.map(({ name: other, compared }) => `${other} (${formatGrowth(compared)})`).join(', ');
  return `${name} speaks against other files: a little more of it alone raises the perplexity on ${list}, surely more than ${formatPercent(share)}`;
}
