import { raise } from '../../core/index.js';

/**
 * The value that the text of a file stands for.
 * @param path - of the file, for errors
 * @param text - its content
 * @throws ConfigError when it is no JSON
 */
export function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    return raise('PAL_CONFIG', { where: path, expected: 'JSON', received: String(cause), details: { path }, cause });
  }
}
