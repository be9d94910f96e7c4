import type { TrainerEnd } from '../part.js';
import { Trainer } from '../trainer.js';
import type { TrainerOptions } from '../trainer-options.js';
import type { Diagnosis } from './diagnosis.js';
import { Diagnostics } from './part.js';
import type { DiagnosticsOptions } from './part.js';
import { isExplosion } from './recorder.js';

/** What {@link trainWithRestore} takes: a run that has a folder, for there must be a checkpoint to go back to. */
export type RestorableOptions = TrainerOptions & { runDirectory: string };

/** How a run ended that may have gone back once. */
export interface RestorableEnd extends TrainerEnd {
  /** What is wrong with the run. */
  diagnoses: readonly Diagnosis[];
  /** Why it went back to a checkpoint; undefined where it did not. */
  restored: Diagnosis | undefined;
}

/**
 * Trains with {@link Diagnostics}; where gradients explode, the run goes back to its last checkpoint once and on from
 * there with half the learning rate and half the bound on the norm.
 *
 * @throws PalabraError of code PAL_NON_FINITE or PAL_DIVERGED when they explode again; whatever else the run throws
 * @example const { restored } = await trainWithRestore({ model, data, epochs: 3, runDirectory: 'runs/first' });
 */
export async function trainWithRestore(
  options: RestorableOptions,
  settings: DiagnosticsOptions = {},
): Promise<RestorableEnd> {
  const diagnostics = new Diagnostics(settings);
  const parts = [...(options.parts ?? []), diagnostics];
  const trainer = new Trainer({ ...options, parts });
  const gentler = gentlerThan(trainer, options);
  const ended = (end: TrainerEnd, restored?: Diagnosis): RestorableEnd => ({
    ...end,
    diagnoses: diagnostics.diagnoses,
    restored,
  });
  try {
    return ended(await trainer.run());
  } catch (error) {
    const explosion = diagnostics.diagnoses.find(({ code }) => code === 'LSTM_NAN');
    if (!isExplosion(error) || explosion === undefined) throw error;
    const second = await Trainer.resume(options.runDirectory, { ...options, ...gentler(), parts });
    const end = await second.run();
    return ended(end, { ...explosion, message: `${explosion.message} Restored step ${diagnostics.startedAt}.` });
  }
}

/** Makes the settings of the second try; the learning rate is taken now, before a schedule changes it. */
function gentlerThan({ optimizer, config }: Trainer, options: RestorableOptions): () => Partial<TrainerOptions> {
  const learningRate = optimizer.learningRate / 2;
  const clipNorm = (config.clipNorm ?? 1) / 2;
  return () => {
    if (options.optimizer === optimizer) optimizer.learningRate = learningRate;
    const settings = config.optimizer === undefined ? optimizer : { ...config.optimizer, learningRate };
    return { clipNorm, optimizer: settings };
  };
}
