import { checkOptions, expectPositiveInteger, expectRange, isPalabraError, raise } from '../core/index.js';
import type { OptionChecks } from '../core/index.js';
import type { LanguageModel } from '../models/interface/index.js';
import type { Module } from '../nn/index.js';
import type { Callback } from './callbacks/callback.js';
import { expectOwnOptimizer, keepUpdates, preserveModel } from './config/keep-updates.js';
import { parseTrainerOptions } from './config/trainer-options.js';
import type { TrainerOptions } from './config/trainer-options.js';
import type { TrainerStep } from './report.js';
import { Trainer } from './trainer.js';

/** The range that {@link findRate} goes through. */
export interface FindRateOptions {
  /** The first learning rate (default 1e-6). */
  lowest?: number | undefined;
  /** The last one, above the first (default 1). */
  highest?: number | undefined;
  /** Updates on the way from one to the other (default 100). */
  steps?: number | undefined;
  /** Called after each update, with its number and how many there are at most. */
  onProgress?: ((progress: { step: number; steps: number; loss: number }) => void) | undefined;
}

/** The keys of {@link FindRateOptions}. */
export const findRateKeys: OptionChecks<FindRateOptions> = {
  lowest: true,
  highest: true,
  steps: true,
  onProgress: true,
};

/** One update of a range test. */
export interface RatePoint {
  learningRate: number;
  /** Nats a token before the update. */
  loss: number;
  /** A running mean of the losses so far. */
  smoothed: number;
}

/** The result of a range test. */
export interface FoundRate {
  /** The learning rate at which the loss falls fastest; undefined where it does not fall. */
  suggestion: number | undefined;
  /** The updates in order; it ends early where the loss has run away. */
  curve: readonly RatePoint[];
  /** True if the loss ran away before the highest rate. */
  diverged: boolean;
}

/** The weight of the losses before in the running mean. */
const MEMORY = 0.9;
/** The test ends when the running mean is this many nats above its lowest. */
const RUNAWAY = 1.5;
/** A fall of the loss that is more than noise, in nats. */
const LEAST_FALL = 0.02;
/** Updates that a slope is taken over, as a share of all. */
const SLOPE_SHARE = 0.1;

/**
 * The learning-rate range test: trains while the rate rises evenly on a logarithmic scale from update to update, and
 * suggests the rate at which the smoothed loss falls fastest. Weights, gradients and frozen parameters are as before
 * afterwards.
 *
 * @param options - as a {@link Trainer} takes them; what bounds, evaluates, schedules and stores a run is left out
 * @param range - rates above 0 and the number of updates
 * @returns the suggested rate, and loss by rate
 * @throws ArgumentError for a range without width, and for a ready-made optimizer, whose state would change
 * @see Smith 2017, https://arxiv.org/abs/1506.01186, section 3.3
 * @example const { suggestion } = await findRate({ model, data, steps: 1000, optimizer: { type: 'adamw' } });
 */
export async function findRate<Model extends Module = LanguageModel>(
  options: TrainerOptions<Model>,
  range: FindRateOptions = {},
): Promise<FoundRate> {
  const { lowest = 1e-6, highest = 1, steps = 100, onProgress } = checkOptions('findRate', range, findRateKeys);
  parseTrainerOptions(options as unknown as TrainerOptions<Module>, 'findRate');
  expectRange('findRate', 'lowest', lowest, { above: 0 });
  expectRange('findRate', 'highest', highest, { above: lowest });
  if (expectPositiveInteger('findRate', 'steps', steps) < 10) refuse('steps of at least 10', String(steps));
  expectOwnOptimizer('findRate', options.optimizer);
  const test = new RangeTest({ lowest, highest, steps }, onProgress);
  using _ = preserveModel(options.model);
  await runTest(options, test, steps);
  return test.result;
}

/** Makes the updates; a loss that is no number any more ends them as one that has run away. */
async function runTest<Model extends Module>(
  options: TrainerOptions<Model>,
  test: RangeTest,
  steps: number,
): Promise<void> {
  const trainer = new Trainer({ ...keepUpdates(options), steps, callbacks: [test] });
  try {
    await trainer.run();
  } catch (error) {
    if (!isPalabraError(error) || error.code !== 'PAL_NON_FINITE') throw error;
    test.diverged = true;
  } finally {
    trainer.optimizer.dispose();
  }
}

/** Raises the rate and watches the loss. */
class RangeTest implements Callback {
  readonly name = 'range-test';
  readonly curve: RatePoint[] = [];
  diverged = false;
  private run: Parameters<NonNullable<Callback['onStart']>>[0] | undefined;
  private mean = 0;

  constructor(
    private readonly range: { lowest: number; highest: number; steps: number },
    private readonly tell: FindRateOptions['onProgress'],
  ) {}

  get result(): FoundRate {
    const { curve, diverged } = this;
    return { suggestion: suggestRate(curve, Math.ceil(this.range.steps * SLOPE_SHARE)), curve, diverged };
  }

  onStart(run: NonNullable<RangeTest['run']>): void {
    this.run = run;
  }

  onStepStart(index: number): void {
    const { lowest, highest, steps } = this.range;
    this.run!.optimizer.learningRate = lowest * (highest / lowest) ** ((index - 1) / (steps - 1));
  }

  onStep({ index: step, learningRate, loss }: TrainerStep): void {
    this.mean = MEMORY * this.mean + (1 - MEMORY) * loss;
    const smoothed = this.mean / (1 - MEMORY ** step);
    this.curve.push({ learningRate, loss, smoothed });
    this.tell?.({ step, steps: this.range.steps, loss });
    if (smoothed < Math.min(...this.curve.map((point) => point.smoothed)) + RUNAWAY) return;
    this.diverged = true;
    this.run!.stop('the loss ran away');
  }
}

/**
 * The rate at which the smoothed loss falls fastest along the logarithm of the rate, before it is lowest.
 * @param curve - in order of the rate
 * @param width - points that a slope is taken over, at least 2
 * @returns the rate in the middle of them; undefined where the loss does not fall by more than noise
 */
export function suggestRate(curve: readonly RatePoint[], width: number): number | undefined {
  const smoothed = curve.map((point) => point.smoothed);
  const end = smoothed.indexOf(Math.min(...smoothed));
  const span = Math.max(2, width);
  if (end < span || Math.max(...smoothed.slice(0, end)) - smoothed[end]! < LEAST_FALL) return undefined;
  const starts = Array.from({ length: end - span + 1 }, (_, i) => i);
  const steepest = starts.reduce((best, i) =>
    measureFall(smoothed, i, span) > measureFall(smoothed, best, span) ? i : best,
  );
  return curve[steepest + Math.floor(span / 2)]!.learningRate;
}

function measureFall(losses: readonly number[], start: number, span: number): number {
  return losses[start]! - losses[start + span]!;
}

function refuse(expected: string, received: string): never {
  raise('PAL_ARGUMENT', { where: 'findRate', expected, received });
}
