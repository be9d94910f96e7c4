import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { WindowDataset } from '../../../lib/data/index.js';
import { memory, randint, scope } from '../../../lib/tensor/index.js';
import { Trainer } from '../../../lib/training/index.js';
import type { TrainerEvent } from '../../../lib/training/index.js';
import { FaultyModel, VOCABULARY, newModel, tokens, trained, windowData } from '../fixtures.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

/** Plain descent of eight rows by a model that has memory for some. */
async function run(mostRows: number, mode: 'program' | 'eager' = 'program') {
  const model = FaultyModel.make();
  model.mostRows = mostRows;
  const events: TrainerEvent[] = [];
  const callbacks = [{ name: 'events', onEvent: (event: TrainerEvent) => void events.push(event) }];
  const optimizer = { type: 'sgd', learningRate: 0.1 } as const;
  const { steps } = await trained({ model, steps: 4, batchSize: 8, optimizer, mode, callbacks });
  return { events, losses: steps.map(({ loss }) => loss) };
}

/** Allocated bytes of this process beyond which a step may not go. */
function limited<T>(bytes: number, work: () => Promise<T>): Promise<T> {
  memory.setLimit(memory.stats().allocatedBytes + bytes);
  return work().finally(() => memory.setLimit(Infinity));
}

const CASES = 100;

describe('memory that is really short', () => {
  const data = { train: new WindowDataset(tokens, { length: 64 }) };
  const wide = { contextLength: 64, width: 64 };
  const optimizer = { type: 'sgd', learningRate: 0.1 } as const;
  const settings = { data, optimizer, batchSize: 6, steps: 3, seed: 3 };

  test.each(['program', 'eager'] as const)(
    'halves the microBatches until they fit, and makes the same updates (%s)',
    async (mode) => {
      const events: TrainerEvent[] = [];
      const callbacks = [{ name: 'events', onEvent: (event: TrainerEvent) => void events.push(event) }];
      const whole = await trained({ ...settings, mode, model: newModel(wide) });
      const model = newModel(wide);
      const short = await limited(3 * 2 ** 20, () => trained({ ...settings, mode, model, callbacks }));
      expect(events.length).toBeGreaterThan(0);
      expect(events).toEqual(
        [2, 4, 6]
          .slice(0, events.length)
          .map((microBatches) => ({ type: 'out-of-memory', step: 1, rows: 6, microBatches })),
      );
      for (const [i, { loss }] of short.steps.entries())
        expect(Math.abs(loss / whole.steps[i]!.loss - 1)).toBeLessThan(1e-5);
    },
  );

  test(`${CASES} steps that fail somewhere: an error with its code, no tensor left, and the next step works`, async () => {
    const model = newModel(wide);
    const ids = randint(0, VOCABULARY, [8, 64], { dtype: 'int64' });
    const pass = (): number => {
      model.zeroGrad();
      const loss = scope(() => model.accumulateGradients(ids, ids, { training: true }).lossSum.item());
      model.zeroGrad();
      return loss;
    };
    const expected = pass();
    const before = memory.stats();
    memory.resetPeak();
    pass();
    const room = memory.stats().peakAllocatedBytes - before.allocatedBytes;
    const random = new Random(7);
    for (let i = 0; i < CASES; i++) {
      const failing = limited(random.float() * 0.95 * room, () => Promise.resolve().then(pass));
      await expect(failing).rejects.toMatchObject({ code: 'PAL_OUT_OF_MEMORY' });
      model.zeroGrad();
      expect(memory.stats().liveSlots).toBe(before.liveSlots);
      if (i % 10 > 0) continue;
      expect(pass()).toBe(expected);
      expect(memory.stats().allocatedBytes).toBe(before.allocatedBytes);
    }
  });
});

describe('out of memory', () => {
  test.each(['program', 'eager'] as const)(
    'halves the microBatches until they fit, and makes the same updates (%s)',
    async (mode) => {
      const [whole, short] = [await run(Infinity, mode), await run(2, mode)];
      expect(whole.events).toEqual([]);
      expect(short.events).toEqual([
        { type: 'out-of-memory', step: 1, rows: 8, microBatches: 2 },
        { type: 'out-of-memory', step: 1, rows: 8, microBatches: 4 },
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
