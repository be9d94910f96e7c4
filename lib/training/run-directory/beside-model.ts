import { encodeNonFinite } from '../../core/index.js';
import type { SaveModelOptions } from '../../models/index.js';
import type { TrainerInputs } from '../config/trainer-inputs.js';
import type { TrainerEvaluation } from '../report.js';

/**
 * What every model folder of a run holds beside the model.
 * @param inputs - of the trainer
 * @param evaluation - of the weights that are stored, where there was one
 * @returns tokenizer, chat template, preprocessing, generation settings and evaluation, as far as there are any
 */
export function gatherBesideModel(
  { tokenizer, chatTemplate, preprocess, generation }: TrainerInputs,
  evaluation: TrainerEvaluation | undefined,
): Omit<SaveModelOptions, 'replace'> {
  return {
    ...(tokenizer && { tokenizer }),
    ...(chatTemplate && { chatTemplate }),
    ...(preprocess && { preprocess }),
    ...(generation && { generation }),
    ...(evaluation && { evaluation: toPlain(evaluation) }),
  };
}

/** As JSON can hold it, figures that are no numbers as texts. */
function toPlain(evaluation: TrainerEvaluation): Record<string, unknown> {
  return JSON.parse(JSON.stringify(evaluation, encodeNonFinite)) as Record<string, unknown>;
}
