import type { TrainerEnd } from './callbacks/callback.js';
import { Trainer } from './trainer.js';
import type { TrainerOptions } from './config/trainer-options.js';
import type { Diagnosis } from './diagnostics/diagnosis.js';
import { Diagnostics } from './diagnostics/diagnostics.js';
import type { DiagnosticsOptions } from './diagnostics/diagnostics.js';
import { isDivergence } from './diagnostics/recorder.js';
import { checkOptions } from '../core/index.js';
import { diagnosticsKeys } from './diagnostics/diagnostics.js';

/** The options of {@link trainWithRestore}: a run that has a folder, for there must be a checkpoint to go back to. */
export type RestorableOptions = TrainerOptions & { runDirectory: string };

/** The end of a run that may have gone back once. */
export interface RestorableEnd extends TrainerEnd {
  /** The diagnoses of the run. */
  diagnoses: readonly Diagnosis[];
  /** Why it went back to a checkpoint; undefined where it did not. */
  restored: Diagnosis | undefined;
}

/** A run that an error has ended. */
export interface FailedRun {
  error: unknown;
  /** As the run was started with, {@link Diagnostics} among the callbacks. */
  options: RestorableOptions;
  trainer: Trainer;
  diagnostics: Diagnostics;
}

/**
 * Trains with {@link Diagnostics}; where gradients explode, the run goes back to its last checkpoint once and on from
 * there with half the learning rate and half the bound on the norm.
 *
 * @param given - the options of the trainer, with a `runDirectory`
 * @param settings - of the diagnostics
 * @returns the end of the run, its diagnoses, and why it went back, where it did
 * @throws PalabraError of code PAL_NON_FINITE or PAL_DIVERGED when they explode again; whatever else the run throws
 * @example const { restored } = await trainWithRestore({ model, data, epochs: 3, runDirectory: 'runs/first' });
 */
export async function trainWithRestore(
  given: RestorableOptions,
  settings: DiagnosticsOptions = {},
): Promise<RestorableEnd> {
  checkOptions('trainWithRestore', settings, diagnosticsKeys);
  const diagnostics = new Diagnostics(settings);
  const options = { ...given, callbacks: [...(given.callbacks ?? []), diagnostics] };
  const trainer = new Trainer(options);
  try {
    return { ...(await trainer.run()), diagnoses: diagnostics.diagnoses, restored: undefined };
  } catch (error) {
    const explosion = findExplosion(error, diagnostics);
    const second = await restoreTrainer({ error, options, trainer, diagnostics });
    if (explosion === undefined || second === undefined) throw error;
    const end = await second.run();
    const message = `${explosion.message} Restored step ${diagnostics.startedAt}.`;
    return { ...end, diagnoses: diagnostics.diagnoses, restored: { ...explosion, message } };
  }
}

/**
 * A trainer that takes a run whose gradients exploded up from its last checkpoint, with half the learning rate and half
 * the bound on the norm.
 * @param failed - the error, and the run that it ended
 * @returns undefined where something else has ended the run
 */
export async function restoreTrainer({
  error,
  options,
  trainer,
  diagnostics,
}: FailedRun): Promise<Trainer | undefined> {
  if (findExplosion(error, diagnostics) === undefined) return undefined;
  const { config, optimizer } = trainer;
  const maxGradNorm = (config.maxGradNorm ?? 1) / 2;
  const { peakLearningRate } = diagnostics.record.history;
  const learningRate = (config.optimizer?.learningRate ?? peakLearningRate) / 2;
  // The schedule of a ready-made optimizer starts from the rate it has.
  if (config.optimizer === undefined) optimizer.learningRate = learningRate;
  const gentler = config.optimizer === undefined ? optimizer : { learningRate };
  return await Trainer.resume(options.runDirectory, { ...options, maxGradNorm, optimizer: gentler });
}

function findExplosion(error: unknown, { diagnoses }: Diagnostics): Diagnosis | undefined {
  return isDivergence(error) ? diagnoses.find(({ code }) => code === 'LSTM_NAN') : undefined;
}
