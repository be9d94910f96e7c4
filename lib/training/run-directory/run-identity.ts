import { raise } from '../../core/index.js';
import { hashTokenizer } from '../../data/index.js';
import type { TrainerInputs } from '../config/trainer-inputs.js';

/** What a run is made on, by hashes; what has none is undefined. */
export interface RunIdentity {
  /** SHA-256 of the training tokens. */
  train?: string | undefined;
  /** Type, size and SHA-256 of the tokenizer. */
  tokenizer?: string | undefined;
}

/**
 * Tells what a run is made on.
 * @param inputs - of the trainer; its training tokens are read once
 * @returns the hashes of data and tokenizer
 */
export async function hashRunInputs({ data, tokenizer }: TrainerInputs): Promise<RunIdentity> {
  return {
    train: await data.train.hash?.(),
    tokenizer: tokenizer && `${tokenizer.type} of ${tokenizer.size} tokens, ${hashTokenizer(tokenizer)}`,
  };
}

/**
 * Requires that a run goes on with the data and the tokenizer it was started with.
 * @param stored - of the checkpoint; of older checkpoints nothing is known
 * @param here - of the inputs now
 * @throws DataError naming those that differ, as they were and as they are
 */
export function expectSameInputs(stored: RunIdentity, here: RunIdentity): void {
  const differing = listDiffering(stored, here);
  if (differing.length === 0) return;
  const list = (identity: RunIdentity): string => differing.map((key) => describe(key, identity[key]!)).join('; ');
  raise('PAL_DATA', {
    where: 'Trainer.resume',
    expected: `${list(stored)}, as the run was started with`,
    received: list(here),
    fix: 'Pass the data and the tokenizer of the run. To insist: allowOtherData (--allow-other-data); the data begin anew.',
    details: { stored, here },
  });
}

/**
 * The parts that differ where both are known.
 * @param stored - of the checkpoint
 * @param here - of the inputs now
 * @returns their names
 */
export function listDiffering(stored: RunIdentity, here: RunIdentity): (keyof RunIdentity)[] {
  return (['train', 'tokenizer'] as const).filter(
    (key) => stored[key] !== undefined && here[key] !== undefined && stored[key] !== here[key],
  );
}

function describe(key: keyof RunIdentity, value: string): string {
  const shown = value.replace(/[0-9a-f]{64}/u, (hash) => `SHA-256 ${hash.slice(0, 12)}…`);
  return key === 'train' ? `training data of ${shown}` : `the tokenizer ${shown}`;
}
