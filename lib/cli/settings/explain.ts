import { isPlainSettings, show } from '../../core/index.js';
import type { Settings } from './config-file.js';
import { listLeaves } from './layers.js';
import type { Origin, SettingsSource } from './layers.js';
import { listFields } from './settings.js';
import type { SettingsSection } from './settings.js';

/** A field of the settings, its value, and where that comes from. */
export interface ExplainedSetting {
  /** Its path, as `trainer.optimizer.learningRate`. */
  field: string;
  /** Null where nothing is set. */
  value: unknown;
  source: SettingsSource;
  /** Which of its kind, or what it follows from. */
  detail?: string;
}

const DEFAULT: Origin = { source: 'default' };

/**
 * Every field that acts, with its value and where that comes from; fields of variants that were not chosen are left out.
 *
 * @param sections - in the order in which they are listed
 * @param resolved - an object a section, every default filled in
 * @param origins - of the values that are no defaults, by path
 * @returns the fields by section, those without a value last
 */
export function explainSettings(
  sections: readonly SettingsSection[],
  resolved: Settings,
  origins: ReadonlyMap<string, Origin>,
): ExplainedSetting[] {
  return sections.flatMap((section) => {
    const { name } = section;
    const settings = resolved[name];
    if (!isPlainSettings(settings)) return [];
    const leaves = listLeaves(settings, name).filter(([, value]) => !isEmpty(value));
    const set = leaves.map(([field, value]) => ({
      field,
      value,
      ...(origins.get(field) ?? DEFAULT),
    }));
    const unset = listUnset(section, resolved).map((field) => ({ field, value: null, ...DEFAULT }));
    return [...set, ...unset];
  });
}

/** Lines of three columns: field, value, origin. */
export function formatExplained(settings: readonly ExplainedSetting[]): string {
  const rows = settings.map(({ field, value, source, detail }) => [
    field,
    value === null ? '-' : formatValue(value),
    detail === undefined ? source : `${source}: ${detail}`,
  ]);
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]!.length)) + 2);
  return rows
    .map(([field, value, origin]) => field!.padEnd(widths[0]!) + value!.padEnd(widths[1]!) + origin!)
    .join('\n');
}

function formatValue(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : show(value);
}

/** True for a table without keys: its fields stand among those that are not set. */
function isEmpty(value: unknown): boolean {
  return isPlainSettings(value) && Object.keys(value).length === 0;
}

/** The fields of chosen variants that have no value. */
function listUnset(section: SettingsSection, resolved: Settings): string[] {
  const paths = listLeaves(resolved).map(([path]) => path);
  const isSet = (path: string): boolean => paths.some((found) => found === path || found.startsWith(`${path}.`));
  return listFields(section).flatMap(({ path, only }) => (isSet(path) || !isChosen(only, resolved) ? [] : [path]));
}

/** True for a field of every variant, or of the one that is chosen, as `trainer.schedule = cosine or linear`. */
function isChosen(only: string | undefined, resolved: Settings): boolean {
  if (only === undefined) return true;
  const [path, tags] = only.split(' = ') as [string, string];
  const chosen = listLeaves(resolved).find(([found]) => found === `${path}.type`);
  return chosen !== undefined && tags.split(' or ').includes(String(chosen[1]));
}
