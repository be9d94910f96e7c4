import { expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { Infinito } from '../../../lib/models/index.js';
import { AdamW } from '../../../lib/optim/index.js';
import { manualSeed, scope } from '../../../lib/tensor/index.js';
import { trainStep } from '../../../lib/training/index.js';
import { batchOfTensors } from '../../helpers/batches.js';
import { randomIds } from '../../conformance/language-model.js';

test('streams are trained on by one recorded step, the memory handed on', async () => {
  const losses: number[][] = [];
  const order = [new Random(1), new Random(1)];
  for (const [at, mode] of (['program', 'eager'] as const).entries()) {
    manualSeed(3);
    using model = new Infinito({
      ...{ vocabSize: 16, width: 16, layers: 2, heads: 4, segmentLength: 4 },
      memory: { type: 'slots', slots: 3, chunkLength: 2, topK: 2, threshold: 0.1, gate: { type: 'dynamic', bias: 0 } },
    });
    const optimizer = new AdamW([{ parameters: model.namedParameters() }]);
    const step = trainStep({ model, optimizer, mode });
    const found: number[] = [];
    for (let i = 0; i < 6; i++) {
      const tokens = scope(() => {
        const ids = randomIds(2, 5, order[at]);
        return batchOfTensors(ids.narrow(1, 0, 4), ids.narrow(1, 1, 4));
      });
      const batch = { ...tokens, resetState: [i === 0, i === 3] };
      found.push((await step.run(batch)).loss);
    }
    losses.push(found);
    step.dispose();
    optimizer.dispose();
  }
  expect(losses[0]).toEqual(losses[1]);
});
