import { readFile, writeFile } from 'node:fs/promises';
import { throwFileError, isSystemError, raise } from '../../core/index.js';

/**
 * Writes plain data, indented.
 * @param path - of the file; its folder exists
 * @param value - anything that JSON can hold
 */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Reads plain data of a model folder.
 * @param path - of the file
 * @returns the value, unchecked
 * @throws PalabraError of code PAL_FILE when it cannot be read; ConfigError when it is no JSON
 */
export async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => throwFileError('loadModel', path, cause));
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const received = (cause as Error).message;
    return raise('PAL_CONFIG', { where: 'loadModel', expected: `JSON in ${path}`, received, details: { path }, cause });
  }
}

/**
 * Awaits a promise; undefined where its file does not exist.
 * @param reading - rejects with an error whose cause is that of the file system
 * @returns the value it resolves to, or undefined
 * @throws the error of the promise, unless a file does not exist
 */
export async function readOptional<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch((error: unknown) => {
    const cause = (error as { cause?: unknown }).cause;
    if (isSystemError(cause) && cause.code === 'ENOENT') return undefined;
    throw error;
  });
}
