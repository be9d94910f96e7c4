/** Random windows from a token file: `data.ts FILE BATCHES`, B 32, T 1,024; read ahead, read when asked, in memory. */
import { DirectReader } from '../../../lib/data/batch-reader.js';
import { WindowDataset, openTokenFile } from '../../../lib/data/index.js';
import type { TokenBatch, TokenRow } from '../../../lib/data/index.js';

const [path = '', batches = '200'] = process.argv.slice(2);
const options = { batchSize: 32, order: 'random', seed: 1 } as const;
/** What a training step of a small model leaves the thread to wait for. */
const STEP_MS = 5;

using file = openTokenFile(path, { raw: 2 });
const datasetOf = (tokens: TokenRow) => new WindowDataset(tokens, { length: 1024 });

/** The median time that a batch takes, in ms, when batches follow each other with a pause between them. */
async function perBatch(next: (index: number) => TokenBatch, pauseMs: number): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < Number(batches); index++) {
    const start = performance.now();
    next(index);
    times.push(performance.now() - start);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? NaN;
}

const ahead = datasetOf(file).batches(options);
const direct = new DirectReader(file, datasetOf(file).plans(options), 0);
const memory = datasetOf(file.subarray(0, file.length)).batches(options);
const step = (sequence: typeof ahead) => () => sequence.next().value!;

console.log(
  JSON.stringify({
    ahead: await perBatch(step(ahead), STEP_MS),
    aheadWithoutPause: await perBatch(step(ahead), 0),
    direct: await perBatch((index) => direct.read(index), 0),
    memory: await perBatch(step(memory), 0),
  }),
);
