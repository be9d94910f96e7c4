import { Option } from 'commander';
import type { Command } from 'commander';
import type { z } from 'zod';
import { listConfigFields, formatSuggestion, raise, show } from '../../core/index.js';
import type { ConfigField } from '../../core/index.js';
import { readConfigFile } from './config-file.js';
import type { Settings } from './config-file.js';
import { parseValue } from './value.js';

/** Settings under one name, which a configuration file gives as a key and the command line as `--name.path value`. */
export interface SettingsSection {
  /** The key, e.g. `model`; the empty text for settings that stand at the top. */
  name: string;
  /** The heading of its options in the help. */
  title: string;
  schema: z.ZodType;
  /** Fields that the command fills in itself. */
  without?: readonly string[];
  /** The tags of unions without a default that are meant when only their fields are given, by path in the section. */
  implied?: Readonly<Record<string, string>>;
}

type Flags = Record<string, unknown>;

/** Options that are added to a command when it is called: schemas take a while to build. */
const pending = new WeakMap<Command, () => void>();

/** Gives a command, at the time it is called, `--config FILE` and an option for each field of its sections. */
export function withSettings(command: Command, sections: readonly SettingsSection[]): Command {
  pending.set(command, () => addSettings(command, sections));
  return command;
}

/** Adds what {@link withSettings} announced. */
export function completeSettings(command: Command): void {
  pending.get(command)?.();
  pending.delete(command);
}

/** Gives a command `--config FILE` and an option for each field of its sections. */
export function addSettings(command: Command, sections: readonly SettingsSection[]): void {
  command.option('--config <file>', 'settings as YAML or JSON; options on the command line win');
  for (const section of sections) {
    for (const field of listFields(section))
      command.addOption(createOption(field, command).helpGroup(`${section.title}:`));
  }
}

/**
 * The settings of a command line: a preset, over it what the configuration file says, and over both the options.
 *
 * @param flags - what commander read
 * @param preset - what holds where neither says anything
 * @returns an object a section, not checked against the schemas yet
 * @throws ConfigError when the file has a section that the command does not know
 */
export async function readSettings(
  sections: readonly SettingsSection[],
  flags: Flags,
  preset: Settings = {},
): Promise<Settings> {
  const file = typeof flags.config === 'string' ? await readConfigFile(flags.config) : {};
  expectSections(sections, file);
  const settings = structuredClone(overlay(preset, file));
  for (const section of sections) {
    const fields = listFields(section);
    for (const field of fields) if (flags[field.path] !== undefined) assign(settings, field, flags[field.path]);
    for (const field of fields) completeTag(settings, field);
  }
  return settings;
}

/** Settings over others; of two variants of one thing, only the upper one counts. */
function overlay(below: Settings, above: Settings): Settings {
  if (above.type !== undefined && below.type !== undefined && above.type !== below.type) return above;
  const entries = Object.entries(above).map(([key, value]): [string, unknown] => {
    const under = below[key];
    return [key, isSettings(under) && isSettings(value) ? overlay(under, value) : value];
  });
  return { ...below, ...Object.fromEntries(entries) };
}

/** The leaves of a section with the section's name in front. */
function listFields({ name, schema, without = [], implied = {} }: SettingsSection): ConfigField[] {
  const left = without.map((path) => (name === '' ? path : `${name}.${path}`));
  const tagOf = (path: string): string | undefined => implied[path.slice(name.length + 1)];
  return listConfigFields(schema, name)
    .filter(({ path }) => !left.includes(path))
    .map((field) => ({ ...field, default: field.default ?? (field.tag && tagOf(field.path)) }));
}

function createOption(field: ConfigField, command: Command): Option {
  const { path, kind, doc, only, default: fallback } = field;
  const value = kind === 'boolean' ? '[true|false]' : `<${kind.replaceAll(' | ', '|')}>`;
  const notes = [...(only ? [`for ${only}`] : []), ...(fallback === undefined ? [] : [`default: ${show(fallback)}`])];
  const option = new Option(`--${path} ${value}`, notes.length > 0 ? `${doc} (${notes.join('; ')})` : doc);
  const refuse = (message: string): never =>
    command.error(`error: option '${option.flags}' has a wrong argument. ${message}`);
  return option.argParser((word: string, before: unknown) => parseValue(field, word, refuse, before));
}

/** Puts a value at its path; a tagged union given by its tag keeps its other keys where the tag stays the same. */
function assign(settings: Settings, field: ConfigField, value: unknown): void {
  const keys = field.path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce((place, key) => getObject(place, key), settings);
  if (field.tag === undefined) parent[last] = value;
  else parent[last] = { ...keepSameTag(parent[last], field.tag, value), [field.tag]: value };
}

function keepSameTag(present: unknown, tag: string, value: unknown): Settings {
  return isSettings(present) && present[tag] === value ? present : {};
}

/** A union whose fields were given without its tag is the default one. */
function completeTag(settings: Settings, { path, tag, default: fallback }: ConfigField): void {
  if (tag === undefined || fallback === undefined) return;
  const found = path.split('.').reduce<unknown>((place, key) => (isSettings(place) ? place[key] : undefined), settings);
  if (isSettings(found)) found[tag] ??= fallback;
}

function getObject(place: Settings, key: string): Settings {
  const found = place[key];
  return isSettings(found) ? found : (place[key] = {});
}

function isSettings(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listTopKeys(section: SettingsSection): string[] {
  return [...new Set(listFields(section).map(({ path }) => path.split('.')[0]!))];
}

function expectSections(sections: readonly SettingsSection[], file: Settings): void {
  const known = sections.flatMap((section) => (section.name === '' ? listTopKeys(section) : [section.name]));
  const unknown = Object.keys(file).filter((key) => !known.includes(key));
  if (unknown.length === 0) return;
  raise('PAL_CONFIG', {
    where: '--config',
    expected: `keys ${known.join(', ')}`,
    received: unknown.join(', '),
    fix: unknown.map((key) => formatSuggestion(key, known)).join(' '),
  });
}
