import { isPlainSettings, overlaySettings } from '../../core/index.js';
import type { PlainSettings } from '../../core/index.js';
import { BOUNDS } from '../config/limits.js';
import { resolveTrainerConfig } from '../config/resolve-config.js';
import type { ResumeOptions } from '../config/trainer-options.js';
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
export function overlayRunSettings(stored: RunConfig, options: ResumeOptions): ResumeOptions {
  const named = stored.named ?? inferNamed(stored.trainer, options.data);
  const below = { ...named, ...(stored.generation && { generation: stored.generation }) };
  return overlaySettings(below, { ...options }, BOUNDS) as unknown as ResumeOptions;
}

/** What a folder that does not tell is taken to have named: all settings but those that equal what follows from them. */
function inferNamed(trainer: PlainSettings, { train, validation }: TrainerData): PlainSettings {
  const { schedule, evaluateEvery, checkpointEvery, restoreBest, ...others } = trainer;
  const { config } = resolveTrainerConfig(others, { train, validated: validation !== undefined });
  const derived = {
    evaluateEvery: config.evaluateEvery,
    checkpointEvery: evaluateEvery,
    restoreBest: config.restoreBest,
  };
  const course = omitEqual({ evaluateEvery, checkpointEvery, restoreBest }, derived);
  return { ...others, ...course, ...(isPlainSettings(schedule) && inferSchedule(schedule, config.schedule)) };
}

function inferSchedule(schedule: PlainSettings, derived: PlainSettings): PlainSettings {
  if (schedule.type !== derived.type) return { schedule };
  return { schedule: { type: schedule.type, ...omitEqual(schedule, derived) } };
}

function omitEqual(settings: PlainSettings, derived: PlainSettings): PlainSettings {
  return Object.fromEntries(Object.entries(settings).filter(([key, value]) => value !== derived[key]));
}
