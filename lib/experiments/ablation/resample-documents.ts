import { Random } from '../../core/index.js';
import { bootstrapInterval } from '../../evaluation/statistics/index.js';
import type { StudyRun } from './run-study.js';

/** Nats and bytes of each document. */
type Documents = readonly (readonly [nats: number, bytes: number])[];

const RESAMPLES = 2000;

/**
 * The 95 % interval of the difference in nats a byte where both seeds and documents are drawn with replacement: the same
 * documents for all seeds of a draw, since all were scored on the same.
 * @param pairs - runs of arm and baseline of the same seed
 * @returns low and high; undefined where the documents of the runs are not known
 */
export function estimateDocumentInterval(
  pairs: readonly (readonly [StudyRun, StudyRun])[],
): readonly [number, number] | undefined {
  const scored = pairs.map((pair) => pair.map(getDocuments));
  const count = scored[0]?.[0]?.length ?? 0;
  if (count === 0 || scored.some((pair) => pair.some((documents) => documents?.length !== count))) return undefined;
  const differences = scored.map(([own, other]) => own!.map(([nats], i) => nats - other![i]![0]));
  const bytes = scored[0]![0]!.map(([, size]) => size);
  const random = new Random(0).split('documents');
  const statistic = (seeds: Float64Array): number => {
    const drawn = bytes.map(() => random.integer(count));
    const size = drawn.reduce((sum, i) => sum + bytes[i]!, 0);
    const total = Array.from(seeds).reduce((sum, s) => sum + drawn.reduce((own, i) => own + differences[s]![i]!, 0), 0);
    return total / size / seeds.length;
  };
  const { low, high } = bootstrapInterval([...pairs.keys()], { statistic, resamples: RESAMPLES });
  return [low, high];
}

function getDocuments({ test }: StudyRun): Documents | undefined {
  return test?.status === 'finished' ? test.documents : undefined;
}
