import { InstructionDataset } from '../instruction-dataset.js';
import type { TrainingPass } from '../plan/lay-out-passes.js';
import type { EncodedExample } from '../read-instructions.js';
import type { RunSettings } from './run-options.js';

/** The passes of a plan, in rows. */
export interface PackedPasses {
  readonly train: InstructionDataset;
  readonly passes: readonly TrainingPass[];
  /** Updates of the whole plan. */
  readonly steps: number;
}

/**
 * Packs the passes of a plan into rows.
 * @param examples - that the numbers of passes mean
 * @param passes - one after another
 * @param settings - the length of a row, and the rows of an update
 * @returns the rows, and the updates that they make
 */
export function packPasses(
  examples: readonly EncodedExample[],
  passes: readonly TrainingPass[],
  { length, seed, batchSize }: RunSettings,
): PackedPasses {
  const train = new InstructionDataset(
    examples.map(({ encoded }) => encoded),
    { length, passes: passes.map((pass) => pass.examples), seed },
  );
  return { train, passes, steps: Math.ceil(train.size / batchSize) };
}
