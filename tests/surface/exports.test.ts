import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

import { exportedNames } from '../helpers/exports.js';

const list = readFileSync('tests/surface/exports.txt', 'utf8').trim().split('\n');

describe('the public names', () => {
  const names = exportedNames('lib/index.ts').sort();

  test('are those of tests/surface/exports.txt', () => {
    expect(names).toEqual(list);
  });

  test('are exported once each', () => {
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

test('index.ts only re-exports', () => {
  const lines = readFileSync('lib/index.ts', 'utf8').replace(/\/\*[^]*?\*\//g, '');
  const others = lines.split(';').filter((statement) => !/^\s*(?:export [^]* from '[^']+'\s*)?$/.test(statement));
  expect(others).toEqual([]);
});
