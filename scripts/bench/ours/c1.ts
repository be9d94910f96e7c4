/** The training step of C1 with palabra: `c1.ts FILE STEPS WARMUP`; weights and batches come from the file. */
import { Gpt } from '../../../lib/models/index.js';
import { AdamW } from '../../../lib/optim/index.js';
import { loadSafetensors, scope } from '../../../lib/tensor/index.js';
import { trainStep } from '../../../lib/training/index.js';

const [path = '', steps = '60', warmup = '10'] = process.argv.slice(2);

const { batches, ...weights } = loadSafetensors(path);
if (batches === undefined) throw new Error(`c1: expected a tensor "batches" in ${path}, found none.`);
const model = new Gpt({
  vocabSize: 65,
  contextLength: 64,
  width: 128,
  layers: 4,
  heads: 4,
  positions: { type: 'learned' },
  queryKeyNorm: { type: 'none' },
  norm: { type: 'layer' },
  mlp: { type: 'gelu' },
});
model.loadStateDict(weights);
const group = { parameters: model.namedParameters() };
const optimizer = new AdamW([group], { learningRate: 1e-3, betas: [0.9, 0.99], weightDecay: 0.1 });
const step = trainStep({ model, optimizer, maxGradNorm: 1 });

/** One step on the batch of its number; returns the loss. */
async function train(number: number): Promise<number> {
  const rows = scope(() => batches!.select(0, number % (batches!.shape[0] ?? 1)).tolist() as number[][]); // B T+1
  const ids = (from: number) => Int32Array.from(rows.flatMap((row) => row.slice(from, from + 64)));
  return (await step.run({ inputs: ids(0), targets: ids(1), shape: [rows.length, 64] })).loss;
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
    seconds: sorted[sorted.length >> 1],
    bestSeconds: sorted[0],
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    maxRssBytes: maxRSS * 1024,
    lossAfter50: losses[Math.min(49, losses.length - 1)],
  }),
);
