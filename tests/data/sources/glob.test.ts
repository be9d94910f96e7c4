import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { expandGlob } from '../../../lib/data/sources/glob.js';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'palabra-glob-'));
  const files = [
    'a.txt',
    'b.md',
    'lib.es5.d.ts',
    'c1.txt',
    'x/a.txt',
    'x/y/a.txt',
    'x/y/b.txt',
    '.hidden/a.txt',
    'x/.dot.txt',
    '[z].txt',
  ];
  for (const file of files) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), file);
  }
  symlinkSync(join(root, 'x'), join(root, 'x/y/loop'));
  symlinkSync(join(root, 'a.txt'), join(root, 'link.txt'));
});

afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const found = (pattern: string): string[] => expandGlob(pattern, root).map((path) => relative(root, path));

describe('expandGlob', () => {
  test.each<[string, string[]]>([
    ['a.txt', ['a.txt']],
    ['./x/../x/a.txt', ['x/a.txt']],
    ['*.txt', ['[z].txt', 'a.txt', 'c1.txt', 'link.txt']],
    ['lib.*.d.ts', ['lib.es5.d.ts']],
    ['?.txt', ['a.txt']],
    ['c[0-9].txt', ['c1.txt']],
    ['[!b-z]*.txt', ['[z].txt', 'a.txt']],
    ['[[]z].txt', ['[z].txt']],
    ['**/a.txt', ['a.txt', 'x/a.txt', 'x/y/a.txt']],
    ['x/**', ['x/a.txt', 'x/y/a.txt', 'x/y/b.txt']],
    ['x/**/**/b.txt', ['x/y/b.txt']],
    ['**/y/*.txt', ['x/y/a.txt', 'x/y/b.txt']],
    ['{a,b}.{txt,md}', ['a.txt', 'b.md']],
    ['x/{a,y/{a,b}}.txt', ['x/a.txt', 'x/y/a.txt', 'x/y/b.txt']],
    ['.hidden/*', ['.hidden/a.txt']],
    ['x/.*', ['x/.dot.txt']],
    ['x', []],
    ['missing/*.txt', []],
    ['a.txt/*', []],
    ['a.txt/b', []],
  ])('%s', (pattern, paths) => {
    expect(found(pattern)).toEqual(paths);
  });

  test('absolute patterns ignore the directory', () => {
    expect(expandGlob(join(root, 'x', '*.txt'), '/nowhere')).toEqual([join(root, 'x/a.txt')]);
  });

  test.each(['', '/', '{a', '[ab'])('refuses the pattern "%s"', (pattern) => {
    expect(() => expandGlob(pattern, root)).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT' }));
  });
});
