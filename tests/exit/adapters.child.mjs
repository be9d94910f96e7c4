/** Trains the data of FOLDER into its store and prints each step; with KILL it dies by SIGKILL after that step. */
import { join } from 'node:path';
import { loadModel } from '../../dist/models/index.js';
import { trainAdapters } from '../../dist/tasks/index.js';
import { setThreads } from '../../dist/tensor/index.js';

const [folder, store, kill] = process.argv.slice(2);
setThreads(1);
const { model, tokenizer, chatTemplate: template } = await loadModel(join(folder, 'base'));
const report = await trainAdapters({
  ...{ model, tokenizer, template, data: join(folder, 'data'), store, promoteAnyway: true },
  ...{ adapter: { r: 4, loraDropout: 0.1 }, learningRate: 0.01, batchSize: 2, accumulation: 2, epochs: 4 },
  ...{ checkpointEvery: 2, gate: { prompts: 0 }, mode: 'sequential' },
  onStep: ({ step }) => {
    if (step === Number(kill)) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write(JSON.stringify({ steps: report.steps, made: report.steps_made, version: report.version }));
