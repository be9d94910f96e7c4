import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Settings = Record<string, unknown>;

/** What every arm is tuned by: the same number of trials of the same length, judged on the validation data. */
export interface Tuning {
  /** Training tokens of a trial. */
  tokens: number;
  /** Trained with another seed than any run of the study. */
  seed: number;
  /** Values by the path of a setting. */
  parameters: Record<string, { values: unknown[] }>;
}

/** The trial of an arm that did best. */
export interface TunedArm {
  arm: string;
  /** Values by path. */
  chosen: Settings;
  /** The loss on the validation data by trial, the best first. */
  trials: readonly { values: Settings; value: number }[];
}

/** An arm that is tuned. */
export interface TunedStudy {
  base: Settings;
  arms: Record<string, Settings>;
}

/**
 * Tunes an arm by a grid of `palabra sweep`, or reads what was found before. Its folder keeps plan, journal and report; the
 * weights of the trials are removed.
 *
 * @param study - base and arms
 * @param arm - its name
 * @param tuning - trials
 * @param place - where, on which data, and what runs a command
 * @param place.folder - of all sweeps
 * @param place.data - the prepared folder
 * @param place.palabra - runs a command of the command line, and ends the process where it fails
 * @returns what was chosen
 */
export function tuneArm(
  study: TunedStudy,
  arm: string,
  { tokens, seed, parameters }: Tuning,
  { folder, data, palabra }: { folder: string; data: string; palabra: (...words: string[]) => void },
): TunedArm {
  const out = join(folder, arm);
  const report = join(out, 'report.json');
  if (!existsSync(report)) {
    mkdirSync(folder, { recursive: true });
    const base = mergeSettings(study.base, study.arms[arm]!);
    const trials = Object.values(parameters).reduce((product, { values }) => product * values.length, 1);
    const sweep = { name: arm, method: 'grid', base, data: [data], parameters, seeds: [seed] };
    const file = join(folder, `${arm}.json`);
    writeFileSync(file, JSON.stringify({ ...sweep, budget: { tokens: trials * tokens } }, null, 2));
    palabra('sweep', 'run', file, '--out', out);
    rmSync(join(out, 'trials'), { recursive: true, force: true });
  }
  const { ranking } = JSON.parse(readFileSync(report, 'utf8')) as { ranking: TunedArm['trials'] };
  const trials = ranking.map(({ values, value }) => ({ values, value }));
  return { arm, chosen: trials[0]!.values, trials };
}

/**
 * A study whose arms have the settings that were chosen for them.
 * @param study - base and arms
 * @param tuned - of each arm
 * @returns base and arms
 */
export function applyTuning<S extends TunedStudy>(study: S, tuned: readonly TunedArm[]): S {
  const arms = tuned.map(({ arm, chosen }) => [arm, mergeSettings(study.arms[arm]!, nestPaths(chosen))]);
  return { ...study, arms: Object.fromEntries(arms) as TunedStudy['arms'] };
}

function nestPaths(values: Settings): Settings {
  const nest = (path: string, value: unknown): Settings =>
    path
      .split('.')
      .reverse()
      .reduce<unknown>((inner, key) => ({ [key]: inner }), value) as Settings;
  return Object.entries(values).reduce<Settings>((all, [path, value]) => mergeSettings(all, nest(path, value)), {});
}

/** Settings over others, object by object. */
function mergeSettings(below: Settings, over: Settings): Settings {
  const merge = (a: unknown, b: unknown): unknown => (isObject(a) && isObject(b) ? mergeSettings(a, b) : b);
  const merged = Object.entries(over).map(([key, value]) => [key, merge(below[key], value)]);
  return { ...below, ...(Object.fromEntries(merged) as Settings) };
}

function isObject(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
