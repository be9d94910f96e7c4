import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

import { exportedNames } from '../helpers/exports.js';

const list = readFileSync('tests/surface/exports.txt', 'utf8').trim().split('\n');

test('the public names are those of exports.txt', () => {
  expect([...new Set(exportedNames('lib/index.ts'))].sort()).toEqual(list);
});

test('index.ts only re-exports', () => {
  const lines = readFileSync('lib/index.ts', 'utf8').replace(/\/\*[^]*?\*\//g, '');
  const others = lines.split(';').filter((statement) => !/^\s*(?:export [^]* from '[^']+'\s*)?$/.test(statement));
  expect(others).toEqual([]);
});
