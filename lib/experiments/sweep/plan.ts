import { formatInteger, raise } from '../../core/index.js';
import { drawPoints } from './draw-points.js';
import { countPoints, listGrid } from './space.js';
import type { Parameters, Point } from './space.js';
import type { SweepConfig } from './sweep-config.js';

/** What all points that are still in play are trained to. */
export interface Stage {
  name: string;
  /** How many points are in play. */
  points: number;
  /** Training tokens of a run since its first update, those of the stages before included. */
  tokens: number;
}

/** A sweep with everything that is decided before its first step. */
export interface SweepPlan {
  points: readonly Point[];
  /** One for grid and random, one a rung for halving. */
  stages: readonly Stage[];
  /** Runs of the best points with fresh seeds; absent where none were asked for. */
  confirm?: { points: number; seeds: readonly number[]; tokens: number };
  /** Training tokens of all of it, at most those of the budget. */
  tokens: number;
}

/** Stages that are sized but not yet given tokens: how many times the tokens of the first stage a run has by then. */
interface Rung {
  points: number;
  factor: number;
}

/**
 * Plans a sweep: its points, and how long each is trained so that all of it costs what the budget says.
 *
 * @param config - as {@link parseSweep} gives it
 * @param runTokens - tokens of a whole run where the base names them; else they follow from the budget
 * @returns the plan, which depends on the arguments alone
 * @throws ConfigError where budget and points don't fit
 */
export function planSweep(config: SweepConfig, runTokens?: number): SweepPlan {
  const rungs = listRungs(config);
  const last = rungs.at(-1)!;
  const confirmed = config.confirm && { points: config.confirm.top, seeds: listFreshSeeds(config) };
  if (confirmed && confirmed.points > last.points) refuseTop(confirmed.points, last.points);
  const units = countUnits(rungs, config.seeds.length, confirmed ? confirmed.points * confirmed.seeds.length : 0);
  const unit = chooseUnit(config, units, last.factor, runTokens);
  const stages = rungs.map(({ points, factor }, i) => ({
    name: config.method === 'halving' ? `rung ${i + 1}` : 'trials',
    ...{ points, tokens: unit * factor },
  }));
  const tokens = units * unit;
  const points = choosePoints(config, rungs[0]!.points);
  return { points, stages, ...(confirmed && { confirm: { ...confirmed, tokens: unit * last.factor } }), tokens };
}

/** The points of each stage, the first stage having all. */
function listRungs({ method, parameters, budget, halving }: SweepConfig): Rung[] {
  if (method === 'grid') {
    const points = countPoints(parameters);
    if (budget.trials !== undefined && points > budget.trials) refuseGrid(points, `${budget.trials} trials`);
    return [{ points, factor: 1 }];
  }
  if (method === 'random') return [{ points: budget.trials!, factor: 1 }];
  const { factor, rungs } = { factor: 3, rungs: 3, ...halving };
  const first = budget.trials ?? factor ** rungs;
  return Array.from({ length: rungs }, (_, r) => ({
    points: Math.max(1, Math.floor(first / factor ** r)),
    factor: factor ** r,
  }));
}

/** All training together in tokens of a run's first stage: what goes on to a stage has trained the one before. */
function countUnits(rungs: readonly Rung[], seeds: number, confirmed: number): number {
  const spent = rungs.map(({ points, factor }, r) => points * (factor - (rungs[r - 1]?.factor ?? 0)));
  return seeds * spent.reduce((sum, value) => sum + value, 0) + confirmed * rungs.at(-1)!.factor;
}

/** Tokens of a run's first stage. */
function chooseUnit(config: SweepConfig, units: number, factor: number, runTokens: number | undefined): number {
  const { budget, halving, method } = config;
  const named = halving?.minTokens ?? (runTokens === undefined ? undefined : Math.floor(runTokens / factor));
  const unit = named ?? Math.floor(budget.tokens / units);
  if (unit >= 1 && unit * units <= budget.tokens) return unit;
  const cost = `${formatInteger(Math.max(unit, 1) * units)} tokens`;
  if (method === 'grid') refuseGrid(countPoints(config.parameters), `${cost} in all`);
  return refuseBudget(budget.tokens, cost);
}

/** Seeds that no run before had. */
function listFreshSeeds({ seeds, confirm }: SweepConfig): number[] {
  const above = Math.max(...seeds) + 1;
  return Array.from({ length: confirm!.seeds }, (_, i) => above + i);
}

function choosePoints({ method, parameters, seed }: SweepConfig, count: number): Point[] {
  if (method !== 'grid') return drawPoints(parameters, seed, count);
  return listGrid(parameters as Parameters & Record<string, { values: unknown[] }>);
}

function refuseGrid(points: number, cost: string): never {
  raise('PAL_CONFIG', {
    where: 'sweep',
    expected: 'a grid within the budget',
    received: `one of ${formatInteger(points)} points, ${cost}`,
    fix: 'Take fewer values, a larger budget, or method: random, which tries as many as it can.',
  });
}

function refuseBudget(budget: number, cost: string): never {
  raise('PAL_CONFIG', {
    where: 'sweep',
    expected: `at most ${formatInteger(budget)} tokens, which is budget.tokens`,
    received: cost,
    fix: 'Take a larger budget, fewer trials, rungs or seeds, or shorter runs.',
  });
}

function refuseTop(top: number, points: number): never {
  raise('PAL_CONFIG', {
    where: 'sweep',
    expected: `confirm.top of at most ${points}, the points that are trained to the end`,
    received: String(top),
  });
}
