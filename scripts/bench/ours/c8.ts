/** LoRA with palabra: `c8.ts FOLDER BATCH WARMUP` trains once over the examples, those of a batch packed into a row. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { getAdapterParameters, loadAdapter } from '../../../lib/adapters/index.js';
import { PackedDataset } from '../../../lib/data/index.js';
import type { TokenBatch } from '../../../lib/data/index.js';
import { findArchitecture, loadHuggingFace } from '../../../lib/models/index.js';
import { AdamW } from '../../../lib/optim/index.js';
import { trainStep } from '../../../lib/training/index.js';

const [folder = '', batchSize = '8', warmup = '1'] = process.argv.slice(2);
/** Rows have lengths of which there are few: a step is recorded once for each. */
const LENGTH_STEP = 128;

/** The examples one behind the other in one row, each a document of its own. */
function pack(examples: readonly (readonly number[])[]): TokenBatch {
  const starts: number[] = [];
  const tokens: number[] = [];
  for (const example of examples) {
    starts.push(tokens.length);
    tokens.push(...example);
  }
  const inputs = tokens.length - examples.length;
  const length = Math.ceil(inputs / LENGTH_STEP) * LENGTH_STEP;
  const dataset = new PackedDataset({ tokens: Uint32Array.from(tokens), starts }, { length, strategy: 'sequential' });
  const [batch] = dataset.batches({ batchSize: 1, order: 'sequential' });
  if (batch === undefined) throw new Error(`c8: expected a row of ${inputs} tokens, found none.`);
  return batch;
}

const examples = JSON.parse(readFileSync(join(folder, 'examples.json'), 'utf8')) as number[][];
const { model } = await loadHuggingFace(join(folder, 'base'));
const layouts = findArchitecture('c8', model.kind).huggingFace;
const { name } = await loadAdapter(join(folder, 'adapter'), model, { layouts, trainable: true });
const optimizer = new AdamW([{ parameters: getAdapterParameters(model, name) }], {
  learningRate: 2e-4,
  weightDecay: 0,
});
const step = trainStep({ model, optimizer, maxGradNorm: 1 });

const losses: number[] = [];
let [seconds, tokens] = [0, 0];
for (let first = 0; first < examples.length; first += Number(batchSize)) {
  const start = performance.now();
  const result = await step.run(pack(examples.slice(first, first + Number(batchSize))));
  losses.push(result.loss);
  if (losses.length <= Number(warmup)) continue;
  seconds += (performance.now() - start) / 1000;
  tokens += result.tokens;
}
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const figures = { tokensPerSecond: tokens / seconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 };
const named = Object.fromEntries(losses.map((loss, i) => [`loss${i}`, loss]));
console.log(JSON.stringify({ ...figures, maxRssBytes: maxRSS * 1024, steps: losses.length, ...named }));
process.exit(0);
