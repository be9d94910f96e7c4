/** Trains and evaluates for SECONDS and watches the event loop: `event-loop.child.mjs SECONDS`; prints delays in ms. */
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
const minutes = Number(process.argv[2]) / 60;
const trainer = new Trainer({ model, data, minutes, batchSize: 12, evaluateEvery: 25, ema: {}, order: 'random' });
const delays = monitorEventLoopDelay({ resolution: 1 });
let [steps, evaluations] = [0, 0];
for await (const { index, validation } of trainer.steps()) {
  // The first three steps record.
  if (index === 3) delays.enable();
  steps = index;
  if (validation) evaluations++;
}
delays.disable();
const milliseconds = (nanoseconds) => nanoseconds / 1e6;
const [p50, p99] = [50, 99].map((percentile) => milliseconds(delays.percentile(percentile)));
console.log(JSON.stringify({ steps, evaluations, p50, p99 }));
