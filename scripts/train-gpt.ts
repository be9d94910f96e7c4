/**
 * A character model of any text, all by default: 4 layers of width 128, batches of 32 windows of 64, Muon. In 130 steps
 * it is where the usual recipe of AdamW is after 2,000 batches of 12.
 *
 *   npm exec tsx scripts/train-gpt.ts -- --data input.txt --out runs/shakespeare
 */
import { parseArgs } from 'node:util';
import { CharTokenizer, Gpt, Progress, Trainer, formatCount, watchSignals } from 'palabra';
import { isPalabraError, manualSeed, saveModel, textFiles, windows } from 'palabra';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    steps: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1337' },
    out: { type: 'string', default: 'runs/train-gpt' },
  },
});

async function main(files: string, steps: number, seed: number): Promise<void> {
  const text = textFiles(files);
  const tokenizer = await CharTokenizer.train(text);
  const data = await windows(text, { tokenizer, length: 64, split: { validation: 0.1 } });
  console.log(`${formatCount(data.train.tokens.length)} characters of ${tokenizer.size} kinds`);

  manualSeed(seed);
  const model = new Gpt({ vocabSize: tokenizer.size, contextLength: 64 });
  console.log(String(model));

  const trainer = new Trainer({ model, data, steps, seed, evaluateEvery: steps });
  using interrupted = watchSignals(trainer);
  const progress = new Progress({ total: steps, label: 'train' });
  for await (const { index, loss, totalTokens: tokens } of trainer.steps()) progress.update(index, { loss, tokens });
  progress.finish();
  if (interrupted.exitCode !== undefined) {
    console.error('\nstopped');
    process.exitCode = interrupted.exitCode;
    return;
  }
  const { loss, tokens } = trainer.best!;
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
  console.error(error.message);
  process.exitCode = 1;
});
