import { describe, expect, test } from '@jest/globals';
import { WindowDataset } from '../../lib/data/index.js';
import { evaluate, evaluateDataset } from '../../lib/evaluation/index.js';
import { Gpt } from '../../lib/models/index.js';
import { AdamW } from '../../lib/optim/index.js';
import { TrainStep, expectTokenIds } from '../../lib/step/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import { Trainer } from '../../lib/training/index.js';
import { batchOfRows } from '../helpers/batches.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const newModel = (): Gpt => {
  manualSeed(1);
  return new Gpt({ vocabSize: 11, contextLength: 8, width: 8, layers: 1, heads: 2 });
};
/** Windows of 8 whose id at one place has no row in the model. */
const dataWith = (place: number) =>
  new WindowDataset(
    Uint16Array.from({ length: 97 }, (_, index) => (index === place ? 70 : index % 11)),
    { length: 8 },
  );
const good = () => dataWith(-1);

describe('an id that the model has no row for is named by row, example and split', () => {
  test('among the training data', async () => {
    const data = { train: dataWith(43), validation: good() };
    const trainer = new Trainer({ model: newModel(), data, steps: 20, batchSize: 3 });
    await expect(trainer.run()).rejects.toMatchObject({
      code: 'PAL_DATA',
      message: expect.stringMatching(/70 among the \w+ in row \d, place \d, example 5 of the training data/),
      details: { id: 70, example: 5, split: 'training data', vocabSize: 11 },
    });
  });

  test('among the validation data, by the name of the set', async () => {
    const run = (validation: ConstructorParameters<typeof Trainer>[0]['data']['validation']) =>
      new Trainer({ model: newModel(), data: { train: good(), validation }, steps: 2, batchSize: 3 }).run();
    await expect(run(dataWith(43))).rejects.toThrow('row 2, place 3, example 5 of the validation data');
    await expect(run({ books: good(), web: dataWith(43) })).rejects.toThrow('of the validation data web');
  });

  test('in a step alone, in evaluations, and in what was passed to neither', async () => {
    const model = newModel();
    const optimizer = new AdamW([{ parameters: model.namedParameters() }]);
    using step = new TrainStep({ model, optimizer });
    const targets = batchOfRows([[1, 2]], [[2, 11]]);
    await expect(step.run(targets)).rejects.toThrow('11 among the targets in row 0, place 1 of the training data');
    await expect(step.run(batchOfRows([[1, -100]], [[2, -100]]))).rejects.toThrow('-100 among the inputs');
    await expect(step.run(batchOfRows([[1, 10]], [[10, -100]]))).resolves.toMatchObject({ tokens: 1 });
    await expect(evaluateDataset(model, dataWith(43))).rejects.toThrow('example 5 of the evaluated data');
    await expect(evaluate(model, Uint16Array.from([1, 2, 99, 3]))).rejects.toThrow('99 among the inputs');
    const packed = { ...batchOfRows([[1, 99]], [[2, 3]]), examples: [4, 5] };
    expect(() => expectTokenIds('here', model, packed, 'test data')).toThrow(
      'one of the examples 4, 5 of the test data',
    );
  });
});
