import { expectOneOf, raise } from '../core/index.js';
import type { TrainerConfig } from './config/trainer-config.js';
import type { TrainerEvaluation } from './report.js';

/** The figures of every evaluation. */
export const MEASURED = ['loss', 'perplexity'] as const;
/** The figure of a loss of one's own beside that of a language model. */
export const OBJECTIVE = 'objective';

/** A figure of evaluations, and the direction of progress. */
export interface Judge {
  /** `loss`, `perplexity`, the name of a metric, or one of these behind the name of a validation set, as `books/loss`. */
  name: string;
  goal: 'lowest' | 'highest';
}

/** What names may be judged by. */
export interface JudgedRun {
  /** The trainer's own metrics, with the direction that each of them names. */
  metrics: readonly { readonly name: string; readonly goal?: Judge['goal'] | undefined }[];
  /** The names of validation sets; empty where there is one without a name. */
  sets: readonly string[];
  /** False for another module, whose loss has no perplexity (default true). */
  languageModel?: boolean;
}

/** The judge of the best model, and that of early stopping. */
export interface Judges {
  best: Judge;
  stopping: Judge;
}

/**
 * The figures that decide on the best model and on early stopping; where one of both is named, it decides on both.
 * @param config - of the trainer
 * @param run - what is measured
 * @returns name and direction of each
 * @throws ConfigError for a figure that is not measured
 */
export function resolveJudges(config: TrainerConfig, run: JudgedRun): Judges {
  const { bestMetric, bestGoal, earlyStopping } = config;
  const known = listFigures(run);
  const name = bestMetric ?? earlyStopping?.metric ?? (run.languageModel === false ? 'loss' : 'perplexity');
  const best = expectOneOf('Trainer', bestMetric === undefined ? 'earlyStopping.metric' : 'bestMetric', name, known);
  const watched = expectOneOf('Trainer', 'earlyStopping.metric', earlyStopping?.metric ?? name, known);
  const stoppingGoal = earlyStopping?.goal;
  const goals = { best: bestGoal ?? (watched === best ? stoppingGoal : undefined), stopping: stoppingGoal };
  const own = (figure: string): Judge['goal'] | undefined => findGoal(figure, run);
  const goal = goals.best ?? own(best) ?? 'lowest';
  return {
    best: { name: best, goal },
    stopping: { name: watched, goal: goals.stopping ?? (watched === best ? goal : (own(watched) ?? 'lowest')) },
  };
}

/**
 * The value of an evaluation by a judge, of which lower is better.
 * @param evaluation - of the validation data
 * @param judge - the figure, and its direction
 * @returns the figure, negated where higher is better; NaN where it wasn't measured
 */
export function readScore(evaluation: TrainerEvaluation, { name, goal }: Judge): number {
  const value = readFigure(evaluation, name) ?? NaN;
  return goal === 'highest' ? -value : value;
}

/**
 * Tells whether an evaluation is better than the best before it.
 * @param found - the evaluation
 * @param best - undefined where there was none
 * @param judge - the figure that decides; perplexities are compared by their losses, which don't overflow
 * @returns false for a figure that is no number
 */
export function isBetter(found: TrainerEvaluation, best: TrainerEvaluation | undefined, judge: Judge): boolean {
  const by = { ...judge, name: judge.name.replace(/(^|\/)perplexity$/u, '$1loss') };
  const [score, least] = [readScore(found, by), best === undefined ? Infinity : readScore(best, by)];
  return score < least || (Number.isNaN(least) && Number.isFinite(score));
}

/** What a run knows of its evaluations when it ends. */
export interface JudgedEnd {
  judges: Judges;
  state: { readonly latest: TrainerEvaluation | undefined; readonly best: TrainerEvaluation | undefined };
}

/**
 * Requires that a run with evaluations has a best one: the last weights are no model when none of their figures was a number.
 * @param end - the latest evaluation and the best one
 * @throws PalabraError of code PAL_NON_FINITE where there were evaluations and none was finite
 */
export function expectFiniteEvaluation({ judges, state: { latest, best } }: JudgedEnd): void {
  if (latest === undefined || best !== undefined) return;
  const { name } = judges.best;
  raise('PAL_NON_FINITE', {
    where: 'Trainer',
    expected: `an evaluation whose ${name} is finite`,
    received: `none; ${readFigure(latest, name)} at step ${latest.step}`,
    fix: 'No model was published; the last checkpoint holds the weights. Look at the validation data, or at bestMetric.',
    details: { step: latest.step, metric: name },
  });
}

function listFigures({ metrics, sets, languageModel = true }: JudgedRun): string[] {
  const names = [...(languageModel ? MEASURED : ['loss']), ...metrics.map(({ name }) => name)];
  return [...names, ...sets.flatMap((set) => names.map((name) => `${set}/${name}`))];
}

function findGoal(figure: string, { metrics, sets }: JudgedRun): Judge['goal'] | undefined {
  const set = sets.find((name) => figure.startsWith(`${name}/`));
  const plain = set === undefined ? figure : figure.slice(set.length + 1);
  return metrics.find(({ name }) => name === plain)?.goal;
}

function readFigure({ sets = {}, ...whole }: TrainerEvaluation, name: string): number | undefined {
  const set = Object.keys(sets).find((other) => name.startsWith(`${other}/`));
  const { loss, perplexity, metrics = {} } = set === undefined ? whole : sets[set]!;
  const figures: Record<string, number> = { loss, perplexity, ...metrics };
  return figures[set === undefined ? name : name.slice(set.length + 1)];
}
