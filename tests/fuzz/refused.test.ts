import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';

import { loadAddon } from '../../lib/native/index.js';
import { limited } from './campaign.js';
import { readCall, writeCall } from './notation.js';
import { reachableOperators } from './operators.js';
import { deadlyCall, refusedOperators } from './refused.js';

const refused = refusedOperators();
const signals = /^SIG(?:SEGV|ABRT|FPE|BUS|ILL|ALRM)$/;

/** Makes every recorded call, each in a process of its own, without the list. */
function replay(): Record<string, string> {
  const { command, args, env } = limited(fileURLToPath(new URL('replay.ts', import.meta.url)));
  const { stdout, stderr } = spawnSync(command, args, { env, encoding: 'utf8' });
  const endings = /^ENDINGS (.*)$/m.exec(stdout)?.[1];
  if (endings === undefined) throw new Error(`the replay gave no endings: ${stderr.slice(-600)}`);
  return JSON.parse(endings) as Record<string, string>;
}

describe('refused operators', () => {
  let endings: Record<string, string>;

  beforeAll(() => {
    const start = performance.now();
    endings = replay();
    console.log(`${refused.length} calls replayed in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  });

  test('are at most 3 % of the overloads', () => {
    const share = refused.length / reachableOperators(loadAddon()).length;
    console.log(`${refused.length} operators are refused: ${(share * 100).toFixed(1)} % of the overloads`);
    expect(refused.length).toBeGreaterThan(0);
    expect(share).toBeLessThanOrEqual(0.03);
  });

  test('exist, and are listed once', () => {
    expect(new Set(refused).size).toBe(refused.length);
    expect(refused.filter((name) => !loadAddon().operatorNames().includes(name))).toEqual([]);
  });

  test('are refused however they are written', () => {
    const unnamed = refused.filter((name) => !name.includes('.')).map((name) => `${name}.`);
    expect(unnamed.length).toBeGreaterThan(0);
    for (const name of unnamed) {
      expect(() => loadAddon().operator(name)).toThrow(expect.objectContaining({ code: 'PAL_UNSUPPORTED' }));
    }
  });

  test.each(refused)('%s: its error tells a call, and libtorch dies at it', (name) => {
    expect(() => loadAddon().operator(name)).toThrow(expect.objectContaining({ code: 'PAL_UNSUPPORTED' }));
    const call = deadlyCall(loadAddon(), name) ?? '';
    expect(writeCall(readCall(call))).toBe(call);
    expect(endings[name]).toMatch(signals);
  });
});
