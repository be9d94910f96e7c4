import type { LanguageModel } from '../../../models/interface/index.js';
import { averageLoss } from '../gate/answer-scores.js';
import { scoreExamples } from '../gate/score-examples.js';
import type { ScoringOptions } from '../gate/score-examples.js';
import type { ReadPlan, ReadStep } from './read-plan.js';

/** A file of a plan in a report. */
export interface TrainedDataset {
  dataset: string;
  sha256: string;
  /** Records that fit. */
  examples: number;
  /** `skipped`: trained in an earlier run. `failed`: left out, for the reason in `error`. */
  status: 'trained' | 'skipped' | 'failed';
  /** Nats a token of the answers of up to 16 training examples, after the run; null where it was not trained. */
  loss: number | null;
  /** Examples of the plan that are trained up to and with this file, copies among them. */
  total_examples: number;
  /** Different ones of them. */
  unique_examples: number;
  /** Its examples for training, copies among them. */
  trained_examples: number;
  validation_examples: number;
  epochs: number;
  weight: number;
  error?: string;
}

/** Training examples of a file that are scored after the run. */
const SCORED = 16;

/**
 * Describes the files of a plan.
 * @param plan - with what was read
 * @param losses - on training examples after the run, by file
 * @returns a record for each, in the order of the plan
 */
export function describeDatasets(plan: ReadPlan, losses: ReadonlyMap<string, number> = new Map()): TrainedDataset[] {
  let total = 0;
  const different = new Set<string>();
  return plan.steps.map((file) => {
    const { step, state, error, examples, train, validation } = file;
    const { dataset, sha256, epochs, weight } = step;
    total += train.length;
    for (const { hash } of train) different.add(hash);
    const trained = losses.has(dataset);
    return {
      ...{ dataset, sha256, examples },
      status: trained ? 'trained' : state === 'trained' ? 'skipped' : 'failed',
      loss: losses.get(dataset) ?? null,
      ...{ total_examples: total, unique_examples: different.size, trained_examples: train.length },
      ...{ validation_examples: validation.length, epochs, weight },
      ...(error !== undefined && { error }),
    };
  });
}

/**
 * Measures the loss on some training examples of each file.
 * @param model - after the run
 * @param files - that were trained
 * @param options - the width of a window
 * @returns nats a token of the answers, by file
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function measureTraining(
  model: LanguageModel,
  files: readonly ReadStep[],
  options: ScoringOptions,
): Promise<Map<string, number>> {
  const chosen = files.map(({ step, train }) => {
    const distinct = [...new Map(train.map((example) => [example.hash, example])).values()];
    return { dataset: step.dataset, examples: distinct.sort((a, b) => (a.hash < b.hash ? -1 : 1)).slice(0, SCORED) };
  });
  const examples = chosen.flatMap((file) => file.examples);
  const scores = await scoreExamples(model, examples, options);
  const loss = (hashes: string[]): number => averageLoss(scores, hashes) ?? NaN;
  return new Map(chosen.map((file) => [file.dataset, loss(file.examples.map(({ hash }) => hash))]));
}
