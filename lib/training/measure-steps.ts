import { checkOptions, expectPositiveInteger, expectRange } from '../core/index.js';
import type { OptionChecks } from '../core/index.js';
import type { LanguageModel } from '../models/interface/index.js';
import type { Module } from '../nn/index.js';
import { expectOwnOptimizer, keepUpdates, preserveModel } from './config/keep-updates.js';
import type { TrainerOptions } from './config/trainer-options.js';
import { parseTrainerOptions } from './config/trainer-options.js';
import { Trainer } from './trainer.js';

/** Options of {@link measureSteps}. */
export interface MeasureStepsOptions {
  /** The time that is to be filled. */
  minutes: number;
  /** Updates that are made and undone again (default 4; the first is not counted, for it records). */
  trials?: number | undefined;
  /** Called after each of them. */
  onProgress?: ((progress: { step: number; steps: number; seconds: number }) => void) | undefined;
}

/** The keys of {@link MeasureStepsOptions}. */
export const measureStepsKeys: OptionChecks<MeasureStepsOptions> = { minutes: true, trials: true, onProgress: true };

/** The share of the time that is left to evaluations and checkpoints. */
const BESIDE = 0.1;
/** Trials end when they have taken this share of the time. */
const LONGEST = 0.1;

/** The speed of a training. */
export interface MeasuredSteps {
  /** Updates that the time allows, at least 1: the `expectedSteps` of a trainer. */
  expectedSteps: number;
  /** Of one update, the fastest of the trials. */
  secondsPerStep: number;
}

/**
 * Measures how many updates a span of time allows, by making a few. Weights and gradients are as before afterwards.
 *
 * @param options - as a {@link Trainer} takes them
 * @param measure - the time
 * @returns the updates, to be named as `expectedSteps`
 * @throws ArgumentError for no time, and for a ready-made optimizer, whose state would change
 * @example const { expectedSteps } = await measureSteps({ model, data, minutes: 5 }, { minutes: 5 });
 */
export async function measureSteps<Model extends Module = LanguageModel>(
  options: TrainerOptions<Model>,
  measure: MeasureStepsOptions,
): Promise<MeasuredSteps> {
  const { minutes, trials: steps = 4, onProgress } = checkOptions('measureSteps', measure, measureStepsKeys);
  parseTrainerOptions(options as unknown as TrainerOptions<Module>, 'measureSteps');
  expectRange('measureSteps', 'minutes', minutes, { above: 0 });
  expectPositiveInteger('measureSteps', 'trials', steps);
  expectOwnOptimizer('measureSteps', options.optimizer);
  const times: number[] = [];
  const spent = (): number => times.reduce((sum, seconds) => sum + seconds, 0);
  using _ = preserveModel(options.model);
  const trainer = new Trainer({ ...keepUpdates(options), steps });
  try {
    for await (const { index: step, seconds } of trainer.steps()) {
      times.push(seconds);
      onProgress?.({ step, steps, seconds });
      if (spent() > minutes * 60 * LONGEST) break;
    }
  } finally {
    trainer.optimizer.dispose();
  }
  const secondsPerStep = Math.min(...(times.length > 1 ? times.slice(1) : times));
  return { expectedSteps: Math.max(1, Math.floor((minutes * 60 * (1 - BESIDE)) / secondsPerStep)), secondsPerStep };
}
