import {
  cohenDPaired,
  computeStudentTail,
  findDetectableEffect,
  holm,
  mean,
  pairedTTest,
  standardDeviation,
  wilcoxonTest,
} from '../../evaluation/statistics/index.js';
import { estimateDocumentInterval } from './resample-documents.js';
import type { StudyRun } from './run-study.js';
import { getRunFigure } from './run-study.js';
import { listArms } from './study-config.js';
import type { StudyConfig } from './study-config.js';

/** What a comparison says: `not resolved` is no proof that there is no difference. */
export type Verdict = 'better' | 'worse' | 'equivalent' | 'not resolved' | 'too few runs';

/** The figures of an arm. */
export interface ArmReport {
  arm: string;
  /** Trainable values; undefined where nobody counted them. */
  parameters: number | undefined;
  /** The primary figure by seed, in the order of the seeds; NaN for a run without one. */
  values: readonly number[];
  mean: number;
  standardDeviation: number;
  /** How the mechanism was at work: means over the runs of what the model reports of itself. */
  mechanism: Readonly<Record<string, number>>;
  /** True where the mechanism adds less than 1 %; undefined where the model doesn't tell. */
  inactive: boolean | undefined;
}

/** An arm against the baseline, seed by seed. */
export interface ArmComparison {
  arm: string;
  /** Seeds of which both runs have a figure. */
  pairs: number;
  /** Arm less baseline. */
  difference: number;
  /** Its 95 % interval. */
  interval: readonly [number, number];
  p: number;
  /** After Holm over all arms. */
  corrected: number;
  wilcoxon: number;
  /** Cohen's d of pairs. */
  dz: number;
  /** Of seeds and documents drawn with replacement; undefined where no documents were scored. */
  bootstrap: readonly [number, number] | undefined;
  /** The least difference that this number of pairs finds in 8 of 10 studies, in the unit of the figure. */
  detectable: number;
  verdict: Verdict;
}

/** A study as its report tells it. */
export interface StudyReport {
  name: string;
  baseline: string;
  primary: string;
  goal: string;
  alpha: number;
  margin: number | undefined;
  seeds: readonly number[];
  tokens: number;
  /** The same in standard deviations of the differences, for all seeds. */
  detectable: number;
  arms: readonly ArmReport[];
  comparisons: readonly ArmComparison[];
}

/** How often a difference is to be found for it to count as detectable. */
const POWER = 0.8;

/** The share below which a mechanism counts as inactive. */
const LEAST_CONTRIBUTION = 0.01;

/**
 * What a study found.
 *
 * @param config - of the study
 * @param runs - of all arms and seeds; those that failed have no figure, and none is invented
 * @param parameters - trainable values by arm, where they are known
 * @returns the report: pairs of arm and baseline by seed, corrected for the number of arms
 */
export function analyzeStudy(
  config: StudyConfig,
  runs: readonly StudyRun[],
  parameters: Readonly<Record<string, number>> = {},
): StudyReport {
  const { name, baseline, primary, goal, alpha, margin, seeds, tokens } = config;
  const names = Object.keys(listArms(config));
  const table = groupRuns(runs);
  const arms = names.map((arm) => describeArm(config, arm, table, parameters[arm]));
  const compared = names.filter((arm) => arm !== baseline).map((arm) => compareArm(config, arm, table));
  const tested = compared.filter(({ pairs }) => pairs >= 2);
  const corrected = holm(tested.map(({ p }) => p));
  const comparisons = compared.map((found): ArmComparison => {
    const p = corrected[tested.indexOf(found)] ?? NaN;
    return { ...found, corrected: p, verdict: judge(config, found, p, listDifferences(config, found.arm, table)) };
  });
  const detectable = findDetectableEffect(seeds.length, { alpha, power: POWER });
  return { name, baseline, primary, goal, alpha, margin, seeds, tokens, detectable, arms, comparisons };
}

/** Runs by arm and seed. */
type RunTable = ReadonlyMap<string, ReadonlyMap<number, StudyRun>>;

/** Of two runs of one arm and seed the first counts. */
function groupRuns(runs: readonly StudyRun[]): RunTable {
  const table = new Map<string, Map<number, StudyRun>>();
  for (const run of runs) {
    const own = table.get(run.arm) ?? new Map<number, StudyRun>();
    if (!own.has(run.seed)) own.set(run.seed, run);
    table.set(run.arm, own);
  }
  return table;
}

