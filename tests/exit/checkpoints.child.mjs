/**
 * Trains without end in RUN, a checkpoint after every step, and prints each step once it is on the disk. With OPERATION and
 * TURNS it dies at the so many-th operation on an unfinished checkpoint after the first step, so many turns later.
 */
import { WindowDataset } from '../../dist/data/index.js';
import { Gpt } from '../../dist/models/index.js';
import { setThreads } from '../../dist/tensor/index.js';
import { Trainer } from '../../dist/training/index.js';
import { killAt } from '../helpers/kill-at.mjs';

const [runDirectory, operation, turns] = process.argv.slice(2);
/** What a save writes to before it is whole, and where a removal moves what it takes away. */
const UNFINISHED = /checkpoints\/\.step-/;
let aimed = operation === undefined;
setThreads(1);
const model = new Gpt({ vocabSize: 11, contextLength: 8, width: 16, layers: 2, heads: 2, dropout: 0.1 });
const train = new WindowDataset(
  Uint16Array.from({ length: 400 }, (_, i) => (i * i) % 11),
  { length: 8 },
);
const settings = { steps: 1_000_000, batchSize: 4, checkpointEvery: 1, ema: {} };
const trainer = new Trainer({ model, data: { train }, ...settings, runDirectory, resume: true });
for await (const { index } of trainer.steps()) {
  process.stdout.write(`${index}\n`);
  if (!aimed) killAt(UNFINISHED, Number(operation), Number(turns));
  aimed = true;
}
