import { decodeNonFinite } from '../../core/index.js';
import { readEvaluation } from '../../models/index.js';
import type { TrainerEvaluation } from '../report.js';

/**
 * Reads the evaluation of the weights in a model folder of a run.
 * @param folder - `model` of a run or of one of its checkpoints
 * @returns undefined where its weights were not evaluated, or no run wrote it
 * @throws PalabraError of code PAL_FILE when the file cannot be read
 */
export async function readModelEvaluation(folder: string): Promise<TrainerEvaluation | undefined> {
  const stored = await readEvaluation(folder);
  if (stored === undefined) return undefined;
  const found = JSON.parse(JSON.stringify(stored), decodeNonFinite) as Partial<TrainerEvaluation> | null;
  return typeof found?.step === 'number' && typeof found.loss === 'number' ? (found as TrainerEvaluation) : undefined;
}