function describeArm(
  { seeds, primary, contribution }: StudyConfig,
  arm: string,
  runs: RunTable,
  parameters: number | undefined,
): ArmReport {
  const own = seeds.map((seed) => runs.get(arm)?.get(seed));
  const values = own.map((run) => (run === undefined ? NaN : getRunFigure(run, primary)));
  const finite = values.filter(Number.isFinite);
  const mechanism = averageMechanism(own);
  const share = mechanism[contribution];
  return {
    ...{ arm, parameters, values, mean: mean(finite), standardDeviation: standardDeviation(finite), mechanism },
    inactive: share === undefined ? undefined : share < LEAST_CONTRIBUTION,
  };
}

/** What the models report of themselves at the end of training, as gate and occupancy. */
function averageMechanism(runs: readonly (StudyRun | undefined)[]): Record<string, number> {
  const told = runs.flatMap((run) => (run?.training.status === 'finished' ? [run.training.figures] : []));
  const names = Object.keys(told[0] ?? {}).filter((name) => name.startsWith('train/'));
  return Object.fromEntries(names.map((name) => [name, mean(told.map((figures) => figures[name] ?? NaN))]));
}

/** Seeds of which both have a figure: arm and baseline. */
function listPairs({ seeds, primary, baseline }: StudyConfig, arm: string, runs: RunTable): [StudyRun, StudyRun][] {
  return seeds.flatMap((seed): [StudyRun, StudyRun][] => {
    const [own, other] = [arm, baseline].map((name) => runs.get(name)?.get(seed));
    const usable = [own, other].every((run) => run !== undefined && Number.isFinite(getRunFigure(run, primary)));
    return usable ? [[own!, other!]] : [];
  });
}

function listDifferences(config: StudyConfig, arm: string, runs: RunTable): number[] {
  const { primary } = config;
  return listPairs(config, arm, runs).map(([own, other]) => getRunFigure(own, primary) - getRunFigure(other, primary));
}

function compareArm(config: StudyConfig, arm: string, runs: RunTable): Omit<ArmComparison, 'corrected' | 'verdict'> {
  const pairs = listPairs(config, arm, runs);
  const [a, b] = [0, 1].map((side) => pairs.map((pair) => getRunFigure(pair[side]!, config.primary))) as [
    number[],
    number[],
  ];
  if (pairs.length < 2) {
    const nothing = { difference: NaN, interval: [NaN, NaN], p: NaN, wilcoxon: NaN, dz: NaN, detectable: NaN } as const;
    return { arm, pairs: pairs.length, ...nothing, bootstrap: undefined };
  }
  const { difference, interval, p } = pairedTTest(a, b);
  const spread = standardDeviation(a.map((value, i) => value - b[i]!));
  const detectable = spread * findDetectableEffect(pairs.length, { alpha: config.alpha, power: POWER });
  const tests = { p, wilcoxon: wilcoxonTest(a, b).p, dz: cohenDPaired(a, b).d };
  const bootstrap = config.primary === 'test/nllPerByte' ? estimateDocumentInterval(pairs) : undefined;
  return { arm, pairs: pairs.length, difference, interval, ...tests, bootstrap, detectable };
}

function judge(
  { alpha, goal, margin }: StudyConfig,
  { pairs, difference }: Pick<ArmComparison, 'pairs' | 'difference'>,
  corrected: number,
  differences: readonly number[],
): Verdict {
  if (pairs < 2) return 'too few runs';
  if (corrected < alpha) return difference < 0 === (goal === 'lowest') ? 'better' : 'worse';
  return margin !== undefined && isEquivalent(differences, margin, alpha) ? 'equivalent' : 'not resolved';
}

/** Two one-sided tests against a margin. @see Schuirmann 1987, "A comparison of the two one-sided tests procedure" */
function isEquivalent(differences: readonly number[], margin: number, alpha: number): boolean {
  const centre = mean(differences);
  const error = standardDeviation(differences) / Math.sqrt(differences.length);
  const distance = margin - Math.abs(centre);
  if (distance <= 0) return false;
  return error === 0 || computeStudentTail(distance / error, differences.length - 1) / 2 < alpha;
}
