/** The training step of C1 to C3: `training.ts NAME PRECISION FILE STEPS WARMUP`; the file has weights and batches. */
import { readFileSync } from 'node:fs';
import { Gpt } from '../../../lib/models/index.js';
import { AdamW } from '../../../lib/optim/index.js';
import { loadSafetensors, scope } from '../../../lib/tensor/index.js';
import { trainStep } from '../../../lib/training/index.js';

const [name = 'C1', precision = 'float32', path = '', steps = '60', warmup = '10'] = process.argv.slice(2);

type Geometry = Record<'layers' | 'width' | 'heads' | 'length' | 'vocabulary', number>;
const geometries = JSON.parse(readFileSync(new URL('../geometries.json', import.meta.url), 'utf8')) as Record<
  string,
  Geometry
>;
const { layers, width, heads, length, vocabulary } = geometries[name]!;

const { batches, ...weights } = loadSafetensors(path);
if (batches === undefined) throw new Error(`training: expected a tensor "batches" in ${path}, found none.`);
const model = new Gpt({
  vocabSize: vocabulary,
  contextLength: length,
  width,
  layers,
  heads,
  positions: { type: 'learned' },
  queryKeyNorm: { type: 'none' },
  norm: { type: 'layer' },
  mlp: { type: 'gelu' },
});
model.loadStateDict(weights);
const group = { parameters: model.namedParameters() };
const optimizer = new AdamW([group], { learningRate: 1e-3, betas: [0.9, 0.99], weightDecay: 0.1 });
const step = trainStep({ model, optimizer, maxGradNorm: 1, precision: precision as 'float32' | 'bfloat16' });

/** One step on the batch of its number; returns the loss. */
async function train(number: number): Promise<number> {
  const rows = scope(() => batches!.select(0, number % (batches!.shape[0] ?? 1)).tolist() as number[][]); // B T+1
  const ids = (from: number) => Int32Array.from(rows.flatMap((row) => row.slice(from, from + length)));
  return (await step.run({ inputs: ids(0), targets: ids(1), shape: [rows.length, length] })).loss;
}

const losses: number[] = [];
const times: number[] = [];
for (let number = 0; number < Number(steps); number++) {
  const start = performance.now();
  losses.push(await train(number));
  times.push((performance.now() - start) / 1000);
}
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const sorted = times.slice(Number(warmup)).sort((a, b) => a - b);
console.log(
  JSON.stringify({
    tokens: (batches.shape[1] ?? NaN) * length,
    seconds: sorted[sorted.length >> 1],
    bestSeconds: sorted[0],
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    maxRssBytes: maxRSS * 1024,
    lossAfter50: losses[Math.min(49, losses.length - 1)],
  }),
);
