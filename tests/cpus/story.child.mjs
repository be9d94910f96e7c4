/** A small model (`gpt` or `lstm`) learns three steps, is judged, writes and is saved; prints what came out as JSON. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as palabra from '../../dist/index.js';

const text = 'the sun climbs, the bird sings, the river runs down to the sea. '.repeat(20);
const folder = mkdtempSync(join(tmpdir(), 'palabra-cpus-'));

/** The losses of three steps, and the loss on the validation part after them. */
async function learn(model, options) {
  const losses = [];
  const trainer = new palabra.Trainer({ model, tokenizer, data, steps: 3, batchSize: 4, evaluateEvery: 3, ...options });
  for await (const { loss, validation } of trainer.steps()) losses.push(loss, ...(validation ? [validation.loss] : []));
  return losses;
}

/** What the model makes of a prompt. */
async function write(model) {
  const pieces = [];
  const options = { maxTokens: 6, temperature: 0 };
  for await (const piece of palabra.generate(model, tokenizer, 'the bird', options)) pieces.push(piece.text);
  return pieces.join('');
}

/** Trains, evaluates, generates, saves and loads one model. */
async function tell(model) {
  const losses = await learn(model, {});
  const written = await write(model);
  await palabra.saveModel(join(folder, model.kind), model, { tokenizer });
  const { model: loaded } = await palabra.loadModel(join(folder, model.kind));
  return { losses, written, again: await write(loaded) };
}

palabra.setThreads(1);
palabra.manualSeed(1);
const tokenizer = await palabra.CharTokenizer.train(text);
const data = await palabra.windows(text, { tokenizer, length: 16, split: { validation: 0.1 } });
const vocabSize = tokenizer.size;
const models = {
  // Wide enough that its products take the fast paths.
  gpt: () => new palabra.Gpt({ vocabSize, contextLength: 32, width: 64, layers: 2, heads: 2 }),
  lstm: () => new palabra.LstmLanguageModel({ vocabSize, embeddingDim: 32, width: 32, layers: 1 }),
};
const model = models[process.argv[2]]();
const story = await tell(model);
// Without instructions for bfloat16 the layers of an LSTM pass in float32.
if (model.kind === 'lstm') story.short = await learn(model, { precision: 'bfloat16' });
rmSync(folder, { recursive: true });
console.log(JSON.stringify(story));
