import { raise } from '../core/index.js';
import type { TokenBatch } from '../data/index.js';
import { isLanguageModel } from '../models/interface/index.js';
import { IGNORED_TARGET } from '../nn/index.js';
import type { Module } from '../nn/index.js';

/**
 * Requires that a model has a row for each id of a batch; of a module that is no language model nothing is known.
 * @param where - named in the error
 * @param model - its `vocabSize` is read
 * @param batch - inputs and targets, `[B, T]`
 * @param split - names the data in the error, as `training data`
 * @throws DataError naming the id, its row and place, the example and the split
 */
export function expectTokenIds(where: string, model: Module, batch: TokenBatch, split: string): void {
  if (!isLanguageModel(model)) return;
  const { vocabSize } = model.config;
  for (const kind of ['inputs', 'targets'] as const) {
    const place = findOutside(batch[kind], vocabSize, kind === 'targets');
    if (place >= 0) refuse(where, { batch, kind, place, vocabSize, split });
  }
}

/** The place of the first id that has no row; −1 where there is none. */
function findOutside(ids: Int32Array, vocabSize: number, areTargets: boolean): number {
  for (let place = 0; place < ids.length; place++) {
    const id = ids[place]!;
    if ((id < 0 || id >= vocabSize) && !(areTargets && id === IGNORED_TARGET)) return place;
  }
  return -1;
}

interface Outside {
  batch: TokenBatch;
  kind: 'inputs' | 'targets';
  place: number;
  vocabSize: number;
  split: string;
}

function refuse(where: string, { batch, kind, place, vocabSize, split }: Outside): never {
  const [rows, time] = batch.shape;
  const [row, column] = [Math.floor(place / time), place % time];
  const { examples = [] } = batch;
  const example = examples.length === rows ? examples[row] : undefined;
  const named = example === undefined ? listExamples(examples) : `, example ${example}`;
  raise('PAL_DATA', {
    where,
    expected: `token ids from 0 to ${vocabSize - 1}, the rows of the model`,
    received: `${batch[kind][place]} among the ${kind} in row ${row}, place ${column}${named} of the ${split}`,
    fix: 'Encode the data with the tokenizer of the model, or build the model with its vocabSize.',
    details: { id: batch[kind][place], kind, row, place: column, example, split, vocabSize },
  });
}

function listExamples(examples: readonly number[]): string {
  if (examples.length === 0) return '';
  return `, one of the examples ${examples.slice(0, 8).join(', ')}${examples.length > 8 ? ', …' : ''}`;
}
