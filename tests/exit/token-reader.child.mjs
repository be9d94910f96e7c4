/**
 * Reads batches of a token file ahead and ends in the middle of it: `token-reader.child.mjs FILE exit` ends the
 * process, `token-reader.child.mjs FILE workers COUNT` ends that many worker threads and prints what stayed as JSON.
 */
import { openSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setImmediate } from 'node:timers';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

const [file, mode, count] = isMainThread ? process.argv.slice(2) : [workerData, 'worker', 0];

/** Asks for more than it takes, for ever. */
function busy() {
  const { data } = createRequire(import.meta.url)('../../build/Release/palabra.node');
  data.initialize((code, message) => Object.assign(new Error(message), { code }));
  const reader = data.openTokens(openSync(file, 'r'), 0, 1_000_000, 2, 0);
  const piece = Uint32Array.of(5, 0, 900_000, 0, 0);
  const turn = () => {
    for (let i = 0; i < 8; i++) data.requestBatch(reader, 900_000, 0, piece);
    data.takeBatch(reader);
    data.clearBatches(reader);
    setImmediate(turn);
  };
  turn();
}

/** Starts a worker and ends it some milliseconds into its work. */
async function endWorker(delay) {
  const worker = new Worker(new URL(import.meta.url), { workerData: file });
  await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await new Promise((resolve) => setTimeout(resolve, delay));
  await worker.terminate();
}

const threads = () => readdirSync('/proc/self/task').length;

if (mode === 'workers') {
  await endWorker(1);
  const before = threads();
  for (let i = 0; i < Number(count); i++) await endWorker((i % 17) + 0.5);
  console.log(JSON.stringify({ threads: threads() - before }));
} else {
  busy();
  parentPort?.postMessage('busy');
  if (mode === 'exit') setTimeout(() => process.exit(0), 30 + Math.random() * 20);
}
