import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

import { exportedNames } from '../helpers/exports.js';

interface Door {
  types: string;
  default: string;
}

const { exports: packageExports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  exports: Record<string, Door | string>;
};

/** The doors of the package: `.` and a subpath for each folder that users enter. */
const doors = Object.entries(packageExports).filter((entry): entry is [string, Door] => typeof entry[1] !== 'string');

/** The source behind a door, from the file that `exports` names. */
const findSource = ([, { default: file }]: [string, Door]): string =>
  file.replace('./dist/', 'lib/').replace(/\.js$/, '.ts');

const listFile = (name: string): string => (name === '.' ? 'main' : name.replace('./', ''));

const readList = (name: string): string[] =>
  readFileSync(`tests/surface/doors/${listFile(name)}.txt`, 'utf8')
    .trim()
    .split('\n');

describe.each(doors)('door %s', (name, door) => {
  const source = findSource([name, door]);

  test('its public names are those of its list', () => {
    expect([...new Set(exportedNames(source))].sort()).toEqual(readList(name));
  });

  test('its types lie beside its code', () => {
    expect(door.types).toBe(door.default.replace(/\.js$/, '.d.ts'));
  });

  test('it re-exports by name and holds nothing itself', () => {
    const text = readFileSync(source, 'utf8').replace(/\/\*[^]*?\*\//g, '');
    const statement =
      /^\s*(?:export (?:type )?\{[^]*\} from '[^']+'|export \* as \w+ from '[^']+'|import '[^']+')?\s*$/;
    expect(text.split(';').filter((line) => !statement.test(line))).toEqual([]);
  });
});

test('the first door holds at most 70 names, each of another door or of core', () => {
  const names = exportedNames('lib/index.ts');
  expect(names.length).toBeLessThanOrEqual(70);
  const others = new Set([...doors.slice(1).map(findSource), 'lib/core/index.ts'].flatMap(exportedNames));
  expect(names.filter((name) => !others.has(name))).toEqual([]);
});

test('every list belongs to a door', () => {
  const lists = readdirSync('tests/surface/doors').map((file) => file.replace('.txt', ''));
  expect(lists.sort()).toEqual(doors.map(([name]) => listFile(name)).sort());
});
