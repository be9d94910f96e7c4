import { readPreparedFacts } from '../../training/index.js';
import type { RunData } from './run-data.js';

/** The facts of a run's data that diagnoses go by; of several sources those of the first, and the tokens of all. */
export function readRunFacts({ prepared, mix }: RunData): ReturnType<typeof readPreparedFacts> {
  const facts = readPreparedFacts(prepared);
  if (mix === undefined) return facts;
  const tokens = mix.map((source) => source.prepared.manifest.splits.train?.tokens ?? 0);
  return { ...facts, trainTokens: tokens.reduce((sum, count) => sum + count, 0) };
}
