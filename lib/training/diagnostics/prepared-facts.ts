import type { Prepared } from '../../data/index.js';
import type { RunFacts } from './record.js';

/** Tokens that the share of unknown ones is counted in. */
const COUNTED = 2 ** 20;

/**
 * The facts that a prepared folder tells: its tokenizer, the windows that its splits share, and unknown tokens.
 * @param prepared - its manifest is read, and up to 2²⁰ tokens of the validation split, or of the training split
 * @returns the facts, undefined where the folder doesn't tell
 */
export function readPreparedFacts(prepared: Prepared): RunFacts {
  const { manifest } = prepared;
  return {
    tokenizer: manifest.tokenizer.type,
    trainTokens: manifest.splits.train?.tokens,
    sharedWindows: measureSharedWindows(prepared),
    unknownRate: measureUnknownRate(prepared),
  };
}

/** The share of validation windows that are in the training split, where the splits were compared. */
function measureSharedWindows({ manifest: { contamination } }: Prepared): number | undefined {
  const pair = contamination?.pairs.find(({ heldOut, reference }) => heldOut === 'validation' && reference === 'train');
  if (pair === undefined || pair.windows.count === 0) return undefined;
  return pair.windows.duplicates / pair.windows.count;
}

/** The share of unknown tokens; undefined for tokenizers that know every text. */
function measureUnknownRate({ tokenizer, train, validation }: Prepared): number | undefined {
  const unknown = tokenizer.specialTokens?.['<UNK>'];
  const { tokens } = validation ?? train;
  if (unknown === undefined || tokens.length === 0) return undefined;
  const counted = tokens.subarray(0, Math.min(tokens.length, COUNTED));
  let found = 0;
  for (const id of counted) if (id === unknown) found++;
  return found / counted.length;
}
