/**
 * Trains and encodes off the JavaScript thread without end: `exit MS` ends this process meanwhile, `workers COUNT` so
 * many worker threads, one after another, and prints how many threads are left more than before. `stop` ends the native
 * thread within a long word, and leaves it to Node to find that nothing is left to do.
 */
import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';

import { openTextAddon } from '../../dist/native/text.js';
import { BpeTokenizer } from '../../dist/text/index.js';

const words = Array.from({ length: 60_000 }, (_, i) => (i * 7919).toString(36)).join(' ');

/** Keeps the native thread at work. */
async function work() {
  for (;;) {
    const tokenizer = await BpeTokenizer.train(words, { vocabSize: 2000 });
    await Promise.all(Array.from({ length: 4 }, () => tokenizer.encodeAsync(words)));
  }
}

const threads = () => readdirSync('/proc/self/task').length;

/** Starts a worker and ends it in the middle of its work. */
async function endWorker(delay) {
  const worker = new Worker(new URL(import.meta.url), { workerData: {} });
  await new Promise((resolve) => worker.once('message', resolve));
  await setTimeout(delay);
  await worker.terminate();
}

const [way, count] = process.argv.slice(2);
if (!isMainThread && workerData !== null) {
  parentPort.postMessage('ready');
  await work();
} else if (way === 'exit') {
  void work();
  await setTimeout(Number(count));
  process.exit(0);
} else if (way === 'stop') {
  const tokenizer = await BpeTokenizer.train(words, { vocabSize: 2000 });
  const start = process.cpuUsage().user;
  const encoding = tokenizer.encodeAsync(words.replaceAll(/[^a-z]/g, '').repeat(150));
  void encoding.then(() => console.log('it came to its end'));
  // The text is handed over in a tenth of that, and encoded in ten times as much.
  while (process.cpuUsage().user - start < 1_000_000) await setTimeout(5);
  openTextAddon().stop();
} else {
  await endWorker(5);
  const before = threads();
  for (let i = 0; i < Number(count); i++) await endWorker(i % 25);
  console.log(JSON.stringify({ threads: threads() - before }));
}
