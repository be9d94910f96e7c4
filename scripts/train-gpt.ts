/**
 * The small character recipe on any text: 4 layers of width 128, windows of 64, batches of 12, 2,000 steps.
 *
 *   npm exec tsx scripts/train-gpt.ts -- --data input.txt --out runs/shakespeare
 */
import { parseArgs } from 'node:util';
import {
  AdamW,
  CharTokenizer,
  Gpt,
  Progress,
  cosineSchedule,
  decayGroups,
  evaluate,
  formatCount,
  isPalabraError,
  manualSeed,
  saveModel,
  textFiles,
  trainingStep,
  windows,
  withBatch,
} from 'palabra';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    steps: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1337' },
    out: { type: 'string', default: 'runs/train-gpt' },
  },
});
const stop = new AbortController();
const { signal } = stop;
process.once('SIGINT', () => stop.abort());

async function main(data: string, steps: number, seed: number): Promise<void> {
  const text = textFiles(data);
  const tokenizer = await CharTokenizer.train(text);
  const { train, validation } = await windows(text, { tokenizer, length: 64, split: { validation: 0.1 } });
  console.log(`${formatCount(train.tokens.length)} characters of ${tokenizer.size} kinds`);

  manualSeed(seed);
  const model = new Gpt({
    vocabSize: tokenizer.size,
    contextLength: 64,
    width: 128,
    layers: 4,
    heads: 4,
    positions: { type: 'learned' },
    norm: { type: 'layer' },
    mlp: { type: 'gelu' },
  });
  const optimizer = new AdamW(decayGroups(model.namedParameters(), 0.1), { betas: [0.9, 0.99] });
  const schedule = cosineSchedule({ learningRate: 1e-3, minimum: 1e-4, warmup: Math.min(100, steps - 1), steps });
  const step = trainingStep({ model, optimizer, clipNorm: 1 });
  console.log(String(model));

  const progress = new Progress({ total: steps, label: 'train' });
  const batches = train.batches({ batchSize: 12, order: 'random', seed });
  for (let index = 0; index < steps; index++) {
    const rows = batches.next().value!;
    optimizer.learningRate = schedule(index);
    const { loss } = await withBatch(rows, (inputs, targets) => step.run(inputs, targets, { signal }));
    progress.update(index + 1, { loss, tokens: (index + 1) * rows.inputs.length });
  }
  progress.finish();

  const { loss, tokens } = await evaluate(model, validation!.tokens, { signal });
  console.log(`validation loss ${loss.toFixed(4)} nats a character over ${tokens} characters`);
  await saveModel(options.out, model, { tokenizer, replace: true });
  console.log(`saved in ${options.out}`);
}

if (options.data === undefined) {
  console.error('usage: tsx scripts/train-gpt.ts --data GLOB [--steps N] [--seed N] [--out FOLDER]');
  process.exit(2);
}
await main(options.data, Number(options.steps), Number(options.seed)).catch((error: unknown) => {
  if (!isPalabraError(error)) throw error;
  const stopped = error.code === 'PAL_ABORTED';
  console.error(stopped ? '\nstopped' : error.message);
  process.exitCode = stopped ? 130 : 1;
});
