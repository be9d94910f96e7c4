import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import { resolveLibtorch } from '../../lib/native/resolve.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

const variables = ['PALABRA_LIBTORCH', 'PALABRA_PYTHON_TORCH', 'PALABRA_CACHE'];
const before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));

/** Resolution looks for the file alone. */
function putLibtorch(folder: string): string {
  mkdirSync(join(folder, 'lib'), { recursive: true });
  writeFileSync(join(folder, 'lib', 'libtorch_cpu.so'), '');
  return folder;
}

describe('resolveLibtorch', () => {
  let root: ReturnType<typeof temporaryFolder>;

  beforeEach(() => {
    root = temporaryFolder();
    for (const name of variables) delete process.env[name];
    process.env.PALABRA_CACHE = join(root.path, 'cache');
  });

  afterEach(() => {
    root[Symbol.dispose]();
    for (const name of variables) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  const inCache = (name: string) => putLibtorch(join(root.path, 'cache', 'libtorch', name));

  test('finds nothing in an empty cache and tells all places in order', () => {
    const { folder, trace } = resolveLibtorch('2.13');
    expect(folder).toBeUndefined();
    expect(trace.map(({ source }) => source)).toEqual([
      'PALABRA_LIBTORCH',
      'PALABRA_PYTHON_TORCH',
      'cache (cuda)',
      '@palabra/libtorch-linux-x64',
      'cache (cpu)',
    ]);
  });

  test('takes the cache when nothing else is set', () => {
    const place = inCache('2.13.0-cpu');
    expect(resolveLibtorch('2.13').folder).toBe(place);
  });

  test('takes the newest patch of the wanted version', () => {
    inCache('2.13.2-cpu');
    const newest = inCache('2.13.10-cpu');
    inCache('2.14.0-cpu');
    expect(resolveLibtorch('2.13').folder).toBe(newest);
  });

  test('names the other versions in the cache', () => {
    inCache('2.12.1-cpu');
    expect(resolveLibtorch('2.13').trace.at(-1)?.note).toBe('no 2.13 among 2.12.1-cpu');
  });

  test('2.1 is not 2.13', () => {
    inCache('2.13.0-cpu');
    expect(resolveLibtorch('2.1').folder).toBeUndefined();
  });

  test('PALABRA_LIBTORCH comes first, then PALABRA_PYTHON_TORCH', () => {
    inCache('2.13.0-cpu');
    process.env.PALABRA_PYTHON_TORCH = putLibtorch(join(root.path, 'python'));
    expect(resolveLibtorch('2.13').folder).toBe(join(root.path, 'python'));
    process.env.PALABRA_LIBTORCH = putLibtorch(join(root.path, 'own'));
    expect(resolveLibtorch('2.13').folder).toBe(join(root.path, 'own'));
  });

  test('a variable that names a folder without libtorch ends the search', () => {
    inCache('2.13.0-cpu');
    process.env.PALABRA_LIBTORCH = join(root.path, 'empty');
    const { folder, trace } = resolveLibtorch('2.13');
    expect(folder).toBeUndefined();
    expect(trace).toHaveLength(1);
    expect(trace[0]?.note).toContain('holds no lib/libtorch_cpu.so');
  });
});
