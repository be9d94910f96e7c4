/** An LSTM language model: `c6.ts FILE STEPS WARMUP` trains with SGD from the weights and batches of the file. */
import { LstmLanguageModel } from '../../../lib/models/index.js';
import { SGD } from '../../../lib/optim/index.js';
import { loadSafetensors, scope } from '../../../lib/tensor/index.js';
import { trainStep } from '../../../lib/training/index.js';

const [path = '', steps = '6', warmup = '2'] = process.argv.slice(2);

const { batches, ...weights } = loadSafetensors(path);
if (batches === undefined) throw new Error(`c6: expected a tensor "batches" in ${path}, found none.`);
const [vocabSize = 0, embeddingDim = 0] = weights['embedding.weight']!.shape;
const model = new LstmLanguageModel({
  vocabSize,
  embeddingDim,
  width: embeddingDim,
  layers: 2,
  dropout: 0,
  tied: true,
});
model.loadStateDict(weights);
const optimizer = new SGD([{ parameters: model.namedParameters() }], { learningRate: 1 });
const step = trainStep({ model, optimizer, maxGradNorm: 0.25 });

const losses: number[] = [];
const times: number[] = [];
let tokens = 0;
for (let number = 0; number < Number(steps); number++) {
  const start = performance.now();
  const rows = scope(() => batches.select(0, number % (batches.shape[0] ?? 1)).tolist() as number[][]); // B T+1
  const length = rows[0]!.length - 1;
  const ids = (from: number) => Int32Array.from(rows.flatMap((row) => row.slice(from, from + length)));
  const { loss } = await step.run({ inputs: ids(0), targets: ids(1), shape: [rows.length, length] });
  losses.push(loss);
  tokens = rows.length * length;
  times.push((performance.now() - start) / 1000);
}
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const sorted = times.slice(Number(warmup)).sort((a, b) => a - b);
console.log(
  JSON.stringify({
    tokens,
    seconds: sorted[sorted.length >> 1],
    bestSeconds: sorted[0],
    cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
    maxRssBytes: maxRSS * 1024,
    lastLoss: losses.at(-1),
  }),
);
