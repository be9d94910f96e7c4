import { mean } from '../../evaluation/statistics/index.js';
import { runLegs } from '../journal/run-legs.js';
import type { Leg, LegEnd, LegWork, OpenJournal } from '../journal/run-legs.js';
import type { Stage, SweepPlan } from './plan.js';
import { rankPoints } from './rank.js';
import type { RankedPoint } from './rank.js';
import type { SweepConfig } from './sweep-config.js';

/** A part of a run of a sweep. */
export interface SweepLeg extends Leg {
  /** Its place in the plan. */
  point: number;
  seed: number;
  /** Training tokens of the run at the end of the leg. */
  tokens: number;
  /** What is done: training, or scoring the trained model on the test data. */
  work: 'train' | 'test';
}

/** The outcome of a stage. */
export interface StageOutcome {
  name: string;
  tokens: number;
  /** The points in play, the best first. */
  ranking: readonly RankedPoint[];
}

/** A point that was trained again with fresh seeds. */
export interface ConfirmedPoint {
  point: number;
  /** By seed. */
  runs: readonly { run: string; seed: number; validation: LegEnd; test: LegEnd | undefined }[];
}

/** What a sweep found. */
export interface SweepOutcome {
  stages: readonly StageOutcome[];
  confirmed: readonly ConfirmedPoint[];
}

/** A sweep, its plan, and how a leg is worked off. */
export type SweepWork = LegWork<SweepLeg>;

/**
 * Runs a sweep from where its journal stands to the end. The outcome depends on the figures of the legs alone, not on
 * the order in which they end.
 *
 * @param config - of the sweep
 * @param plan - made of it
 * @param work - how a leg is trained, and the journal
 * @returns the outcome; undefined where a signal ended the work
 * @throws ConfigError when more than half of a stage fails
 */
export async function runSweep(
  config: SweepConfig,
  plan: SweepPlan,
  work: SweepWork,
): Promise<SweepOutcome | undefined> {
  const stages: StageOutcome[] = [];
  let points = plan.points.map((_, i) => i);
  for (const [i, stage] of plan.stages.entries()) {
    const ends = await runLegs(listLegs(config, stage, points), work);
    if (ends === undefined) return undefined;
    const values = points.map((point) => ({ point, value: computeValue(config, point, ends) }));
    const ranking = rankPoints(values, config.metric.goal);
    stages.push({ name: stage.name, tokens: stage.tokens, ranking });
    points = selectPoints(ranking, plan.stages[i + 1]?.points ?? plan.confirm?.points ?? 0);
    recordRanking(work.journal, stage.name, ranking, points);
  }
  const confirmed = await runConfirmation(config, plan, points, work);
  return confirmed && { stages, confirmed };
}

/**
 * The folder of a run.
 * @param config - of the sweep
 * @param config.seeds - with which each point is trained
 * @param point - its place in the plan
 * @param seed - one of the sweep's seeds
 * @returns a number of four digits or more
 */
export function nameRun({ seeds }: Pick<SweepConfig, 'seeds'>, point: number, seed: number): string {
  return formatRun(point * seeds.length + seeds.indexOf(seed));
}

function formatRun(index: number): string {
  return String(index + 1).padStart(4, '0');
}

/** The legs of a stage, all seeds of a point one after another. */
function listLegs(config: SweepConfig, { name, tokens }: Stage, points: readonly number[]): SweepLeg[] {
  return points.flatMap((point) =>
    config.seeds.map((seed) => ({
      run: nameRun(config, point, seed),
      stage: name,
      point,
      seed,
      tokens,
      work: 'train',
    })),
  );
}

/** The mean over the seeds; NaN unless every one of them has a figure. */
function computeValue(config: SweepConfig, point: number, ends: ReadonlyMap<string, LegEnd>): number {
  return mean(config.seeds.map((seed) => getFigure(ends.get(nameRun(config, point, seed)), config.metric.name)));
}

/**
 * A figure at the end of a leg.
 * @param end - of the leg
 * @param name - as `validation/loss`
 * @returns NaN where the leg failed or has no such figure
 */
export function getFigure(end: LegEnd | undefined, name: string): number {
  return end?.status === 'finished' ? (end.figures[name] ?? NaN) : NaN;
}

/** The best points that have a number, in the order of the plan. */
function selectPoints(ranking: readonly RankedPoint[], count: number): number[] {
  const usable = ranking.filter(({ value }) => Number.isFinite(value));
  return usable.slice(0, count).map(({ point }) => point);
}

/** Journals what became of a stage, once. */
function recordRanking(journal: OpenJournal, stage: string, ranking: readonly RankedPoint[], promoted: number[]): void {
  if (journal.entries.some((entry) => entry.type === 'rung' && entry.stage === stage)) return;
  const pruned = ranking.map(({ point }) => point).filter((point) => !promoted.includes(point));
  journal.append({ type: 'rung', stage, ranking, promoted, pruned });
}

/** Trains the best points anew with fresh seeds, then scores those models on the test data, once. */
async function runConfirmation(
  config: SweepConfig,
  { points: all, confirm }: SweepPlan,
  points: readonly number[],
  work: SweepWork,
): Promise<ConfirmedPoint[] | undefined> {
  if (confirm === undefined) return [];
  const { seeds, tokens } = confirm;
  const first = all.length * config.seeds.length;
  const legs = points.flatMap((point, i) =>
    seeds.map((seed, j): SweepLeg => {
      const run = formatRun(first + i * seeds.length + j);
      return { run, stage: 'confirm', point, seed, tokens, work: 'train' };
    }),
  );
  const trained = await runLegs(legs, work);
  const finished = legs.filter(({ run }) => trained?.get(run)?.status === 'finished');
  const tested =
    trained &&
    (await runLegs(
      finished.map((leg) => ({ ...leg, stage: 'test', work: 'test' as const })),
      work,
    ));
  if (tested === undefined) return undefined;
  const listRuns = (point: number): ConfirmedPoint['runs'] =>
    legs
      .filter((leg) => leg.point === point)
      .map(({ run, seed }) => ({ run, seed, validation: trained!.get(run)!, test: tested.get(run) }));
  return points.map((point) => ({ point, runs: listRuns(point) }));
}
