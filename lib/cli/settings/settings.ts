import { Option } from 'commander';
import type { Command } from 'commander';
import type { z } from 'zod';
import { listConfigFields, formatSuggestion, isPlainSettings, raise, show } from '../../core/index.js';
import type { ConfigField } from '../../core/index.js';
import { readConfigFile } from './config-file.js';
import type { Settings } from './config-file.js';
import { overlayLayers } from './layers.js';
import type { LayeredSection, SettingsLayer } from './layers.js';
import { parseValue } from './value.js';

/** Settings under one name, which a configuration file gives as a key and the command line as `--name.path value`. */
export interface SettingsSection extends LayeredSection {
  /** The heading of its options in the help. */
  title: string;
  schema: z.ZodType;
  /** Fields that the command fills in itself. */
  without?: readonly string[];
  /** The tags of unions without a default that are meant when only their fields are given, by path in the section. */
  implied?: Readonly<Record<string, string>>;
}

type Flags = Record<string, unknown>;

const CONFIG_FLAG = '--config';

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

/**
 * Runs the modules that the configuration file of a command line imports, before {@link completeSettings}: they may make
 * known what there are settings of.
 * @param command - the one that is called
 * @param words - those of the command line
 */
export async function importConfigured(command: Command, words: readonly string[]): Promise<void> {
  const file = pending.has(command) ? findConfigFile(words) : undefined;
  if (file !== undefined) await readConfigFile(file);
}

/** The value of the last `--config` before `--`. */
function findConfigFile(words: readonly string[]): string | undefined {
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  const named = words.slice(0, end).flatMap((word, i) => {
    if (word.startsWith(`${CONFIG_FLAG}=`)) return [word.slice(CONFIG_FLAG.length + 1)];
    return word === CONFIG_FLAG && i + 1 < end ? [words[i + 1]!] : [];
  });
  return named.at(-1);
}

/** Gives a command `--config FILE` and an option for each field of its sections. */
export function addSettings(command: Command, sections: readonly SettingsSection[]): void {
  command.option(`${CONFIG_FLAG} <file>`, 'settings as YAML or JSON; options on the command line win');
  for (const section of sections) {
    for (const field of listFields(section))
      command.addOption(createOption(field, command).helpGroup(`${section.title}:`));
  }
}

/**
 * The settings of a command line: what the configuration file says, and over it the options.
 *
 * @param flags - what commander read
 * @returns an object a section, not checked against the schemas yet
 * @throws ConfigError when the file has a section that the command does not know
 */
export async function readSettings(sections: readonly SettingsSection[], flags: Flags): Promise<Settings> {
  return mergeLayers(sections, await readLayers(sections, flags));
}

/**
 * The layers of a command line, the options uppermost.
 *
 * @param flags - what commander read
 * @param below - layers that hold where neither file nor options say anything
 * @returns them, and over them the configuration file and the options
 * @throws ConfigError when the file has a section that the command does not know
 */
export async function readLayers(
  sections: readonly SettingsSection[],
  flags: Flags,
  below: readonly SettingsLayer[] = [],
): Promise<SettingsLayer[]> {
  const path = typeof flags.config === 'string' ? flags.config : undefined;
  const file = path === undefined ? {} : dropEmpty(await readConfigFile(path));
  expectSections(sections, file);
  return [
    ...below,
    { source: 'config file', ...(path !== undefined && { detail: path }), settings: file },
    { source: 'flag', settings: nestFlags(sections, flags) },
  ];
}

/**
 * Layers as one: what an upper one names wins. A tagged union whose fields stand without its tag is the default one.
 *
 * @param sections - which of them have bounds that replace each other
 * @param layers - the lowest first
 * @returns an object a section, which shares nothing with the layers
 */
export function mergeLayers(sections: readonly SettingsSection[], layers: readonly SettingsLayer[]): Settings {
  const settings = structuredClone(overlayLayers(sections, layers));
  for (const section of sections) for (const field of listFields(section)) completeTag(settings, field);
  return settings;
}

/** A heading of a file with nothing below it, which YAML reads as null, names nothing. */
function dropEmpty(file: Settings): Settings {
  return Object.fromEntries(Object.entries(file).filter(([, value]) => value !== null));
}

/** The options as nested settings. */
function nestFlags(sections: readonly SettingsSection[], flags: Flags): Settings {
  const settings: Settings = {};
  for (const field of sections.flatMap(listFields)) {
    if (flags[field.path] !== undefined) assignSetting(settings, field, flags[field.path]);
  }
  return settings;
}

/** The leaves of a section with the section's name in front. */
export function listFields({ name, schema, without = [], implied = {} }: SettingsSection): ConfigField[] {
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

/** Puts a value at its path; a tagged union, which is given by its tag, stands before its fields. */
export function assignSetting(settings: Settings, field: ConfigField, value: unknown): void {
  const keys = field.path.split('.');
  const last = keys.pop()!;
  const parent = keys.reduce((place, key) => getObject(place, key), settings);
  parent[last] = field.tag === undefined ? value : { [field.tag]: value };
}

/** A union whose fields were given without its tag is the default one. */
function completeTag(settings: Settings, { path, tag, default: fallback }: ConfigField): void {
  if (tag === undefined || fallback === undefined) return;
  const found = path
    .split('.')
    .reduce<unknown>((place, key) => (isPlainSettings(place) ? place[key] : undefined), settings);
  if (isPlainSettings(found)) (found as Settings)[tag] ??= fallback;
}

function getObject(place: Settings, key: string): Settings {
  const found = place[key];
  return isPlainSettings(found) ? found : (place[key] = {});
}

function listTopKeys(section: SettingsSection): string[] {
  return [...new Set(listFields(section).map(({ path }) => path.split('.')[0]!))];
}

/**
 * Refuses sections that a command does not know.
 * @throws ConfigError naming them
 */
export function expectSections(sections: readonly SettingsSection[], file: Settings): void {
  for (const { name } of sections) if (Object.hasOwn(file, name)) expectMapping(name, file[name]);
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

function expectMapping(name: string, value: unknown): void {
  if (isPlainSettings(value)) return;
  raise('PAL_CONFIG', { where: '--config', expected: `a mapping of settings in ${name}`, received: show(value) });
}
