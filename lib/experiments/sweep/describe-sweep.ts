import { bootstrapInterval, computeRankCorrelation, mean, pairedTTest } from '../../evaluation/statistics/index.js';
import type { Interval } from '../../evaluation/statistics/index.js';
import type { JournalEntry } from '../journal/journal.js';
import type { SweepPlan } from './plan.js';
import { getFigure, nameRun } from './run-sweep.js';
import type { ConfirmedPoint, StageOutcome, SweepOutcome } from './run-sweep.js';
import type { RankedPoint } from './rank.js';
import type { Point } from './space.js';
import type { SweepConfig } from './sweep-config.js';

/** A point that was trained again, beside what it was chosen by. */
export interface ConfirmedReport {
  point: number;
  values: Point;
  /** The metric that it was chosen by. */
  selected: number;
  /** Fresh seeds whose run ended well. */
  seeds: number;
  /** The metric on fresh seeds less the one it was chosen by, with the 95 % interval. */
  regression: { difference: number; interval: [number, number] } | undefined;
  /** Means over the fresh seeds. */
  validation: number;
  test: Readonly<Record<string, number>>;
}

/** How much a setting matters: the correlation of its ranks with those of the metric. */
export interface Importance {
  path: string;
  correlation: Interval;
  points: number;
}

/** A sweep as its report tells it. */
export interface SweepReport {
  name: string;
  method: string;
  metric: string;
  goal: string;
  tokens: { budget: number; planned: number; used: number };
  stages: readonly { name: string; tokens: number; points: number; failed: number }[];
  /** Points of the stage that was reached last, the best first. */
  ranking: readonly (RankedPoint & { values: Point; runs: readonly string[]; stage: string })[];
  /** Of the points that two rungs share: do the early figures tell the late ones? */
  rungCorrelations: readonly { from: string; to: string; points: number; correlation: number }[];
  importance: readonly Importance[];
  confirmed: readonly ConfirmedReport[];
}

/** Points below which a correlation says nothing. */
const FEWEST = 3;
const RESAMPLES = 2000;

/**
 * What a sweep found, as plain data.
 * @param config - of the sweep
 * @param plan - made of it
 * @param outcome - of a sweep that ended
 * @param entries - of its journal
 * @returns the report
 */
export function describeSweep(
  config: SweepConfig,
  plan: SweepPlan,
  outcome: SweepOutcome,
  entries: readonly JournalEntry[],
): SweepReport {
  const { name, method, metric, budget } = config;
  return {
    ...{ name, method, metric: metric.name, goal: metric.goal },
    tokens: { budget: budget.tokens, planned: plan.tokens, used: countTokens(entries) },
    stages: outcome.stages.map(({ ranking, ...stage }) => ({
      ...{ name: stage.name, tokens: stage.tokens, points: ranking.length },
      failed: ranking.filter(({ value }) => !Number.isFinite(value)).length,
    })),
    ranking: listRanking(config, plan, outcome.stages),
    rungCorrelations: outcome.stages.slice(1).map((stage, i) => compareStages(outcome.stages[i]!, stage)),
    importance: Object.keys(config.parameters).flatMap((path) => measureImportance(path, plan, outcome.stages[0]!)),
    confirmed: outcome.confirmed.map((point) => describeConfirmed(config, plan, outcome.stages.at(-1)!, point)),
  };
}

/** Training tokens of all runs, each as far as it came. */
function countTokens(entries: readonly JournalEntry[]): number {
  const trained = entries.filter(({ type, stage }) => type === 'finished' && stage !== 'test');
  const most = new Map<unknown, number>();
  for (const { run, tokens } of trained) most.set(run, Math.max(most.get(run) ?? 0, Number(tokens)));
  return [...most.values()].reduce((sum, value) => sum + value, 0);
}

/** Every point where it was left, those of later stages first. */
function listRanking(config: SweepConfig, plan: SweepPlan, stages: readonly StageOutcome[]): SweepReport['ranking'] {
  const seen = new Set<number>();
  return [...stages].reverse().flatMap(({ name, ranking }) => {
    const left = ranking.filter(({ point }) => !seen.has(point));
    for (const { point } of left) seen.add(point);
    const describe = ({ point, value }: RankedPoint) => ({
      ...{ point, value, values: plan.points[point]!, stage: name },
      runs: config.seeds.map((seed) => nameRun(config, point, seed)),
    });
    return left.map(describe);
  });
}

function compareStages(from: StageOutcome, to: StageOutcome): SweepReport['rungCorrelations'][number] {
  const early = new Map(from.ranking.map(({ point, value }) => [point, value]));
  const pairs = to.ranking.map(({ point, value }) => [early.get(point)!, value] as const);
  const finite = pairs.filter((pair) => pair.every(Number.isFinite));
  const enough = finite.length >= FEWEST;
  const correlation = enough
    ? computeRankCorrelation(
        finite.map(([x]) => x),
        finite.map(([, y]) => y),
      )
    : NaN;
  return { from: from.name, to: to.name, points: finite.length, correlation };
}

/** Of a setting whose values are numbers; points are drawn with replacement for the interval. */
function measureImportance(path: string, { points }: SweepPlan, { ranking }: StageOutcome): Importance[] {
  const usable = ranking.filter(({ point, value }) => Number.isFinite(value) && Number.isFinite(points[point]![path]));
  const [x, y] = [usable.map(({ point }) => points[point]![path] as number), usable.map(({ value }) => value)];
  if (new Set(x).size < 2 || usable.length < FEWEST) return [];
  const statistic = (drawn: Float64Array): number => {
    const indices = Array.from(drawn);
    const correlation = computeRankCorrelation(
      indices.map((i) => x[i]!),
      indices.map((i) => y[i]!),
    );
    // A draw of equals shows no relation.
    return Number.isNaN(correlation) ? 0 : correlation;
  };
  const correlation = bootstrapInterval([...x.keys()], { statistic, resamples: RESAMPLES });
  return [{ path, correlation, points: usable.length }];
}

function describeConfirmed(
  { metric }: SweepConfig,
  { points }: SweepPlan,
  { ranking }: StageOutcome,
  { point, runs }: ConfirmedPoint,
): ConfirmedReport {
  const selected = ranking.find((ranked) => ranked.point === point)!.value;
  const fresh = runs.map(({ validation }) => getFigure(validation, metric.name)).filter(Number.isFinite);
  const test =
    fresh.length < 2
      ? undefined
      : pairedTTest(
          fresh,
          fresh.map(() => selected),
        );
  return {
    ...{
      point,
      values: points[point]!,
      selected,
      seeds: fresh.length,
      validation: mean(fresh),
      test: averageTests(runs),
    },
    regression: test && { difference: test.difference, interval: test.interval },
  };
}

function averageTests(runs: ConfirmedPoint['runs']): Record<string, number> {
  const scored = runs.flatMap(({ test }) => (test?.status === 'finished' ? [test.figures] : []));
  const names = Object.keys(scored[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, mean(scored.map((figures) => figures[name] ?? NaN))]));
}
