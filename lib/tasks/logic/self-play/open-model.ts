import { raise } from '../../../core/index.js';
import { Gpt, loadModel } from '../../../models/index.js';
import type { Tokenizer } from '../../../text/index.js';

/** A model and its tokenizer. */
export interface OpenedModel {
  model: Gpt;
  tokenizer: Tokenizer;
}

/**
 * Opens a model that learns further.
 *
 * @param folder - of the model
 * @returns the model, to be disposed of, and its tokenizer
 * @throws ConfigError for a model without a tokenizer, and for one that is no Gpt; the errors of `loadModel`
 */
export async function openPlayer(folder: string): Promise<OpenedModel> {
  const { model, tokenizer } = await loadModel(folder);
  if (model instanceof Gpt && tokenizer !== undefined) return { model, tokenizer };
  model.dispose();
  return raise('PAL_CONFIG', {
    where: 'runSelfPlay',
    expected: `a Gpt with its tokenizer in ${folder}`,
    received: tokenizer === undefined ? 'a model without a tokenizer' : 'another model',
    fix: 'Train it with trainLogic or trainDetective.',
  });
}
