/**
 * Trains a tiny model as a program: `training.child.mjs STEPS`, with --expose-gc. Prints the resident bytes after a
 * tenth of the steps, halfway and at the end, as JSON.
 */
import { setTimeout } from 'node:timers/promises';
import { Gpt } from '../../dist/models/index.js';
import { AdamW } from '../../dist/optim/index.js';
import { memory, randint } from '../../dist/tensor/index.js';
import { trainingStep } from '../../dist/training/index.js';

const steps = Number(process.argv[2]);
const model = new Gpt({ vocabSize: 32, contextLength: 8, width: 16, layers: 1, heads: 2 });
const optimizer = new AdamW([{ parameters: model.namedParameters() }]);
const step = trainingStep({ model, optimizer, clipNorm: 1 });

/** Trains on one fresh batch. */
async function train() {
  const inputs = randint(0, 32, [2, 8]);
  const targets = randint(0, 32, [2, 8]);
  await step.run(inputs, targets);
  inputs.dispose();
  targets.dispose();
}

/** Resident bytes once JavaScript's garbage is gone, which takes V8 a few rounds. */
async function resident() {
  for (let round = 0; round < 6; round++) {
    globalThis.gc();
    await setTimeout(100);
  }
  return process.memoryUsage.rss();
}

const figures = {};
for (let done = 1; done <= steps; done++) {
  await train();
  if (done === steps / 10) figures.tenth = await resident();
  if (done === steps / 2) figures.half = await resident();
}
figures.end = await resident();
figures.liveSlots = memory.stats().liveSlots;
console.log(JSON.stringify(figures));
