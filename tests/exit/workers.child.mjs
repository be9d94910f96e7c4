/** Ends COUNT workers in the middle of a step: `workers.child.mjs COUNT`; prints the slots that stayed as JSON. */
import { Worker } from 'node:worker_threads';

import { memory, ones } from '../../dist/tensor/index.js';

const count = Number(process.argv[2]);
const kept = ones([2]);
const before = memory.stats().processLiveSlots;

/** Starts a worker and ends it some milliseconds into its work. */
async function endWorker(delay) {
  const worker = new Worker(new URL('worker.child.mjs', import.meta.url));
  await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await new Promise((resolve) => setTimeout(resolve, delay));
  await worker.terminate();
}

let left = count;
/** Ends workers one after another; two of these run side by side. */
async function lane() {
  while (left-- > 0) await endWorker((left % 23) + 0.5);
}
await Promise.all([lane(), lane()]);

console.log(JSON.stringify({ before, after: memory.stats().processLiveSlots, value: kept.sum().item() }));
