import { Progress, formatInteger, isPlainSettings } from '../../../core/index.js';
import { measureSteps } from '../../../training/index.js';
import type { TrainerOptions } from '../../../training/index.js';
import { BOUNDS } from '../../../training/config/index.js';
import type { Output } from '../../output.js';
import type { Settings } from '../../settings/config-file.js';
import type { SettingsLayer } from '../../settings/layers.js';

/**
 * The time that alone bounds a training which doesn't say how many updates it expects.
 * @param settings - an object a section
 * @returns minutes; undefined where updates, epochs or tokens are named
 */
export function findMinutes(settings: Settings): number | undefined {
  const { trainer } = settings;
  if (!isPlainSettings(trainer) || typeof trainer.minutes !== 'number') return undefined;
  const others = [...BOUNDS.filter((name) => name !== 'minutes'), 'expectedSteps'];
  return others.some((name) => trainer[name] !== undefined) ? undefined : trainer.minutes;
}

/**
 * Makes a few updates to see how many the time allows, and shows how far it is; the model is as before afterwards.
 * @param options - of the trainer
 * @param minutes - the time
 * @param output - of the command
 * @returns a layer of settings with `expectedSteps`
 */
export async function measureTime(options: TrainerOptions, minutes: number, output: Output): Promise<SettingsLayer> {
  const stream = { isTTY: process.stderr.isTTY, columns: process.stderr.columns, write: output.err };
  let progress: Progress | undefined;
  const measured = await measureSteps(options, {
    minutes,
    onProgress: ({ step, steps }) =>
      (progress ??= new Progress({ total: steps, label: 'measure', stream })).update(step),
  }).finally(() => progress?.finish());
  const { expectedSteps, secondsPerStep } = measured;
  const speed = `${secondsPerStep.toPrecision(2)} s an update`;
  const count = formatInteger(expectedSteps);
  output.err(`${speed}: ${count} updates in ${minutes} minutes, by which recipe and schedule go\n`);
  return { source: 'derived', detail: `measured, ${speed}`, settings: { trainer: { expectedSteps } } };
}
