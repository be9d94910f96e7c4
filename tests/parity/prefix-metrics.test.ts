import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { computeRowEntropy } from '../../lib/models/infinito/prefix-metrics/attention-entropy.js';
import { computeHeadCoherence } from '../../lib/models/infinito/prefix-metrics/head-coherence.js';
import { createProjection } from '../../lib/models/infinito/prefix-metrics/participation.js';
import { combinePhi } from '../../lib/models/infinito/prefix-metrics/phi.js';
import { computePrefixMetrics } from '../../lib/models/infinito/prefix-metrics/prefix-metrics.js';
import { countPrefix } from '../../lib/models/infinito/prefix-metrics/prefix-place.js';
import { loadSafetensors, manualSeed, ones, randn, saveSafetensors, tensor } from '../../lib/tensor/index.js';
import type { DType, Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { describeWithPython, python } from '../helpers/python.js';

freedAfterEach();

const [B, T, C, H] = [3, 48, 24, 4];

/** States that share a large mean, and causal attention. */
function drawInputs(dtype: DType) {
  manualSeed(11);
  const unseen = ones([T, T], { dtype: 'bool' }).triu(1);
  const weights = randn([B, H, T, T], { dtype }).mul(2).maskedFill(unseen, -Infinity).softmax(-1);
  const hidden = randn([B, T, C], { dtype }).add(randn([C], { dtype }).mul(4));
  const logits = tensor([0.4, -0.2, 0.1, 0.9], { dtype });
  return { hidden, weights, projection: createProjection(C).to(dtype), logits };
}

const cases = {
  'every prefix, float64': { dtype: 'float64', every: 1, mark: 1e-12 },
  'ends of chunks, float64': { dtype: 'float64', every: 16, mark: 1e-12 },
  'chunks of a length that 4 does not divide, float64': { dtype: 'float64', every: 6, mark: 1e-12 },
  'ends of chunks, float32': { dtype: 'float32', every: 16, mark: 2e-5 },
} as const;

const listEnds = (every: number): number[] => Array.from({ length: T / every }, (_, j) => (j + 1) * every);

/** What PyTorch makes of the inputs of each case. */
async function askPyTorch(): Promise<Record<string, Record<string, Tensor>>> {
  const folder = await mkdtemp(join(tmpdir(), 'palabra-parity-'));
  try {
    const input = Object.values(cases).map(({ every }, i) => ({
      ...{ inputs: join(folder, `inputs${i}`), outputs: join(folder, `outputs${i}`), ends: listEnds(every) },
    }));
    for (const [i, { dtype }] of Object.values(cases).entries())
      await saveSafetensors(input[i]!.inputs, drawInputs(dtype));
    python('tests/parity/prefix_metrics.py', { input });
    const outputs = input.map((one) => loadSafetensors(one.outputs));
    return Object.fromEntries(Object.keys(cases).map((name, i) => [name, outputs[i]!]));
  } finally {
    await rm(folder, { recursive: true });
  }
}

const distance = (a: Tensor, b: Tensor): number => a.sub(b).abs().max().item();

describeWithPython('prefix metrics against PyTorch', () => {
  let answers: Record<string, Record<string, Tensor>> = {};

  beforeAll(async () => {
    answers = await askPyTorch();
  });

  test.each(Object.entries(cases))('%s', (name, { dtype, every, mark }) => {
    const inputs = drawInputs(dtype);
    const theirs = answers[name]!;
    const [hidden, weights] = [inputs.hidden.requiresGrad_(), inputs.weights.requiresGrad_()];
    const place = { lengths: countPrefix([B, T], 'cpu'), at: listEnds(every).map((end) => end - 1) };
    const entropies = computeRowEntropy(weights);
    const { components } = computePrefixMetrics({ ...inputs, hidden, entropies, place, every });
    const phi = combinePhi(components, inputs.logits);
    phi.sum().backward();
    expect(distance(components, theirs.components!)).toBeLessThan(mark);
    expect(distance(phi, theirs.phi!)).toBeLessThan(mark);
    expect(distance(hidden.grad!, theirs.hiddenGradient!)).toBeLessThan(mark * 10);
    expect(distance(computeHeadCoherence(weights.detach()), theirs.coherence!)).toBeLessThan(mark);
    expect(distance(weights.grad!, theirs.weightsGradient!)).toBeLessThan(mark * 10);
  });
});
