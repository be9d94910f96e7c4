import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from '@jest/globals';

import {
  findLongestChain,
  findQuantile,
  measureFunctions,
  parseSources,
  trackedFiles,
} from '../helpers/source-tree.js';

/** The files that a chain of imports may have. */
const LONGEST_CHAIN = 40;

const sources = parseSources('lib');

/** How many files lie directly in each folder. */
function countByFolder(files: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  return counts;
}

describe('rooms', () => {
  test('a folder holds at most 15 files of its own', () => {
    const counts = countByFolder(trackedFiles('lib', 'native'));
    expect([...counts].filter(([, count]) => count > 15)).toEqual([]);
    expect(counts.size).toBeGreaterThan(20);
  });

  test('no chain of imports is longer than 40 files', () => {
    const chain = findLongestChain(sources);
    console.log(`longest chain of imports: ${chain.length} files`);
    expect(chain.slice(LONGEST_CHAIN)).toEqual([]);
    expect(chain.length).toBeGreaterThan(10);
  });
});

describe('sizes', () => {
  test('functions: median at most 7 lines, nine in ten at most 20, none over 45', () => {
    const functions = measureFunctions(sources);
    const lines = functions.map((fn) => fn.lines);
    console.log(`functions: median ${findQuantile(lines, 0.5)}, p90 ${findQuantile(lines, 0.9)}`);
    expect(findQuantile(lines, 0.5)).toBeLessThanOrEqual(7);
    expect(findQuantile(lines, 0.9)).toBeLessThanOrEqual(20);
    expect(functions.filter((fn) => fn.lines > 45)).toEqual([]);
  });

  test('files: nine in ten at most 200 lines, none over 400', () => {
    const lines = sources.map(({ fileName }) => readFileSync(fileName, 'utf8').split('\n').length - 1);
    console.log(`files: p90 ${findQuantile(lines, 0.9)}, longest ${Math.max(...lines)}`);
    expect(findQuantile(lines, 0.9)).toBeLessThanOrEqual(200);
    expect(Math.max(...lines)).toBeLessThanOrEqual(400);
  });
});
