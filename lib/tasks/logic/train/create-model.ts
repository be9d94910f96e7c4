import { Gpt, gptPresets } from '../../../models/index.js';
import type { GptOptions } from '../../../models/index.js';
import { manualSeed } from '../../../tensor/index.js';
import { FormalizerGpt } from '../objective/formalizer-gpt.js';
import type { LogicVocabulary } from '../sequence/vocabulary.js';
import type { LogicSettings } from './options.js';
import type { PreparedLogic } from './prepare-data.js';
import { isSelective, needsLabels } from './loss-terms.js';

/** The model's embeddings come in multiples of it. */
const ROUND = 64;

/**
 * Makes the model that is trained, with random weights.
 *
 * @param prepared - vocabulary and data
 * @param settings - its size, the seed and the terms of the loss
 * @returns a Gpt; one whose loss has further terms where any are asked for
 */
export function createLogicModel(prepared: PreparedLogic, settings: LogicSettings): Gpt {
  const { preset, seed, dropout, stochasticDepth: probability } = settings;
  const { vocabulary, train, drawn } = prepared;
  const vocabSize = Math.ceil(vocabulary.tokenizer.size / ROUND) * ROUND;
  const options: GptOptions = {
    ...gptPresets[preset],
    ...{ vocabSize, dropout, stochasticDepth: { probability, ramp: 'fromZero' } },
  };
  manualSeed(seed);
  if (!needsLabels(settings)) return new Gpt(options);
  const { contrast, heads, labelSmoothing: epsilon } = settings;
  return new FormalizerGpt(options, {
    ...(isSelective(settings) && { smoothing: { epsilon, ids: listSpread(vocabulary) } }),
    ...{ contrast, heads },
    targetsAnExample: train.targetCount / drawn,
  });
}

/** The tokens that smoothing gives mass to: all but padding, the one that begins a text, and the unknown one. */
function listSpread({ tokenizer, pad, bos, unk }: LogicVocabulary): number[] {
  return Array.from({ length: tokenizer.size }, (_, id) => id).filter((id) => ![pad, bos, unk].includes(id));
}
