import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import type { TokenBatch } from '../../../lib/data/index.js';
import { generateRecord, measureComplexity, parseFormula } from '../../../lib/logic/index.js';
import type { LogicRecord } from '../../../lib/logic/index.js';
import { gptPresets } from '../../../lib/models/index.js';
import type { Gpt } from '../../../lib/models/index.js';
import { BatchTensors, buildContext } from '../../../lib/step/index.js';
import {
  InstructionDataset,
  LogicVocabulary,
  encodeLogicRecord,
  trainLogicTokenizer,
} from '../../../lib/tasks/index.js';
import type { EncodedInstruction } from '../../../lib/tasks/index.js';
import { encodeContrast } from '../../../lib/tasks/logic/objective/encode-contrast.js';
import { FormalizerGpt } from '../../../lib/tasks/logic/objective/formalizer-gpt.js';
import type { FormalizerTerms } from '../../../lib/tasks/logic/objective/formalizer-gpt.js';
import { logSoftmax, manualSeed, noGrad, scope, tensor } from '../../../lib/tensor/index.js';

const records: LogicRecord[] = Array.from({ length: 6 }, (_, index) => generateRecord(index, { seed: 4 }));
let vocabulary: LogicVocabulary;
let made: Gpt[] = [];
beforeAll(async () => {
  vocabulary = new LogicVocabulary(await trainLogicTokenizer(records, { vocabSize: 300 }));
});
afterEach(() => {
  for (const model of made) model.dispose();
  made = [];
});

function createModel(terms: Omit<FormalizerTerms, 'targetsAnExample'>): FormalizerGpt {
  manualSeed(2);
  const options = { ...gptPresets['nanologic-xs'], layers: 1, vocabSize: 320, dropout: 0, stochasticDepth: 0 } as const;
  const model = new FormalizerGpt({ ...options, initEmbeddingStd: 0.3 }, { ...terms, targetsAnExample: 7 });
  made.push(model);
  return model;
}

function createBatch(examples: readonly EncodedInstruction[], batchSize = 2): TokenBatch {
  const dataset = new InstructionDataset(examples, { length: 700 });
  return dataset.batches({ batchSize, order: 'sequential' }).next().value!;
}

const contrasted = (): EncodedInstruction[] =>
  records.map((record, place) => encodeContrast(record, vocabulary, new Random(place)));

/** The terms of the loss that a model reports, as numbers. */
function measure(model: Gpt, batch: TokenBatch, training = true): Record<string, number> {
  using tensors = new BatchTensors(batch, 'cpu');
  return scope(() =>
    noGrad(() => {
      const context = buildContext(tensors.list, batch, training);
      const { lossSum, auxiliary = {} } = model.loss(tensors.inputs, tensors.targets, context);
      return Object.fromEntries(
        Object.entries({ lossSum, ...auxiliary }).map(([name, one]) => [name, one.item<number>()]),
      );
    }),
  );
}

/** log P of every token at every place of a sequence by itself. */
function predict(model: Gpt, ids: Uint32Array): number[][] {
  return scope(() =>
    noGrad(() => {
      const row = tensor([Array.from(ids)], { dtype: 'int64' });
      return logSoftmax(model.forward(row, { training: false }), -1).tolist() as number[][][];
    }),
  )[0]!;
}

describe('rows', () => {
  test('say what each target is, and keep a wrong formula apart from the right one', () => {
    const [record] = records as [LogicRecord];
    const one = encodeContrast(record, vocabulary, new Random(1));
    const batch = createBatch([one], 1);
    const first = encodeLogicRecord(record, vocabulary);
    const size = first.ids.length;
    expect(Array.from(batch.documents!.subarray(0, size + 1))).toEqual([...Array<number>(size).fill(0), 1]);
    expect(batch.positions![size]).toBe(0);
    const { start, end } = first.sections.formula!;
    expect(Array.from(batch.labels!.subarray(start, end - 1))).toEqual(Array<number>(end - start - 1).fill(2));
    const counted = batch.targets.reduce((count, target) => count + (target === -100 ? 0 : 1), 0);
    expect(counted).toBe(size - first.answers[0].start);
    expect(batch.labels!.subarray(size, one.ids.length - 1).includes(3)).toBe(true);
    expect(Array.from(batch.inputs.subarray(0, one.ids.length - 1))).toEqual(Array.from(one.ids.subarray(0, -1)));
  });
});

