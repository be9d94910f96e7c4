import { Gpt, gptPresets } from '../../../models/index.js';
import type { GptOptions, PassInputs } from '../../../models/index.js';
import { manualSeed, noGrad } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
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
 * @param teacher - that has learned to write the reasoning, where the settings give it a weight
 * @returns a Gpt; one whose loss has further terms where any are asked for
 */
export function createLogicModel(prepared: PreparedLogic, settings: LogicSettings, teacher?: Gpt): Gpt {
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
    teacher: teacher && { weight: settings.teacher, read: createReader(teacher) },
    targetsAnExample: train.targetCount / drawn,
  });
}

/**
 * The tokens that smoothing gives mass to: all but padding, the one that begins a text, and the unknown one.
 *
 * @param vocabulary - of the model
 * @returns their ids, rising
 */
export function listSpread({ tokenizer, pad, bos, unk }: LogicVocabulary): number[] {
  return Array.from({ length: tokenizer.size }, (_, id) => id).filter((id) => ![pad, bos, unk].includes(id));
}

/** What a model that does not learn says of a batch. */
function createReader(model: Gpt): (pass: PassInputs) => Tensor {
  return ({ ids, context }) => noGrad(() => model.forward(ids, { ...context, training: false }));
}
