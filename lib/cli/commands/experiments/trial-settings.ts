import { formatSuggestion, isPlainSettings, raise } from '../../../core/index.js';
import type { ConfigField } from '../../../core/index.js';
import { BOUNDS } from '../../../training/config/index.js';
import type { Settings } from '../../settings/config-file.js';
import { assignSetting, listFields, mergeLayers } from '../../settings/settings.js';
import { trainSections } from '../training/train-sections.js';

/** What decides how long and with which seed a run is trained; an experiment says it for all of them. */
export interface RunBounds {
  tokens: number;
  seed: number;
  /** Updates after which the run is evaluated besides. */
  evaluateAt?: readonly number[];
}

/** Settings that an experiment decides itself. */
const OWN = new Set([...BOUNDS, 'seed', 'evaluateAt'].map((key) => `trainer.${key}`));

/**
 * The settings of a run: the base, over it those of its point or arm, over both its length and seed.
 *
 * @param base - an object a section, as a configuration file holds them
 * @param over - the same, or undefined
 * @param bounds - how long it is trained
 * @returns an object a section, which shares nothing with the arguments
 */
export function mergeRunSettings(base: Settings, over: Settings, bounds: RunBounds): Settings {
  return mergeLayers(trainSections, [
    { source: 'config file', settings: base },
    { source: 'flag', settings: over },
    { source: 'flag', settings: { trainer: { ...bounds } } },
  ]);
}

/**
 * The settings that values by dotted paths mean.
 *
 * @param values - as `{ 'trainer.optimizer.learningRate': 0.01 }`; the kind of a variant stands at its own path
 * @param where - named in errors
 * @returns an object a section
 * @throws ConfigError for a path that is no setting of a training, or one that the experiment decides itself
 */
export function nestValues(values: Readonly<Record<string, unknown>>, where: string): Settings {
  const fields = trainSections.flatMap(listFields);
  const settings: Settings = {};
  // A variant's kind stands before its fields.
  const sorted = Object.entries(values).sort(([a], [b]) => a.length - b.length);
  for (const [path, value] of sorted) assignSetting(settings, findField(fields, path, where), value);
  return settings;
}

/**
 * Refuses settings that an experiment decides itself, and what no run of one has.
 * @param settings - of an arm, or a point
 * @param where - named in errors
 * @throws ConfigError naming them
 */
export function expectOthers(settings: Settings, where: string): void {
  const { trainer } = settings;
  const names = trainSections.map(({ name }) => name);
  for (const name of Object.keys(settings)) if (!names.includes(name)) refuseSection(name, names, where);
  const own = isPlainSettings(trainer) ? Object.keys(trainer).filter((key) => OWN.has(`trainer.${key}`)) : [];
  if (own.length > 0) refuseOwn(`trainer.${own[0]}`, where);
}

function refuseSection(name: string, names: readonly string[], where: string): never {
  const fix = formatSuggestion(name, names);
  raise('PAL_CONFIG', { where, expected: `keys ${names.join(', ')}`, received: name, fix });
}

function findField(fields: readonly ConfigField[], path: string, where: string): ConfigField {
  const found = fields.find((field) => field.path === path);
  if (OWN.has(path)) refuseOwn(path, where);
  if (found !== undefined) return found;
  const paths = fields.map((field) => field.path);
  return raise('PAL_CONFIG', {
    where,
    expected: 'paths of settings of `palabra train`',
    received: path,
    fix: formatSuggestion(path, paths),
    details: { path },
  });
}

function refuseOwn(path: string, where: string): never {
  raise('PAL_CONFIG', {
    where,
    expected: 'settings that differ between runs of the same length',
    received: path,
    fix: 'The budget in tokens and the list of seeds decide it for all runs.',
    details: { path },
  });
}
