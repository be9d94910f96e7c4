import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { parse } from 'yaml';
import { throwFileError, raise, show } from '../../core/index.js';

/** Settings as nested plain data. */
export type Settings = Record<string, unknown>;

/**
 * Reads a configuration file: YAML, or JSON where the name ends in `.json`.
 *
 * @throws PalabraError PAL_FILE when it cannot be read
 * @throws ConfigError when it is neither or holds no mapping
 */
export async function readConfigFile(path: string): Promise<Settings> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => throwFileError('--config', path, error));
  const value = parseSettings(path, text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Settings;
  return refuse(path, 'a mapping of settings', show(value));
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
