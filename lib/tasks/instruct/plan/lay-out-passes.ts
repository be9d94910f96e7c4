import { Random } from '../../../core/index.js';
import type { PlanStep } from './training-plan.js';

/** `mixed`: the examples of all files shuffled in each pass. `sequential`: file after file, a few of earlier ones among them. */
export type TrainingMode = 'mixed' | 'sequential';

/** A file of a plan with its examples. */
export interface PlannedExamples {
  readonly step: Pick<PlanStep, 'dataset' | 'epochs' | 'weight'>;
  /** The numbers of its examples for training. */
  readonly examples: readonly number[];
}

/** Settings of {@link layOutPasses}. */
export interface PassOptions {
  mode: TrainingMode;
  /** Examples of files that were trained before this plan. */
  earlier: readonly number[];
  /** The examples of earlier files in a pass, as a share of its own, from 0. */
  replay: number;
  seed: number;
}

/** A pass over examples. */
export interface TrainingPass {
  /** The file; undefined where a pass is over all of them. */
  readonly dataset: string | undefined;
  /** Numbers of examples in a drawn order, some of them perhaps several times. */
  readonly examples: readonly number[];
}

/**
 * Lays out the passes of a plan: which examples are seen in what order.
 * @param sets - the files in the order of the plan
 * @param options - the mode, and what is replayed
 * @returns a pass after the other; the same for the same seed
 */
export function layOutPasses(sets: readonly PlannedExamples[], options: PassOptions): TrainingPass[] {
  const random = new Random(options.seed).split('passes');
  const filled = sets.filter(({ examples }) => examples.length > 0);
  return options.mode === 'mixed' ? mixFiles(filled, options, random) : followFiles(filled, options, random);
}

function mixFiles(sets: readonly PlannedExamples[], { earlier, replay }: PassOptions, random: Random): TrainingPass[] {
  const count = Math.max(0, ...sets.map(({ step }) => step.epochs));
  return Array.from({ length: count }, (_, pass) => {
    const draw = random.split('pass', pass);
    const own = sets.filter(({ step }) => pass < step.epochs).flatMap((set, i) => repeat(set, draw.split('file', i)));
    return { dataset: undefined, examples: join(own, earlier, replay, draw) };
  });
}

function followFiles(
  sets: readonly PlannedExamples[],
  { earlier, replay }: PassOptions,
  random: Random,
): TrainingPass[] {
  return sets.flatMap((set, at) => {
    const before = [...earlier, ...sets.slice(0, at).flatMap(({ examples }) => examples)];
    return Array.from({ length: set.step.epochs }, (_, pass) => {
      const draw = random.split('file', at).split('pass', pass);
      return { dataset: set.step.dataset, examples: join(repeat(set, draw), before, replay, draw) };
    });
  });
}

/** The examples of a file as often as its weight says; of a fraction so many are drawn. */
function repeat({ step: { weight }, examples }: PlannedExamples, random: Random): number[] {
  const whole = Array.from({ length: Math.floor(weight) }, () => examples).flat();
  const rest = Math.round((weight - Math.floor(weight)) * examples.length);
  const count = whole.length + rest === 0 ? 1 : rest;
  return [...whole, ...draw(examples, count, random.split('weight'))];
}

/** Adds what is replayed, and shuffles. */
function join(own: readonly number[], before: readonly number[], replay: number, random: Random): number[] {
  const count = Math.min(before.length, Math.ceil(replay * own.length));
  const all = [...own, ...draw(before, count, random.split('replay'))];
  return draw(all, all.length, random.split('order'));
}

/** So many of some numbers, none drawn twice, in a drawn order. */
function draw(numbers: readonly number[], count: number, random: Random): number[] {
  return Array.from(random.permutation(numbers.length).subarray(0, count), (i) => numbers[i]!);
}
