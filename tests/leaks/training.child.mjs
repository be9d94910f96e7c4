/**
 * Trains and evaluates a tiny model: `training.child.mjs STEPS`, with --expose-gc. Prints the resident bytes after a
 * tenth of the steps, halfway and at the end, as JSON.
 */
import { setTimeout } from 'node:timers/promises';
import { WindowDataset } from '../../dist/data/index.js';
import { Gpt } from '../../dist/models/index.js';
import { memory } from '../../dist/tensor/index.js';
import { Trainer } from '../../dist/training/index.js';

const steps = Number(process.argv[2]);
const tokens = (count) => Uint16Array.from({ length: count }, (_, i) => (i * i) % 32);
const data = {
  train: new WindowDataset(tokens(2000), { length: 8 }),
  validation: new WindowDataset(tokens(100), { length: 8 }),
};
const model = new Gpt({ vocabSize: 32, contextLength: 8, width: 16, layers: 1, heads: 2, dropout: 0.1 });
const trainer = new Trainer({ model, data, steps, batchSize: 2, evaluateEvery: steps / 100, ema: {} });

/** Resident bytes once JavaScript's garbage is gone, which takes V8 a few rounds. */
async function resident() {
  for (let round = 0; round < 6; round++) {
    globalThis.gc();
    await setTimeout(100);
  }
  return process.memoryUsage.rss();
}

const figures = {};
for await (const { index } of trainer.steps()) {
  if (index === steps / 10) figures.tenth = await resident();
  if (index === steps / 2) figures.half = await resident();
  if (index === steps) figures.end = await resident();
}
figures.liveSlots = memory.stats().liveSlots;
console.log(JSON.stringify(figures));
