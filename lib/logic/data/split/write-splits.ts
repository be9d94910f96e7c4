import { join } from 'node:path';

import { checkOptions, expectBoolean, writeDirectoryAtomic } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import { writeRecords } from '../records/write-records.js';
import type { RecordSplits } from './split-records.js';

/** Settings of {@link writeSplits}. */
export interface WriteSplitsOptions {
  /** Takes the place of a folder that is there (default false). */
  replace?: boolean;
}

const writeKeys: OptionChecks<WriteSplitsOptions> = { replace: expectBoolean };

/**
 * Writes the parts of a split as `train.jsonl`, `validation.jsonl`, `test.jsonl` and, where there is one, `test-seen.jsonl`
 * into a folder that appears when it is complete.
 *
 * @param folder - to be made
 * @param splits - the parts
 * @param options - whether a folder that is there is replaced
 * @throws PalabraError of code PAL_FILE where the folder is there, or the disk refuses
 */
export async function writeSplits(
  folder: string,
  splits: RecordSplits,
  options: WriteSplitsOptions = {},
): Promise<void> {
  const { replace = false } = checkOptions('writeSplits', options, writeKeys);
  await writeDirectoryAtomic(folder, async (temporary) => fillSplits(temporary, splits), { replace });
}

/** Writes the parts into a folder that is there. */
export async function fillSplits(folder: string, { train, validation, test, testSeen }: RecordSplits): Promise<void> {
  await writeRecords(join(folder, 'train.jsonl'), train);
  await writeRecords(join(folder, 'validation.jsonl'), validation);
  await writeRecords(join(folder, 'test.jsonl'), test);
  if (testSeen !== undefined) await writeRecords(join(folder, 'test-seen.jsonl'), testSeen);
}