describe('selective smoothing', () => {
  test('is that of words alone, over tokens that can be written', () => {
    const ids = Array.from({ length: 300 }, (_, id) => id).filter((id) => ![0, 1, 3].includes(id));
    const model = createModel({ smoothing: { epsilon: 0.1, ids } });
    const encoded = records.slice(0, 2).map((record) => encodeLogicRecord(record, vocabulary, { mode: 'full' }));
    let expected = 0;
    for (const { ids: tokens, labels } of encoded) {
      const likelihoods = predict(model, tokens);
      for (let place = 1; place < tokens.length; place++) {
        if (labels[place] !== 1) continue;
        const row = likelihoods[place - 1]!;
        const mean = ids.reduce((sum, id) => sum + row[id]!, 0) / ids.length;
        expected += 0.1 * (row[tokens[place]!]! - mean);
      }
    }
    const found = measure(model, createBatch(encoded));
    expect(found.smoothing).toBeCloseTo(expected, 2);
    expect(Math.abs(expected)).toBeGreaterThan(1);
  });
});

describe('the contrast', () => {
  test('is the hinge of mean log-probabilities of right and wrong formulas', () => {
    const model = createModel({ contrast: 0.1 });
    const pairs = contrasted();
    let expected = 0;
    for (const { ids, labels, breaks } of pairs) {
      const middle = breaks![0]!;
      const [right, wrong] = [
        [ids.subarray(0, middle), labels!.subarray(0, middle), 2],
        [ids.subarray(middle), labels!.subarray(middle), 3],
      ].map(([tokens, kinds, label]) =>
        meanLikelihood(model, tokens as Uint32Array, kinds as Uint16Array, label as number),
      );
      expected += Math.max(0, 0.5 - (right! - wrong!));
    }
    expect(expected).toBeGreaterThan(0.1);
    expect(measure(model, createBatch(pairs, 9)).contrast).toBeCloseTo(0.7 * expected, 3);
  });

  test('is nothing where no formula is wrong', () => {
    const model = createModel({ contrast: 0.1 });
    expect(measure(model, createBatch(records.map((record) => encodeLogicRecord(record, vocabulary)))).contrast).toBe(
      0,
    );
  });

  function meanLikelihood(model: Gpt, ids: Uint32Array, labels: Uint16Array, label: number): number {
    const likelihoods = predict(model, ids);
    const places = Array.from(labels.keys()).filter((place) => labels[place] === label);
    return places.reduce((sum, place) => sum + likelihoods[place - 1]![ids[place]!]!, 0) / places.length;
  }
});

describe('auxiliary heads', () => {
  test('tell connective, atoms and level where the answer begins', () => {
    const model = createModel({ heads: 0.05 });
    const { root, atoms, complexity } = model.auxiliary!;
    // Heads that know nothing but one answer: each example that has it costs about nothing.
    const expectShares = (name: string, head: { weight: unknown; bias: unknown }, classes: readonly number[]) => {
      const biases = head.bias as { copy_(value: unknown): void };
      scope(() =>
        noGrad(() => biases.copy_(tensor(Array.from({ length: classes.length }, (_, i) => (i === 0 ? 1000 : 0))))),
      );
      const others = records.length - classes[0]!;
      const found = measure(
        model,
        createBatch(
          records.map((record) => encodeLogicRecord(record, vocabulary)),
          9,
        ),
      )[name]!;
      expect(found / (0.05 * 7 * 1000)).toBeCloseTo(others, 1);
    };
    const sizes = records.map(({ formula }) => measureComplexity(parseFormula(formula)));
    const count = (holds: (one: (typeof sizes)[number]) => boolean): number => sizes.filter(holds).length;
    expectShares('root', root, [count(({ root: kind }) => kind === 'atom'), 0, 0, 0, 0, 0]);
    expectShares('atoms', atoms, [count(({ atoms: n }) => n === 1), 0, 0, 0, 0, 0, 0, 0]);
    expectShares('complexity', complexity, [count(({ level }) => level === 'simple'), 0, 0]);
  });
});

test('evaluations and the loss itself know nothing of the terms, and no head is stored', () => {
  const terms = { heads: 0.05, contrast: 0.1, smoothing: { epsilon: 0.1, ids: [5, 6] } };
  const [model, plain] = [createModel(terms), createModel({})];
  plain.loadStateDict(model.stateDict());
  const batch = createBatch(contrasted());
  expect(measure(model, batch, false)).toEqual({ lossSum: measure(plain, batch, false).lossSum });
  expect(measure(model, batch).lossSum).toBe(measure(plain, batch).lossSum);
  expect(Object.keys(measure(plain, batch))).toEqual(['lossSum']);
  expect(Object.keys(model.stateDict())).toEqual(Object.keys(plain.stateDict()));
  expect(Object.keys(model.namedParameters()).some((name) => name.startsWith('auxiliary.'))).toBe(true);
});
