import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { throwFileError } from '../../../core/index.js';
import { Trainer } from '../../../training/index.js';
import type { TrainerConfigOptions } from '../../../training/index.js';
import { expectFinished } from '../../expect-finished.js';
import type { PackedPasses } from './pack-passes.js';
import type { RunSettings } from './run-options.js';

/** What the error of an abort advises. */
const HOW_TO_GO_ON = 'A checkpoint is saved: the same call goes on from there.';

/** The shares of the steps that the rate rises, and of its peak that it falls to. */
const [WARM_UP, FLOOR] = [0.03, 0.1];

/**
 * Trains the adapters that act in a model on all passes of a plan, by one schedule; goes on from the last checkpoint where
 * the folder has one.
 *
 * @param runDirectory - of the checkpoints
 * @param data - the packed passes
 * @param settings - of the run
 * @returns the updates that were made now
 * @throws PalabraError of code PAL_ABORTED when the signal fires; the errors of `Trainer.steps`
 */
export async function trainPasses(
  runDirectory: string,
  { train, passes, steps: planned }: PackedPasses,
  settings: RunSettings,
): Promise<number> {
  const trainer = await openTrainer(runDirectory, { train, steps: planned }, settings);
  const ends = train.passEnds;
  let before: number | undefined;
  const steps = trainer.steps();
  try {
    for (;;) {
      const { done, value } = await steps.next();
      if (done === true) {
        expectFinished('trainAdapters', value, settings.signal, HOW_TO_GO_ON);
        return before === undefined ? 0 : value.step - before;
      }
      before ??= value.index - 1;
      const row = Math.min(value.index * settings.batchSize, train.size) - 1;
      const dataset = passes[ends.findIndex((end) => row < end)]?.dataset;
      const { index: step, loss, totalTokens: tokens } = value;
      settings.onStep?.({ step, steps: planned, loss, tokens, dataset });
    }
  } finally {
    trainer.optimizer.dispose();
  }
}

async function openTrainer(
  runDirectory: string,
  { train, steps }: Omit<PackedPasses, 'passes'>,
  settings: RunSettings,
): Promise<Trainer> {
  const { model, signal } = settings;
  const data = { train };
  if (existsSync(join(runDirectory, 'config.json'))) {
    return Trainer.resume(runDirectory, { data, model, ...(signal && { signal }) });
  }
  await rm(runDirectory, { recursive: true, force: true }).catch((cause: unknown) =>
    throwFileError('trainAdapters', runDirectory, cause),
  );
  const { learningRate, batchSize, accumulation, precision, seed, checkpointEvery } = settings;
  return new Trainer({
    ...{ model, data, runDirectory, precision, seed, batchSize, accumulation: Math.min(accumulation, batchSize) },
    ...{ order: 'sequential', epochs: 1, maxGradNorm: 1, restoreBest: false, keep: { last: 2, best: 0 } },
    optimizer: { type: 'adamw', learningRate, weightDecay: 0.01 },
    schedule: chooseSchedule(steps, learningRate),
    ...(checkpointEvery !== undefined && { checkpointEvery }),
    ...(signal && { signal }),
  });
}

/** One schedule over the whole plan; a plan of a single update has no course. */
function chooseSchedule(steps: number, learningRate: number): TrainerConfigOptions['schedule'] {
  const warmup = Math.ceil(WARM_UP * steps);
  return steps > warmup ? { type: 'cosine', warmup, minimum: FLOOR * learningRate } : { type: 'constant' };
}
