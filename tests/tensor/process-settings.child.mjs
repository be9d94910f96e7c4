/**
 * Two threads ask for settings of the whole process, one after the other, and withdraw them, or end. Prints what holds
 * for operators of the first thread at each turn.
 */
import { once } from 'node:events';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { register } from 'tsx/esm/api';

register();
const { areDeterministicAlgorithmsEnabled, empty, memory, useDeterministicAlgorithms } =
  await import('../../lib/tensor/index.ts');

/** Memory that nothing was written to is NaN where algorithms are deterministic. */
const isDeterministic = () => Number.isNaN(empty([4]).tolist()[0]);

function isLimited() {
  try {
    empty([4_000_000]).dispose();
    return false;
  } catch {
    return true;
  }
}

async function askElsewhere(what) {
  const worker = new Worker(new URL(import.meta.url), { workerData: what, execArgv: [] });
  if (what === 'withdraw') await once(worker, 'message');
  else await once(worker, 'message').then(() => console.log(`beside: ${isDeterministic()} ${isLimited()}`));
  worker.postMessage('on');
  await once(worker, 'exit');
}

if (isMainThread) {
  const show = (when) => console.log(`${when}: ${isDeterministic()} ${isLimited()}`);
  show('start');
  await askElsewhere('end');
  show('ended');
  useDeterministicAlgorithms(true);
  memory.setLimit(10e6);
  await askElsewhere('withdraw');
  show('withdrawn there');
  console.log(`asked here: ${areDeterministicAlgorithmsEnabled()}`);
  useDeterministicAlgorithms(false);
  memory.setLimit(Infinity);
  show('withdrawn here');
} else {
  useDeterministicAlgorithms(true);
  memory.setLimit(5e6);
  if (workerData === 'withdraw') {
    useDeterministicAlgorithms(false);
    memory.setLimit(Infinity);
  }
  parentPort?.postMessage(areDeterministicAlgorithmsEnabled());
  parentPort?.once('message', () => process.exit());
}
