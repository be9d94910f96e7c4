import { join } from 'node:path';
import { writeFileAtomic } from '../../../core/index.js';
import type { FormalizerScores } from './score-formalizer.js';

/** What came of a training. */
export interface TrainLogicReport {
  /** The folder of the model, for `loadModel`. */
  model: string;
  parameters: number;
  /** Tokens of the tokenizer; fewer than asked for where the sentences had no more to merge. */
  vocabSize: number;
  /** Sentences that were trained on, and those that were longer than a row. */
  sentences: number;
  tooLong: number;
  steps: number;
  /** Time of the steps made now, in seconds. */
  seconds: number;
  /** Nats a token of held-out sentences, of the model that was kept. */
  validation: number | null;
  /** What was measured on held-out sentences of each kind, with greedy decoding and no constraint. */
  held: Record<string, FormalizerScores>;
  /** Of a training in phases, what came of each. */
  phases?: PhaseReport[];
}

/** What came of a phase. */
export interface PhaseReport {
  name: string;
  steps: number;
  /** Time of the steps made in the last process, in seconds. */
  seconds: number;
  validation: number | null;
  held: Record<string, FormalizerScores>;
  /** False for a stage that formalises worse by more than a point than what it began with; the stages end with it. */
  accepted: boolean;
}

/** The name of the report in the folder. */
const REPORT = 'formalizer.json';

/**
 * Writes what came of a training into its folder.
 *
 * @param folder - of the run
 * @param report - plain data
 * @returns the report
 */
export async function writeReport<Report>(folder: string, report: Report): Promise<Report> {
  await writeFileAtomic(join(folder, REPORT), `${JSON.stringify(report, null, 2)}\n`);
  return report;
}
