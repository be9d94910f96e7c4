import { describe, expect, jest, test } from '@jest/globals';
import { Trainer } from '../../lib/training/index.js';
import type { TrainerEvent } from '../../lib/training/index.js';
import { FaultyModel, trained, windowData } from './fixtures.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

jest.setTimeout(60_000);

/** Plain descent of eight rows by a model that has memory for some. */
async function run(mostRows: number, mode: 'program' | 'eager' = 'program') {
  const model = FaultyModel.make();
  model.mostRows = mostRows;
  const events: TrainerEvent[] = [];
  const parts = [{ name: 'events', onEvent: (event: TrainerEvent) => void events.push(event) }];
  const optimizer = { type: 'sgd', learningRate: 0.1 } as const;
  const { steps } = await trained({ model, steps: 4, batchSize: 8, optimizer, mode, parts });
  return { events, losses: steps.map(({ loss }) => loss) };
}

describe('out of memory', () => {
  test.each(['program', 'eager'] as const)(
    'halves the pieces until they fit, and makes the same updates (%s)',
    async (mode) => {
      const [whole, short] = [await run(Infinity, mode), await run(2, mode)];
      expect(whole.events).toEqual([]);
      expect(short.events).toEqual([
        { type: 'out-of-memory', step: 1, rows: 8, pieces: 2 },
        { type: 'out-of-memory', step: 1, rows: 8, pieces: 4 },
      ]);
      for (const [i, loss] of short.losses.entries()) expect(Math.abs(loss / whole.losses[i]! - 1)).toBeLessThan(1e-5);
    },
  );

  test('of a single row ends the run with advice', async () => {
    const model = FaultyModel.make();
    model.mostRows = 0;
    const trainer = new Trainer({ model, data: windowData(), steps: 1, batchSize: 3 });
    await expect(trainer.run()).rejects.toThrow(
      /\[PAL_OUT_OF_MEMORY\] Trainer: .*single row.*step 1\. Use shorter windows/,
    );
  });
});
