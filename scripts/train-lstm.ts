/**
 * The LSTM text generator: the 10,000 most frequent words, windows of 100 that overlap by half, two layers of 256.
 *
 *   npm exec tsx scripts/train-lstm.ts -- --data 'corpus/*.txt' --run runs/lstm
 */
import { parseArgs } from 'node:util';
import { Diagnostics, LstmLanguageModel, Progress, TensorBoard, Trainer, WordTokenizer, lstmPresets } from 'palabra';
import { computeDatasetStatistics, generate, watchSignals, isPalabraError, manualSeed, textFiles } from 'palabra';
import { trainerPresets, windows } from 'palabra';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    epochs: { type: 'string', default: '10' },
    run: { type: 'string', default: 'runs/lstm' },
    prompt: { type: 'string', default: 'The' },
  },
});

async function main(files: string, epochs: number): Promise<void> {
  // 1. Words to ids; a tenth each held out for validation and test before any window is cut.
  const text = textFiles(files);
  const tokenizer = await WordTokenizer.train(text, { words: 10_000 });
  const split = { validation: 0.1, test: 0.1 };
  const data = await windows(text, { tokenizer, length: 100, stride: 50, split });

  // 2. The model, beside the size of its text.
  manualSeed(1);
  const model = new LstmLanguageModel({ vocabSize: tokenizer.size, ...lstmPresets.standard });
  console.log(String(model), computeDatasetStatistics(data.train, model.parameterCount()));

  // 3. Training: plateaus halve the rate, and three evaluations without progress end it.
  const recipe = { ...trainerPresets.lstm, epochs };
  const callbacks = [new TensorBoard(), new Diagnostics()];
  const trainer = new Trainer({ model, tokenizer, data, ...recipe, callbacks, runDirectory: options.run });
  using interrupted = watchSignals(trainer);
  const progress = new Progress({ total: trainer.totalSteps!, label: 'train' });
  for await (const { index, loss, totalTokens: tokens, validation } of trainer.steps()) {
    progress.update(index, { loss, tokens });
    if (validation) progress.message(`step ${index}: validation perplexity ${validation.perplexity.toFixed(1)}`);
  }
  progress.finish();
  if (interrupted.exitCode !== undefined) return void (process.exitCode = interrupted.exitCode);

  // 4. What it writes.
  process.stdout.write(options.prompt);
  const settings = { temperature: 0.8, topP: 0.9, maxTokens: 80, seed: 1 };
  for await (const { text: piece } of generate(model, tokenizer, options.prompt, settings)) process.stdout.write(piece);
  console.log(`\nthe run is in ${options.run}; see also: palabra diagnose ${options.run}`);
}

if (options.data === undefined)
  throw new Error('usage: tsx scripts/train-lstm.ts --data GLOB [--epochs N] [--run FOLDER]');
await main(options.data, Number(options.epochs)).catch((error: unknown) => {
  if (!isPalabraError(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
