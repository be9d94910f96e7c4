/** Random windows from a token file: `data.ts FILE BATCHES`, B 32, T 1,024; read ahead, read when asked, in memory. */
import { WindowDataset, openTokenFile } from '../../../lib/data/index.js';
import type { TokenBatch, TokenRow } from '../../../lib/data/index.js';

const [path = '', batches = '200'] = process.argv.slice(2);
const options = { batchSize: 32, order: 'random', seed: 1 } as const;
/** What a training step of a small model leaves the thread to wait for. */
const STEP_MS = 5;

using file = openTokenFile(path, { raw: 2 });
const datasetOf = (tokens: TokenRow) => new WindowDataset(tokens, { length: 1024 });

/** The median time that a batch takes, in ms, when batches follow each other with a pause between them. */
async function perBatch(next: () => TokenBatch, pauseMs: number): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < Number(batches); index++) {
    const start = performance.now();
    next();
    times.push(performance.now() - start);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;
}

const ahead = datasetOf(file).batches(options);
/** No longer known as a file, so it is read when asked. */
const plain = { length: file.length, subarray: (start: number, end: number) => file.subarray(start, end) };
const direct = datasetOf(plain).batches(options);
const memory = datasetOf(file.subarray(0, file.length)).batches(options);
const step = (sequence: typeof ahead) => () => sequence.next().value!;

console.log(
  JSON.stringify({
    ahead: await perBatch(step(ahead), STEP_MS),
    aheadWithoutPause: await perBatch(step(ahead), 0),
    direct: await perBatch(step(direct), 0),
    memory: await perBatch(step(memory), 0),
  }),
);
