import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

import { addon } from '../../lib/native/index.js';
import { reachableOperators } from './operators.js';

const refused = [
  ...readFileSync('native/core/refused.cc', 'utf8').matchAll(/\{"(\w+::[\w.]+)",\s*"((?:[^"\\]|\\.)*)"/g),
].map(([, name = '', call = '']) => ({ name, call: call.replaceAll('\\"', '"') }));

describe('refused operators', () => {
  test('are at most 3 % of the overloads', () => {
    const share = refused.length / reachableOperators(addon()).length;
    console.log(`${refused.length} operators are refused: ${(share * 100).toFixed(1)} % of the overloads`);
    expect(refused.length).toBeGreaterThan(0);
    expect(share).toBeLessThanOrEqual(0.03);
  });

  test('exist, and are listed once', () => {
    const names = refused.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !addon().operatorNames().includes(name))).toEqual([]);
  });

  test.each(refused)('$name', ({ name, call }) => {
    expect(() => addon().operator(name)).toThrow(expect.objectContaining({ code: 'PAL_UNSUPPORTED' }));
    expect(() => addon().operator(name)).toThrow(call);
  });
});
