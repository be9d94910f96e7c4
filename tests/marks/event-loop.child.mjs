/** Trains for SECONDS as a program and watches the event loop: `event-loop.child.mjs SECONDS`; prints delays in ms. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { Gpt } from '../../dist/models/index.js';
import { AdamW } from '../../dist/optim/index.js';
import { randint } from '../../dist/tensor/index.js';
import { trainingStep } from '../../dist/training/index.js';

const model = new Gpt({ vocabSize: 65, contextLength: 64, width: 128, layers: 4, heads: 4 });
const optimizer = new AdamW([{ parameters: model.namedParameters() }]);
const step = trainingStep({ model, optimizer, clipNorm: 1 });
const inputs = randint(0, 65, [12, 64]);
const targets = randint(0, 65, [12, 64]);
for (let i = 0; i < 3; i++) await step.run(inputs, targets);

const delays = monitorEventLoopDelay({ resolution: 1 });
const end = performance.now() + Number(process.argv[2]) * 1000;
delays.enable();
let steps = 0;
while (performance.now() < end) {
  await step.run(inputs, targets);
  steps++;
}
delays.disable();
const milliseconds = (nanoseconds) => nanoseconds / 1e6;
console.log(
  JSON.stringify({ steps, p50: milliseconds(delays.percentile(50)), p99: milliseconds(delays.percentile(99)) }),
);
