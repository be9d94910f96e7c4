/**
 * Loads the addon in this process and tells how it went, as one line of JSON. With `worker` as argument it loads it
 * once more in a worker whose PALABRA_PREBUILD is the second argument.
 */
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const { loadAddon } = await import('../../lib/native/index.js');

/** How a load ended. */
export interface LoadOutcome {
  loaded: boolean;
  code?: string;
  message?: string;
  details?: Record<string, unknown>;
}

function tryLoad(): LoadOutcome {
  try {
    loadAddon();
    return { loaded: true };
  } catch (error) {
    const { code, message, details } = error as Required<LoadOutcome>;
    return { loaded: false, code, message, details };
  }
}

const outcome = tryLoad();
const [mode, prebuild] = process.argv.slice(2);
if (!isMainThread) parentPort?.postMessage(outcome);
else if (mode !== 'worker') console.log(JSON.stringify(outcome));
else {
  const env = prebuild === undefined ? process.env : { ...process.env, PALABRA_PREBUILD: prebuild };
  // A worker does not inherit the compiler of --import: it registers its own.
  const program = `import('tsx/esm/api').then(({ register }) => { register(); return import('${import.meta.url}'); })`;
  const worker = new Worker(program, { eval: true, env, execArgv: [] });
  worker.once('message', (second) => console.log(JSON.stringify(second)));
}
