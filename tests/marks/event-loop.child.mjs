/** Trains and evaluates for STEPS and watches the event loop: `event-loop.child.mjs STEPS`; prints delays and steps in ms. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { WindowDataset } from '../../dist/data/index.js';
import { Gpt } from '../../dist/models/index.js';
import { Trainer } from '../../dist/training/index.js';

const tokens = (count) => Uint16Array.from({ length: count }, (_, i) => (i * i + (i >> 4)) % 65);
const data = {
  train: new WindowDataset(tokens(100_000), { length: 64 }),
  validation: new WindowDataset(tokens(5000), { length: 64 }),
};
const model = new Gpt({ vocabSize: 65, contextLength: 64, width: 128, layers: 4, heads: 4 });
const steps = Number(process.argv[2]);
const trainer = new Trainer({ model, data, steps, batchSize: 12, evaluateEvery: 25, ema: {}, order: 'random' });
const delays = monitorEventLoopDelay({ resolution: 1 });
const times = [];
let evaluations = 0;
for await (const { index, validation, seconds } of trainer.steps()) {
  // The first three steps record.
  if (index === 3) delays.enable();
  if (index > 3) times.push(seconds * 1000);
  if (validation) evaluations++;
}
delays.disable();
const milliseconds = (nanoseconds) => nanoseconds / 1e6;
const [p50, p99] = [50, 99].map((percentile) => milliseconds(delays.percentile(percentile)));
const step = times.sort((a, b) => a - b)[times.length >> 1];
console.log(JSON.stringify({ steps, evaluations, p50, p99, step }));
