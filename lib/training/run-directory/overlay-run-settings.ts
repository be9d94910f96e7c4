import { isPlainSettings, overlaySettings } from '../../core/index.js';
import type { PlainSettings } from '../../core/index.js';
import { BOUNDS } from '../config/limits.js';
import { resolveTrainerConfig } from '../config/resolve-config.js';
import type { TrainerData } from '../config/trainer-inputs.js';
import type { RunConfig } from './run-config.js';

/**
 * The options of a run that goes on: those of the resume over the settings that the run named.
 *
 * @param stored - `config.json` of the run
 * @param options - of the resume; a bound that is named takes the place of the run's bounds
 * @returns the options of a trainer, but for model and folder
 * @throws ConfigError when the folder's settings do not fit
 */
export function overlayRunSettings<Options extends { data: TrainerData }>(
  stored: RunConfig,
  options: Options,
): Options {
  const named = stored.named ?? inferNamed(stored.trainer, options.data);
  const { generation, imports } = stored;
  const below = { ...named, ...(generation && { generation }), ...(imports && { imports }) };
  return overlaySettings(scaleExpected(below, { ...options }), { ...options }, BOUNDS) as unknown as Options;
}

/** Updates that were expected of a time, for another time at the same speed; of no time they are no longer expected. */
function scaleExpected(below: PlainSettings, { minutes }: PlainSettings): PlainSettings {
  const { expectedSteps, ...others } = below;
  if (typeof minutes !== 'number' || typeof expectedSteps !== 'number') return below;
  if (typeof below.minutes !== 'number') return others;
  return { ...others, expectedSteps: Math.max(1, Math.round((expectedSteps * minutes) / below.minutes)) };
}

/** What a folder that does not tell is taken to have named: all settings but those that equal what follows from them. */
function inferNamed(trainer: PlainSettings, { train, validation }: TrainerData): PlainSettings {
  const { optimizer, schedule, evaluateEvery, checkpointEvery, restoreBest, ...others } = trainer;
  const run = { train, validated: validation !== undefined };
  const { config, layer } = resolveTrainerConfig({ ...others, optimizer }, run);
  const derived = { ...config, checkpointEvery: evaluateEvery };
  return {
    ...others,
    optimizer: inferVariant(optimizer, layer.optimizer),
    schedule: inferVariant(schedule, config.schedule),
    ...omitEqual({ evaluateEvery, checkpointEvery, restoreBest }, derived),
  };
}

/** The fields of a variant that differ from those that follow where nothing is named. */
function inferVariant(stored: unknown, derived: unknown): unknown {
  if (!isPlainSettings(stored) || !isPlainSettings(derived) || stored.type !== derived.type) return stored;
  return { ...omitEqual(stored, derived), type: stored.type };
}

function omitEqual(settings: PlainSettings, derived: PlainSettings): PlainSettings {
  return Object.fromEntries(Object.entries(settings).filter(([key, value]) => value !== derived[key]));
}
