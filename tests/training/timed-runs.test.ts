import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Callback } from '../../lib/training/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { trained } from './fixtures.js';

freedAfterEach();

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'palabra-timed-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A run of which every update takes 3/8 of a second by the clock: where it was evaluated and where it was stored. */
async function run(name: string, settings: object): Promise<{ steps: number; evaluated: number[]; stored: number[] }> {
  let milliseconds = 0;
  const clock = jest.spyOn(performance, 'now').mockImplementation(() => milliseconds);
  const stored: number[] = [];
  const watch: Callback = {
    name: 'watch',
    onStepStart: () => void (milliseconds += 375),
    onEvent: (event) => void (event.type === 'checkpoint' && stored.push(event.step)),
  };
  const inputs = { callbacks: [watch], runDirectory: join(folder, name), ...settings };
  const { steps } = await trained(inputs).finally(() => clock.mockRestore());
  const evaluated = steps.filter(({ validation }) => validation !== undefined).map(({ index }) => index);
  return { steps: steps.length, evaluated, stored };
}

describe('a run that is bounded by time', () => {
  test('is evaluated and stored at each tenth of it', async () => {
    const { steps, evaluated, stored } = await run('time', { minutes: 0.5 });
    expect(steps).toBe(80);
    expect(evaluated).toEqual([8, 16, 24, 32, 40, 48, 56, 64, 72, 80]);
    expect(stored).toEqual([0, ...evaluated]);
  });

  test('that steps bound more is evaluated at each tenth of these', async () => {
    const { steps, evaluated } = await run('steps', { minutes: 5, steps: 20 });
    expect([steps, evaluated]).toEqual([20, [2, 4, 6, 8, 10, 12, 14, 16, 18, 20]]);
  });

  test('goes by what is named', async () => {
    const { evaluated, stored } = await run('named', { minutes: 0.5, evaluateEvery: 30, checkpointEvery: 40 });
    expect([evaluated, stored]).toEqual([
      [30, 60, 80],
      [0, 40, 80],
    ]);
  });

  test('of a single long update is evaluated at its end', async () => {
    const { steps, evaluated } = await run('short', { minutes: 0.001 });
    expect([steps, evaluated]).toEqual([1, [1]]);
  });
});
