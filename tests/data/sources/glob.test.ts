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

  test('a word that names a file is that file, whatever its characters mean in patterns', () => {
    const names = [
      'data [1].txt',
      'data 1.txt',
      '*',
      'a*.log',
      'ab.log',
      'q?',
      'qu',
      '{a,c1}.csv',
      'a.csv',
      'back\\slash',
      '[x',
      '{y',
    ];
    const folder = mkdtempSync(join(root, 'literal-'));
    for (const name of names) writeFileSync(join(folder, name), name);
    for (const name of names) {
      expect(expandGlob(name, folder)).toEqual([join(folder, name)]);
      expect(expandGlob(join(folder, name), root)).toEqual([join(folder, name)]);
    }
    mkdirSync(join(folder, 'part [2]'));
    mkdirSync(join(folder, 'part 2'));
    for (const name of ['part [2]', 'part 2']) writeFileSync(join(folder, name, 'a.txt'), name);
    expect(expandGlob('part [2]/*.txt', folder)).toEqual([join(folder, 'part [2]', 'a.txt')]);
  });

  test('a backslash takes the meaning from a character', () => {
    const folder = mkdtempSync(join(root, 'escaped-'));
    for (const name of ['a*1.txt', 'ab1.txt', 'a[1.txt', 'a{b,c}.txt', 'ab.txt'])
      writeFileSync(join(folder, name), name);
    const names = (pattern: string): string[] => expandGlob(pattern, folder).map((path) => relative(folder, path));
    expect(names('a\\*?.txt')).toEqual(['a*1.txt']);
    expect(names('a\\[*.txt')).toEqual(['a[1.txt']);
    expect(names('a\\{b,c\\}.t*')).toEqual(['a{b,c}.txt']);
    expect(names('a\\[1.txt')).toEqual(['a[1.txt']);
  });

  test('a name that is no UTF-8 is an error that shows its bytes, where the pattern asks for it', () => {
    const folder = mkdtempSync(join(root, 'bytes-'));
    writeFileSync(join(folder, 'a.txt'), 'a');
    writeFileSync(join(folder, '\uFFFD.md'), 'a replacement character is a name like others');
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9), Buffer.from('.txt')]), 'b');
    expect(expandGlob('*.md', folder)).toHaveLength(1);
    expect(expandGlob('a*.txt', folder)).toHaveLength(1);
    for (const pattern of ['**/*.txt', '*.txt', 'caf*']) {
      expect(() => expandGlob(pattern, folder)).toThrow(/names in UTF-8 in .*received 'caf\\xe9\.txt'\. Rename it/);
    }
    mkdirSync(Buffer.concat([Buffer.from(`${folder}/d`), Buffer.of(0xff)]));
    expect(() => expandGlob('**/*.md', folder)).toThrow("received 'd\\xff'");
  });
});
