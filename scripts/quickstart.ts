/** From text on this machine to a model that writes: the whole way on one page. */
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
  generate,
  isPalabraError,
  manualSeed,
  saveModel,
  textFiles,
  trainingStep,
  unigramEntropy,
  windows,
  withBatch,
} from 'palabra';

const { values: options } = parseArgs({
  options: {
    // The declarations for browsers and for workers are near copies; only the first are read.
    data: { type: 'string', default: 'node_modules/typescript/lib/lib.{d,e}*.d.ts' },
    steps: { type: 'string', default: '1000' },
    out: { type: 'string', default: 'runs/quickstart' },
    prompt: { type: 'string', default: 'interface ' },
  },
});
const stop = new AbortController();
const { signal } = stop;
process.once('SIGINT', () => stop.abort());

async function main(steps: number): Promise<void> {
  // 1. Text to tokens: one a character, the last tenth held out.
  const text = textFiles(options.data);
  const tokenizer = await CharTokenizer.train(text);
  const { train, validation } = await windows(text, { tokenizer, length: 128, split: { validation: 0.1 } });
  const heldOut = validation!.tokens;
  console.log(`${text.paths.length} files, ${formatCount(train.tokens.length)} characters of ${tokenizer.size} kinds`);

  // 2. A model and what trains it.
  manualSeed(1);
  const model = new Gpt({ vocabSize: tokenizer.size, contextLength: 128, width: 128, layers: 4, heads: 4 });
  const optimizer = new AdamW(decayGroups(model.namedParameters(), 0.1), { betas: [0.9, 0.99] });
  const schedule = cosineSchedule({ learningRate: 2e-3, minimum: 2e-4, warmup: Math.ceil(steps / 20), steps });
  const step = trainingStep({ model, optimizer, clipNorm: 1 });
  console.log(`a GPT of ${formatCount(model.parameterCount())} parameters`);

  // 3. Training: each step is one recorded program.
  const progress = new Progress({ total: steps, label: 'train' });
  const batches = train.batches({ batchSize: 16, order: 'random', seed: 1 });
  for (let index = 0; index < steps; index++) {
    const rows = batches.next().value!;
    optimizer.learningRate = schedule(index);
    const { loss } = await withBatch(rows, (inputs, targets) => step.run(inputs, targets, { signal }));
    progress.update(index + 1, { loss, tokens: (index + 1) * rows.inputs.length });
  }
  progress.finish();

  // 4. Evaluation on the held-out tenth, beside the best guess that ignores the context.
  const { loss, perplexity } = await evaluate(model, heldOut, { signal });
  const unigram = unigramEntropy(heldOut);
  console.log(`validation loss ${loss.toFixed(3)} nats a character, perplexity ${perplexity.toFixed(2)}`);
  console.log(`unigram baseline ${unigram.toFixed(3)}: better by ${(unigram - loss).toFixed(3)}`);

  // 5. A folder to keep, and a continuation.
  await saveModel(options.out, model, { tokenizer, generation: { temperature: 0.8, topP: 0.95 }, replace: true });
  console.log(`saved in ${options.out}\n`);
  process.stdout.write(options.prompt);
  const settings = { temperature: 0.8, topP: 0.95, maxTokens: 300, seed: 1, signal };
  for await (const { text: piece } of generate(model, tokenizer, options.prompt, settings)) process.stdout.write(piece);
  console.log();
}

await main(Number(options.steps)).catch((error: unknown) => {
  if (!isPalabraError(error)) throw error;
  const stopped = error.code === 'PAL_ABORTED';
  console.error(stopped ? '\nstopped' : error.message);
  process.exitCode = stopped ? 130 : 1;
});
