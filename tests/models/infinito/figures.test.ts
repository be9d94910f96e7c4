import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { Infinito } from '../../../lib/models/index.js';
import type { InfinitoOptions } from '../../../lib/models/index.js';
import { AdamW } from '../../../lib/optim/index.js';
import { manualSeed, scope } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';
import { trainStep } from '../../../lib/training/index.js';
import { randomIds, sizes } from '../../conformance/language-model.js';
import { batchOfTensors } from '../../helpers/batches.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const slots = { type: 'slots', slots: 3, chunkLength: 2, topK: 2, threshold: 0.1 } as const;
const gate = { type: 'static', bias: 0 } as const;
const small = { vocabSize: sizes.vocabSize, segmentLength: 4, width: 16, layers: 2, heads: 4, initStd: 0.1 } as const;

/** What a model tells of a pass over three segments, a position. */
function report(options: Partial<InfinitoOptions>, training = true): Record<string, number> {
  return scope(() => {
    manualSeed(3);
    const model = new Infinito({ ...small, ...options });
    const ids = randomIds(2, 12, new Random(4));
    const { count, metrics = {}, auxiliary = {} } = model.loss(ids, ids, { training });
    const told = Object.entries({ ...metrics, ...auxiliary }).map(([name, value]: [string, Tensor]) => [
      name,
      value.div(count).item(),
    ]);
    model.dispose();
    return Object.fromEntries(told) as Record<string, number>;
  });
}

describe('what an Infinito reports of a training pass', () => {
  test('phi is the weighted mean of its components, gate, threshold and weights are those of the start', () => {
    const told = report({ memory: { ...slots, gate } });
    expect(told.gate).toBeCloseTo(0.5, 6);
    expect(told.threshold).toBeCloseTo(0.1, 6);
    const components = ['Temporal', 'Integration', 'Participation', 'Attention'];
    for (const [i, name] of components.entries())
      expect(told[`weight${name}`]).toBeCloseTo([0.3, 0.3, 0.2, 0.2][i]!, 6);
    const phi = components.reduce((sum, name) => sum + told[`weight${name}`]! * told[`phi${name}`]!, 0);
    expect(told.phi).toBeCloseTo(phi, 5);
    expect(told.coherence).toBeGreaterThan(0.5);
    expect(told.coherence).toBeLessThan(1);
    expect(told.contribution).toBeGreaterThan(0);
  });

  test('slots fill, are written and dropped as the state says', () => {
    // Two of three segments are merged: 4 chunks for 3 slots, all of them kept but one.
    const told = report({ memory: { ...slots, gate, priority: { type: 'recency' } } });
    expect(told).toMatchObject({ writes: 4, evictions: 1, occupancy: 1 });
    expect(told.rotation).toBeCloseTo(1 / 3, 6);
    expect(Object.keys(told)).not.toContain('phi');
  });

  test('a memory that no chunk gets into contributes nothing', () => {
    const told = report({ memory: { ...slots, threshold: 0.999, gate, writeMode: 'hard' } });
    expect(told).toMatchObject({ contribution: 0, occupancy: 0, writes: 0 });
  });

  test('nothing without a memory, nothing in evaluation', () => {
    expect(report({ memory: { type: 'none' } })).toEqual({});
    expect(report({ memory: { ...slots, gate } }, false)).toEqual({});
    expect(report({ memory: { type: 'none' }, noise: { type: 'fixed', scale: 0.25 } })).toEqual({ noise: 0.25 });
  });

  test('micro-batches of a step add up', async () => {
    const told = await Promise.all(
      [1, 2].map(async (microBatches) => {
        manualSeed(3);
        using model = new Infinito({ ...small, memory: { ...slots, gate, priority: { type: 'recency' } } });
        const optimizer = new AdamW([{ parameters: model.namedParameters() }]);
        using step = trainStep({ model, optimizer });
        const ids = randomIds(2, 12, new Random(4)).keep();
        const { metrics } = await step.run(batchOfTensors(ids, ids), { microBatches });
        optimizer.dispose();
        ids.dispose();
        return metrics;
      }),
    );
    for (const [name, value] of Object.entries(told[0]!)) expect(told[1]![name]).toBeCloseTo(value, 5);
  });
});

describe('ΔPhi', () => {
  const objective = { type: 'deltaPhi', weight: 2, margin: 0.5, entropy: 0.1 } as const;

  test('adds its terms to the objective, not to the loss', () => {
    const plain = report({ memory: { ...slots, gate } });
    const told = report({ memory: { ...slots, gate, objective } });
    expect(told.deltaPhi).toBeGreaterThan(0);
    const entropy = -[0.3, 0.3, 0.2, 0.2].reduce((sum, p) => sum + p * Math.log(p), 0);
    expect(told.phiEntropy).toBeCloseTo(-0.1 * entropy, 5);
    expect(Object.keys(told)).toEqual([...Object.keys(plain), 'deltaPhi', 'phiEntropy']);
  });

  test('moves what the components are computed from, and not their weights', () => {
    scope(() => {
      manualSeed(3);
      const model = new Infinito({ ...small, memory: { ...slots, gate, objective } });
      const ids = randomIds(2, 12, new Random(4));
      const { auxiliary } = model.loss(ids, ids, { training: true });
      auxiliary!.deltaPhi!.backward();
      const { 'memory.phiLogits': logits, 'blocks.0.mlp.down.weight': below } = model.namedParameters();
      expect(logits!.grad).toBeUndefined();
      expect(below!.grad!.abs().sum().item()).toBeGreaterThan(0);
      auxiliary!.phiEntropy!.backward();
      expect(logits!.grad!.abs().sum().item()).toBeGreaterThan(0);
      model.dispose();
    });
  });

  test('is refused where priority is not phi', () => {
    expect(() => new Infinito({ ...small, memory: { ...slots, priority: { type: 'recency' }, objective } })).toThrow(
      /\[PAL_CONFIG\] .*objective/s,
    );
  });
});
