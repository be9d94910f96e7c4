import { describe, expect, test } from '@jest/globals';
import { generateRecord } from '../../../lib/logic/index.js';
import { Gpt, gptPresets } from '../../../lib/models/index.js';
import { manualSeed, scope, tensor } from '../../../lib/tensor/index.js';
import {
  InstructionDataset,
  LogicVocabulary,
  encodeLogicRecord,
  trainLogicTokenizer,
} from '../../../lib/tasks/index.js';
import { overfitOneBatch } from '../../../lib/training/index.js';

/** The sum of the losses of a data set, and of their gradients, parameter by parameter. */
function measure(model: Gpt, data: InstructionDataset): { loss: number; gradients: Float64Array[] } {
  for (const parameter of model.parameters()) parameter.grad = undefined;
  let loss = 0;
  for (const batch of data.batches({ batchSize: 8, order: 'sequential' }))
    scope(() => {
      const like = (values: Int32Array) => tensor(values, { shape: [...batch.shape], dtype: 'int64' });
      const context = { training: false, documents: like(batch.documents!), positions: like(batch.positions!) };
      const { lossSum } = model.loss(like(batch.inputs), like(batch.targets), context);
      lossSum.backward();
      loss += lossSum.item();
    });
  const gradients = model.parameters().map(({ grad }) => Float64Array.from(grad!.data() as Float32Array));
  return { loss, gradients };
}

describe('of the acceptance list', () => {
  test('4: packed rows have the loss and the gradients of documents alone, padding and one of two tokens among them', () => {
    manualSeed(4);
    using model = new Gpt({ ...gptPresets['nanologic-xs'], layers: 2, vocabSize: 64, dropout: 0 });
    const examples = [
      [5, 6, 7, 8, 9],
      [10, 11],
      [12, 13, 14],
    ].map((ids) => {
      return { ids: Uint32Array.from(ids), answers: [{ start: 1, end: ids.length }] };
    });
    const alone = examples.map((one) => measure(model, new InstructionDataset([one], { length: 12 })));
    const packed = new InstructionDataset(examples, { length: 12 });
    expect(packed.size).toBe(1);
    const { loss, gradients } = measure(model, packed);
    expect(Math.abs(loss / alone.reduce((sum, one) => sum + one.loss, 0) - 1)).toBeLessThan(1e-5);
    for (const [place, gradient] of gradients.entries()) {
      const sums = gradient.map((_, i) => alone.reduce((sum, one) => sum + one.gradients[place]![i]!, 0));
      const largest = Math.max(1e-3, ...sums.map(Math.abs));
      expect(Math.max(...gradient.map((value, i) => Math.abs(value - sums[i]!))) / largest).toBeLessThan(1e-4);
    }
  });

  test('8: 32 sentences are learned by heart, below 0.02 nats, in 300 steps', async () => {
    const records = Array.from({ length: 32 }, (_, index) => generateRecord(index, { seed: 19, noise: 0 }));
    const vocabulary = new LogicVocabulary(await trainLogicTokenizer(records, { vocabSize: 512 }));
    const encoded = records.map((record) => encodeLogicRecord(record, vocabulary, { mode: 'formulaOnly' }));
    const data = new InstructionDataset(encoded, { length: 192, paddingToken: vocabulary.pad });
    manualSeed(8);
    using model = new Gpt({ ...gptPresets['nanologic-xs'], vocabSize: vocabulary.tokenizer.size });
    const batch = data.batches({ batchSize: data.size, order: 'sequential' }).next().value!;
    const { loss, steps } = await overfitOneBatch(model, batch, { steps: 300, target: 0.02 });
    expect(loss).toBeLessThan(0.02);
    expect(steps).toBeLessThanOrEqual(300);
  });
});
