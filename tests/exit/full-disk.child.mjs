/**
 * Trains in RUN, a checkpoint after every step, and lets the disk refuse after the second: `full` fills it, `read-only`
 * mounts it anew, `limit` forbids files beyond 20 kB. Prints the error and what can still be read.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { WindowDataset } from '../../dist/data/index.js';
import { Gpt } from '../../dist/models/index.js';
import { Trainer, verifyCheckpoint } from '../../dist/training/index.js';

const [runDirectory, how] = process.argv.slice(2);
const tokens = Uint16Array.from({ length: 400 }, (_, i) => (i * i) % 11);
const newModel = () => new Gpt({ vocabSize: 11, contextLength: 8, width: 16, layers: 2 });

/** Takes all the space there is. */
function fill() {
  for (let megabytes = 4; megabytes >= 2 ** -8; megabytes /= 2) {
    try {
      for (let i = 0; ; i++)
        writeFileSync(join(dirname(runDirectory), `${megabytes}-${i}`), Buffer.alloc(megabytes * 2 ** 20));
    } catch (error) {
      if (error.code !== 'ENOSPC') throw error;
    }
  }
}

const options = { data: { train: new WindowDataset(tokens, { length: 8 }) }, batchSize: 4, checkpointEvery: 1 };
const trainer = new Trainer({ ...options, model: newModel(), steps: 10, runDirectory });
let saved = 0;
const report = {};
try {
  for await (const { index } of trainer.steps()) {
    saved = index;
    if (index === 2 && how === 'full') fill();
    if (index === 2 && how === 'read-only') execFileSync('mount', ['-o', 'remount,ro', dirname(runDirectory)]);
    if (index === 2 && how === 'limit') execFileSync('prlimit', ['--pid', String(process.pid), '--fsize=20000:']);
  }
} catch (error) {
  Object.assign(report, { code: error.code, message: error.message, details: error.details });
}
const newest = join(runDirectory, 'checkpoints', `step-${String(saved).padStart(8, '0')}`);
const { step } = await verifyCheckpoint(newest);
console.log(JSON.stringify({ ...report, saved, readable: step }));
