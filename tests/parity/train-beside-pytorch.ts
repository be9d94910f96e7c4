import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LanguageModel } from '../../lib/models/index.js';
import { AdamW, cosineSchedule, createDecayGroups } from '../../lib/optim/index.js';
import { arange, randint, saveSafetensors } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { trainStep } from '../../lib/training/index.js';
import { batchOfTensors } from '../helpers/batches.js';
import { python } from '../helpers/python.js';

const STEPS = 50;
const settings = { weightDecay: 0.1, betas: [0.9, 0.99], maxGradNorm: 0.5, labelSmoothing: 0.1 } as const;
const schedule = cosineSchedule({ learningRate: 1e-3, minimum: 1e-4, warmup: 5, steps: STEPS });

/** The largest relative differences after 50 steps of AdamW from the same weights on the same batches. */
export interface TrainingDifference {
  losses: number;
  norms: number;
  /** Per weight, from PyTorch's, of the Euclidean norms; key biases aside. */
  weights: number;
  /**
   * Of each key bias: our distance from training in float64, and that of PyTorch with fused attention. A key bias moves
   * all scores of a query nearly alike, so its gradient is a small difference, of which float32 is off by more than the
   * mark itself.
   */
  keyBiases: { exact: number; peerExact: number }[];
  /** The share of the loss that hangs on key biases where nothing should, as positions don't rotate. */
  freeKeyBiases: number | undefined;
  firstLoss: number;
  lastLoss: number;
}

interface Answer {
  losses: number[];
  norms: number[];
  /** By weight: ours from PyTorch's, ours from PyTorch's in float64, and PyTorch's (with fused attention) from its own in float64. */
  weights: Record<string, { peer: number; exact: number; peerExact: number }>;
  free: string[];
  effect: number;
}

/** Trains a model here and in PyTorch. */
export async function trainBesidePyTorch(model: LanguageModel): Promise<TrainingDifference> {
  const folder = await mkdtemp(join(tmpdir(), 'palabra-parity-'));
  try {
    const paths = { start: join(folder, 'start'), batches: join(folder, 'batches'), end: join(folder, 'end') };
    await saveSafetensors(paths.start, model.stateDict());
    const batches = newBatches(model.config.vocabSize);
    await saveSafetensors(paths.batches, batches);
    const ours = await train(model, batches);
    await saveSafetensors(paths.end, model.stateDict());
    const learningRates = Array.from({ length: STEPS }, (_, index) => schedule(index));
    const input = { ...paths, kind: model.kind, config: model.config, optimizer: { ...settings, learningRates } };
    return differences(ours, python('tests/parity/models.py', { input }).json as Answer);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Batches that can be learnt: ids that rise by one from a random place, and the ids after them. */
function newBatches(vocabSize: number): { inputs: Tensor; targets: Tensor } {
  const first = randint(0, vocabSize, [STEPS, 4, 1], { dtype: 'int64' });
  const rising = first.add(arange(17, { dtype: 'int64' })).remainder(vocabSize);
  return { inputs: rising.narrow(-1, 0, 16).contiguous(), targets: rising.narrow(-1, 1, 16).contiguous() };
}

async function train(model: LanguageModel, batches: { inputs: Tensor; targets: Tensor }) {
  const groups = createDecayGroups(model.namedParameters(), settings.weightDecay);
  const optimizer = new AdamW(groups, { betas: settings.betas });
  const { maxGradNorm, labelSmoothing } = settings;
  const step = trainStep({ model, optimizer, maxGradNorm, labelSmoothing });
  const [losses, norms]: [number[], number[]] = [[], []];
  for (let index = 0; index < STEPS; index++) {
    optimizer.learningRate = schedule(index);
    const batch = batchOfTensors(batches.inputs.select(0, index), batches.targets.select(0, index));
    const result = await step.run(batch);
    losses.push(result.loss);
    norms.push(result.gradNorm);
  }
  return { losses, norms };
}

function differences(ours: { losses: number[]; norms: number[] }, theirs: Answer): TrainingDifference {
  const worst = (a: number[], b: number[]) =>
    Math.max(...a.map((value, i) => Math.abs(value - b[i]!) / Math.abs(b[i]!)));
  return {
    losses: worst(ours.losses, theirs.losses),
    norms: worst(ours.norms, theirs.norms),
    ...weightDifferences(theirs),
    freeKeyBiases: theirs.free.length > 0 ? theirs.effect : undefined,
    firstLoss: ours.losses[0]!,
    lastLoss: ours.losses.at(-1)!,
  };
}

function weightDifferences({ weights }: Answer): Pick<TrainingDifference, 'weights' | 'keyBiases'> {
  const all = Object.entries(weights);
  return {
    weights: Math.max(...all.filter(([name]) => !isKeyBias(name)).map(([, { peer }]) => peer)),
    keyBiases: all.filter(([name]) => isKeyBias(name)).map(([, distances]) => distances),
  };
}

const isKeyBias = (name: string): boolean => name.endsWith('key.bias');
