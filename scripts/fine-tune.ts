/**
 * Goes on from a model with other text: a learning rate is looked for, the token vectors stay as they are, norms move
 * slowly, and histograms of weights and gradients go to TensorBoard; with MLFLOW_TRACKING_URI the run is recorded by MLflow.
 *
 *   npm exec tsx scripts/fine-tune.ts -- --from models/first --data notes.txt --out runs/notes
 */
import { parseArgs } from 'node:util';
import { TensorBoard, Trainer, isPalabraError, loadModel, textFiles, windows } from 'palabra';
import { Histograms, MLflow, findRate } from 'palabra/training';

const { values: options } = parseArgs({
  options: {
    from: { type: 'string' },
    data: { type: 'string' },
    steps: { type: 'string', default: '200' },
    out: { type: 'string', default: 'runs/fine-tune' },
  },
});

async function main(from: string, files: string, steps: number): Promise<void> {
  const { model, tokenizer } = await loadModel(from);
  const length = Math.min(model.config.contextLength ?? 64, 64);
  const data = await windows(textFiles(files), { tokenizer: tokenizer!, length, split: { validation: 0.1 } });
  const parts = { freeze: ['embedding'], parameterGroups: [{ match: '*Norm', learningRateScale: 0.1 }] };

  const { suggestion } = await findRate({ model, data, steps, ...parts }, { steps: 40 });
  console.log(`suggested rate ${suggestion?.toExponential(1) ?? 'none'}`);

  const tracked = process.env.MLFLOW_TRACKING_URI === undefined ? [] : [new MLflow()];
  const callbacks = [new TensorBoard(), new Histograms(), ...tracked];
  const trainer = new Trainer({ model, tokenizer, data, steps, ...parts, callbacks, runDirectory: options.out });
  const { best } = await trainer.run();
  console.log(`validation loss ${best!.loss.toFixed(4)} nats a token after step ${best!.step}`);
}

if (options.from === undefined || options.data === undefined) {
  console.error('usage: tsx scripts/fine-tune.ts --from MODEL --data GLOB [--steps N] [--out FOLDER]');
  process.exit(2);
}
await main(options.from, options.data, Number(options.steps)).catch((error: unknown) => {
  if (!isPalabraError(error)) throw error;
  console.error(error.message);
  process.exitCode = 1;
});
