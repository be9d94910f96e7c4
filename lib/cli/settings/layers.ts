import { isPlainSettings, overlaySettings } from '../../core/index.js';
import type { Settings } from './config-file.js';

/** Where a value comes from, the weakest first; what is derived follows from other values. */
export type SettingsSource = 'default' | 'derived' | 'recipe' | 'preset' | 'config file' | 'flag';

/** Settings of one origin. */
export interface SettingsLayer {
  source: SettingsSource;
  /** Which of its kind, as the name of a preset. */
  detail?: string;
  /** An object a section. */
  settings: Settings;
}

/** A section of settings, as far as layers go. */
export interface LayeredSection {
  /** The key; the empty text for settings that stand at the top. */
  name: string;
  /** Keys of the section of which a layer that names some means no others, as the bounds of a run. */
  alternatives?: readonly string[];
}

/** A value's origin. */
export type Origin = Pick<SettingsLayer, 'source' | 'detail'>;

/**
 * Layers as one, by the rule of {@link overlaySettings} in each section.
 *
 * @param sections - which of them have alternatives
 * @param layers - the lowest first
 * @returns an object a section; what lies in it is shared
 */
export function overlayLayers(sections: readonly LayeredSection[], layers: readonly SettingsLayer[]): Settings {
  return layers.reduce<Settings>((below, { settings }) => overlaySections(sections, below, settings), {});
}

/**
 * The layer that each value comes from.
 *
 * @param sections - which of them have alternatives
 * @param layers - the lowest first
 * @returns the origin of each named value by its path, as `trainer.optimizer.learningRate`
 */
export function traceLayers(
  sections: readonly LayeredSection[],
  layers: readonly SettingsLayer[],
): ReadonlyMap<string, Origin> {
  let settings: Settings = {};
  let origins = new Map<string, Origin>();
  for (const { settings: above, ...origin } of layers) {
    settings = overlaySections(sections, settings, above);
    const named = new Map(listLeaves(above));
    const paths = listLeaves(settings).map(([path]) => path);
    origins = new Map(paths.map((path) => [path, named.has(path) ? origin : origins.get(path)!]));
  }
  return origins;
}

/**
 * The values of nested settings.
 *
 * @param settings - lists count as values, and so do objects without keys
 * @param prefix - the path of `settings` in a larger object
 * @returns path and value of each, but for those that are undefined
 */
export function listLeaves(settings: Settings, prefix = ''): [path: string, value: unknown][] {
  return Object.entries(settings).flatMap(([key, value]): [string, unknown][] => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (isPlainSettings(value) && Object.keys(value).length > 0) return listLeaves(value, path);
    return value === undefined ? [] : [[path, value]];
  });
}

function overlaySections(sections: readonly LayeredSection[], below: Settings, above: Settings): Settings {
  const merged = Object.entries(above).map(([name, value]): [string, unknown] => {
    const { alternatives = [] } = sections.find((section) => section.name === name) ?? {};
    const under = below[name];
    const nested = isPlainSettings(under) && isPlainSettings(value);
    return [name, nested ? overlaySettings(under, value, alternatives) : value];
  });
  return { ...below, ...Object.fromEntries(merged) };
}
