/** From text on this machine to a model that writes: the whole way on one page. */
import { parseArgs } from 'node:util';
import { CharTokenizer, Gpt, Progress, Trainer, formatCount, generate, watchSignals } from 'palabra';
import { isPalabraError, manualSeed, saveModel, textFiles, computeUnigramEntropy, windows } from 'palabra';

const { values: options } = parseArgs({
  options: {
    // The declarations for browsers and for workers are near copies; only the first are read.
    data: { type: 'string', default: 'node_modules/typescript/lib/lib.{d,e}*.d.ts' },
    steps: { type: 'string', default: '500' },
    out: { type: 'string', default: 'runs/quickstart' },
    prompt: { type: 'string', default: 'interface ' },
  },
});

async function main(steps: number): Promise<number> {
  // 1. Text to tokens: one a character, the last tenth held out.
  const text = textFiles(options.data);
  const tokenizer = await CharTokenizer.train(text);
  const data = await windows(text, { tokenizer, length: 128, split: { validation: 0.1 } });
  console.log(
    `${text.paths.length} files, ${formatCount(data.train.tokens.length)} characters of ${tokenizer.size} kinds`,
  );

  // 2. A model and what trains it.
  manualSeed(1);
  const model = new Gpt({ vocabSize: tokenizer.size, contextLength: 128 });
  const trainer = new Trainer({ model, data, steps, batchSize: 16, seed: 1, evaluateEvery: steps });
  console.log(`a GPT of ${formatCount(model.parameterCount())} parameters`);

  // 3. Training: each step is one recorded program. Ctrl-C ends it after the step under way.
  using interrupted = watchSignals(trainer);
  const progress = new Progress({ total: steps, label: 'train' });
  for await (const { index, loss, totalTokens: tokens } of trainer.steps()) progress.update(index, { loss, tokens });
  progress.finish();
  if (interrupted.exitCode !== undefined) return interrupted.exitCode;
  interrupted.dispose();

  // 4. What the evaluation of the held-out tenth found, beside the best guess that ignores the context.
  const { loss, perplexity } = trainer.best!;
  const unigram = computeUnigramEntropy(data.validation!.tokens);
  console.log(`validation loss ${loss.toFixed(3)} nats a character, perplexity ${perplexity.toFixed(2)}`);
  console.log(`unigram baseline ${unigram.toFixed(3)}: better by ${(unigram - loss).toFixed(3)}`);

  // 5. A folder to keep, and a continuation.
  await saveModel(options.out, model, { tokenizer, generation: { temperature: 0.8, topP: 0.95 }, replace: true });
  process.stdout.write(`saved in ${options.out}\n\n${options.prompt}`);
  const settings = { temperature: 0.8, topP: 0.95, maxTokens: 300, seed: 1 };
  for await (const { text: piece } of generate(model, tokenizer, options.prompt, settings)) process.stdout.write(piece);
  console.log();
  return 0;
}

process.exitCode = await main(Number(options.steps)).catch((error: unknown) => {
  if (!isPalabraError(error)) throw error;
  console.error(error.message);
  return 1;
});
if (process.exitCode > 1) console.error('\nstopped');
