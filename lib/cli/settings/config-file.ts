import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { parse } from 'yaml';
import { throwFileError, raise, show } from '../../core/index.js';
import { importFiles } from '../import-modules.js';

/** Settings as nested plain data. */
export type Settings = Record<string, unknown>;

/** The key of a configuration file that names modules to run first. */
const IMPORTS = 'imports';

/**
 * Reads a configuration file, YAML, or JSON where the name ends in `.json`, and runs the modules that its `imports` name,
 * relative to the file, as {@link importFiles} does.
 *
 * @returns the other settings
 * @throws PalabraError PAL_FILE when it cannot be read, or a module is not there
 * @throws ConfigError when it is neither or holds no mapping
 */
export async function readConfigFile(path: string): Promise<Settings> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => throwFileError('--config', path, error));
  const value = parseSettings(path, text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(path, 'a mapping of settings', show(value));
  }
  const { [IMPORTS]: files = [], ...settings } = value as Settings;
  await importFiles(`${IMPORTS} of ${path}`, listFiles(path, files));
  return settings;
}

/** The modules as absolute paths; a single one needs no list, and a heading with nothing below it names none. */
function listFiles(path: string, value: unknown): string[] {
  const files: unknown[] = Array.isArray(value) ? value : value === null ? [] : [value];
  const odd = files.find((file) => typeof file !== 'string' || file === '');
  if (odd !== undefined) refuse(path, `paths of modules as ${IMPORTS}`, show(odd));
  return (files as string[]).map((file) => resolve(path, '..', file));
}

function parseSettings(path: string, text: string): unknown {
  const json = extname(path) === '.json';
  try {
    return json ? (JSON.parse(text) as unknown) : parse(text);
  } catch (cause) {
    return refuse(path, json ? 'JSON' : 'YAML', cause instanceof Error ? cause.message : 'something else', cause);
  }
}

function refuse(path: string, expected: string, received: string, cause?: unknown): never {
  raise('PAL_CONFIG', { where: '--config', expected: `${expected} in ${path}`, received, details: { path }, cause });
}
