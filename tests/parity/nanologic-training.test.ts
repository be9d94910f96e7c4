import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { freedAfterEach } from '../helpers/freed.js';
import { prepareFormalizerSteps } from '../helpers/formalizer-steps.js';
import type { FormalizerSteps } from '../helpers/formalizer-steps.js';
import { describeWithPython, python } from '../helpers/python.js';

freedAfterEach();

const STEPS = 50;

/** Of each step: the loss, what smoothing adds to it, and the norm of all gradients. */
interface Course {
  losses: number[];
  smoothing: number[];
  norms: number[];
}

async function train({ batches, optimizer, schedule, step }: FormalizerSteps): Promise<Course> {
  const course: Course = { losses: [], smoothing: [], norms: [] };
  for (const [index, batch] of batches.entries()) {
    optimizer.learningRate = schedule(index);
    const { loss, metrics, gradNorm } = await step.run(batch);
    course.losses.push(loss);
    course.smoothing.push(metrics.smoothing ?? 0);
    course.norms.push(gradNorm);
  }
  return course;
}

/** The largest difference of two rows of numbers, over the largest of them. */
function compare(ours: readonly number[], theirs: readonly number[]): number {
  const largest = Math.max(...theirs.map(Math.abs), Number.MIN_VALUE);
  return Math.max(...ours.map((value, i) => Math.abs(value - theirs[i]!))) / largest;
}

describeWithPython('a formalizer by the recipe of small against plain PyTorch', () => {
  test('50 steps of Muon over packed rows of the grammar, z-loss and smoothing of the words', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'palabra-parity-'));
    const data = { records: 130, held: 1, vocabSize: 400, batchSize: 1, length: 192 };
    const prepared = await prepareFormalizerSteps(
      folder,
      { ...data, labelSmoothing: 0.1, seed: 6, steps: STEPS },
      { precision: 'float32', threads: 1, preset: 'nanologic-xs' },
    );
    const theirs = python('tests/helpers/python/nanologic_training.py', { input: prepared.request }).json as Course;
    const ours = await train(prepared);
    await rm(folder, { recursive: true });
    expect(prepared.batches.some(({ documents }) => documents!.includes(1))).toBe(true);
    const found = {
      losses: compare(ours.losses, theirs.losses),
      smoothing: compare(ours.smoothing, theirs.smoothing),
      norms: compare(ours.norms, theirs.norms),
    };
    console.log(`${JSON.stringify(found)}, ${ours.losses[0]} to ${ours.losses.at(-1)}`);
    expect(ours.losses.at(-1)).toBeLessThan(0.7 * ours.losses[0]!);
    expect(found.losses).toBeLessThanOrEqual(1e-4);
    expect(found.smoothing).toBeLessThanOrEqual(1e-4);
    expect(Math.max(...theirs.smoothing.map(Math.abs))).toBeGreaterThan(1e-3);
    expect(found.norms).toBeLessThanOrEqual(1e-3);
  });
});
