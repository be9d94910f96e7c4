/** Trains without end in RUN, a checkpoint after every step, and prints each step once it is on the disk. */
import { WindowDataset } from '../../dist/data/index.js';
import { Gpt } from '../../dist/models/index.js';
import { setThreads } from '../../dist/tensor/index.js';
import { Trainer } from '../../dist/training/index.js';

const [runDirectory] = process.argv.slice(2);
setThreads(1);
const model = new Gpt({ vocabSize: 11, contextLength: 8, width: 16, layers: 2, heads: 2, dropout: 0.1 });
const train = new WindowDataset(
  Uint16Array.from({ length: 400 }, (_, i) => (i * i) % 11),
  { length: 8 },
);
const settings = { steps: 1_000_000, batchSize: 4, checkpointEvery: 1, ema: {} };
const trainer = new Trainer({ model, data: { train }, ...settings, runDirectory, resume: true });
for await (const { index } of trainer.steps()) process.stdout.write(`${index}\n`);
