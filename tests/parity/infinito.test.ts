import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createProjection } from '../../lib/models/infinito/prefix-metrics/participation.js';
import { Infinito } from '../../lib/models/index.js';
import type { InfinitoOptions } from '../../lib/models/index.js';
import { AdamW, createDecayGroups } from '../../lib/optim/index.js';
import type { ParameterGroup } from '../../lib/optim/index.js';
import { arange, manualSeed, noGrad, randint, saveSafetensors } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { trainStep } from '../../lib/training/index.js';
import { batchOfTensors } from '../helpers/batches.js';
import { freedAfterEach } from '../helpers/freed.js';
import { describeWithPython, python } from '../helpers/python.js';

freedAfterEach();

const [STEPS, B, SEGMENT] = [50, 4, 16];
const settings = { weightDecay: 0.1, betas: [0.9, 0.99], maxGradNorm: 1, learningRate: 2e-3 } as const;

const slots = { type: 'slots', slots: 6, chunkLength: 4, topK: 3, threshold: 0.1 } as const;
const memory = { ...slots, gate: { type: 'dynamic', bias: 0 } } as const;
const small = { vocabSize: 20, segmentLength: SEGMENT, width: 24, layers: 3, heads: 4, initStd: 0.1 } as const;
/** Each with the mark of its logits in float64: the angles of rotary positions are float32. */
const variants: Record<string, { options: InfinitoOptions; mark: number }> = {
  'hard writes with the gradient of the gate, two segments back, ΔPhi, noise of a learned scale': {
    options: {
      ...small,
      memory: { ...memory, objective: { type: 'deltaPhi', weight: 0.3, margin: 0.2, entropy: 0.05 } },
      memoryBptt: 2,
      noise: { type: 'learned' },
    },
    mark: 1e-7,
  },
  'soft writes, one gate for all, learned positions': {
    options: {
      ...small,
      positions: { type: 'learned' },
      memory: { ...memory, writeMode: 'soft', gate: { type: 'static', bias: -1 }, decayChunks: 0 },
    },
    mark: 1e-12,
  },
};

interface Answer {
  /** Largest differences, over the largest logit: of ours, of those without slots, of those without any memory. */
  logits: number;
  withoutSlots: number;
  withoutMemory: number;
  losses: number[];
  /** What the objective adds to each. */
  terms: number[][];
}

/** Three segments a row, in each ids that rise by one from a random place, and the ids after them. */
function drawBatches(): { inputs: Tensor; targets: Tensor } {
  const first = randint(0, small.vocabSize, [STEPS, B, 3, 1], { dtype: 'int64' });
  const rising = first.add(arange(SEGMENT + 1, { dtype: 'int64' })).remainder(small.vocabSize);
  const cut = (from: number): Tensor => rising.narrow(-1, from, SEGMENT).reshape(STEPS, B, 3 * SEGMENT);
  return { inputs: cut(0), targets: cut(1) };
}

/** All that the reference computes with: also what is computed anew when a model is built. */
function listTensors(model: Infinito): Record<string, Tensor> {
  const projection = createProjection(small.width, small.width).to(model.embedding.weight.dtype);
  return { ...model.stateDict(), 'memory.projection': projection };
}

/** Trains a model here and in PyTorch; its logits before, in float64, are compared too. */
async function trainBoth(model: Infinito, options: InfinitoOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'palabra-parity-'));
  try {
    const path = (name: string): string => join(folder, name);
    const batches = drawBatches();
    await saveSafetensors(path('batches'), batches);
    await saveSafetensors(path('start'), listTensors(model));
    const exact = new Infinito(options).to({ dtype: 'float64' });
    exact.loadStateDict(model.stateDict());
    await saveSafetensors(path('exact'), listTensors(exact));
    const logits = noGrad(() => exact.forward(batches.inputs.select(0, 0), { training: false }));
    await saveSafetensors(path('logits'), { logits });
    const groups = createDecayGroups(model.namedParameters(), settings.weightDecay);
    const ours = await train(model, groups, batches);
    const names = groups.map(({ parameters, weightDecay, learningRateScale: scale }) => ({
      ...{ names: Object.keys(parameters), weightDecay, scale },
    }));
    const files = Object.fromEntries(['batches', 'start', 'exact', 'logits'].map((name) => [name, path(name)]));
    const optimizer = { ...settings, groups: names, learningRates: Array<number>(STEPS).fill(settings.learningRate) };
    const input = { ...files, config: model.config, optimizer };
    return { ours, theirs: python('tests/parity/infinito.py', { input }).json as Answer };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function train(model: Infinito, groups: ParameterGroup[], batches: { inputs: Tensor; targets: Tensor }) {
  const optimizer = new AdamW(groups, { betas: settings.betas, learningRate: settings.learningRate });
  const step = trainStep({ model, optimizer, maxGradNorm: settings.maxGradNorm });
  const losses: number[] = [];
  const terms: number[][] = [];
  for (let index = 0; index < STEPS; index++) {
    const batch = batchOfTensors(batches.inputs.select(0, index), batches.targets.select(0, index));
    const { loss, metrics } = await step.run(batch);
    losses.push(loss);
    terms.push(['deltaPhi', 'phiEntropy'].flatMap((name) => metrics[name] ?? []));
  }
  return { losses, terms };
}

/** The largest difference over the larger value. */
function compareLists(ours: readonly number[], theirs: readonly number[]): number {
  return Math.max(0, ...ours.map((value, i) => Math.abs(value / theirs[i]! - 1)));
}

describeWithPython('50 AdamW steps of an Infinito over streams of three segments against PyTorch', () => {
  test.each(Object.entries(variants))('%s', async (name, { options, mark }) => {
    manualSeed(6);
    const { ours, theirs } = await trainBoth(new Infinito(options), options);
    const losses = compareLists(ours.losses, theirs.losses);
    const terms = compareLists(ours.terms.flat(), theirs.terms.flat());
    const [first, last] = [ours.losses[0]!, ours.losses.at(-1)!];
    console.log(`${name}: losses ${losses}, terms ${terms}, logits in float64 ${theirs.logits}, ${first} to ${last}`);
    expect(theirs.logits).toBeLessThan(mark);
    expect(theirs.withoutSlots).toBeGreaterThan(1e-4);
    expect(theirs.withoutMemory).toBeGreaterThan(1e-4);
    expect(losses).toBeLessThan(1e-4);
    expect(terms).toBeLessThan(1e-4);
    expect(ours.terms.map(({ length }) => length)).toEqual(theirs.terms.map(({ length }) => length));
    expect(last).toBeLessThan(first);
  });
});
