import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

import { errorCodes } from '../../lib/core/index.js';

/** The rows of README's table of errors: code and what it says. */
function documentedCodes(): [string, string][] {
  const rows = readFileSync('README.md', 'utf8').matchAll(/^\| `(PAL_\w+)` +\| (.+?) +\|$/gm);
  return [...rows].map(([, code = '', doc = '']) => [code, doc]);
}

/** The text of every file below a folder that ends in one of the endings. */
function sources(folder: string, ending: RegExp): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => ending.test(file)).map((file) => readFileSync(join(folder, file), 'utf8'));
}

/** The codes that stand in quotes in the sources. */
function usedCodes(): Set<string> {
  const lib = sources('lib', /(?<!error-codes)\.ts$/);
  const native = sources('native', /\.(?:cc|h)$/);
  const quoted = [...lib, ...native].flatMap((text) => text.match(/(?<=['"])PAL_[A-Z_]+(?=['"])/g) ?? []);
  return new Set(quoted);
}

describe('error codes', () => {
  test('stand in README.md, each with its line', () => {
    const expected = Object.entries(errorCodes).map(([code, { doc }]) => [code, doc]);
    expect(documentedCodes().sort()).toEqual(expected.sort());
  });

  test('are used when they are listed', () => {
    const used = usedCodes();
    expect(Object.keys(errorCodes).filter((code) => !used.has(code))).toEqual([]);
  });
});
