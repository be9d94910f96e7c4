import { raise } from '../../core/index.js';
import { hashTokenizer } from '../../data/index.js';
import type { TrainerInputs } from '../config/trainer-inputs.js';
import { listValidationSets } from '../validation-sets.js';

/** What a run is made on, by hashes; what has none is undefined. */
export interface RunIdentity {
  /** SHA-256 of the training tokens. */
  train?: string | undefined;
  /** SHA-256 of the tokens of each validation set, by its name. */
  validation?: Readonly<Record<string, string>> | undefined;
  /** Type, size and SHA-256 of the tokenizer. */
  tokenizer?: string | undefined;
}

/**
 * Tells what a run is made on.
 * @param inputs - of the trainer; its tokens are read once
 * @returns the hashes of data and tokenizer
 */
export async function hashRunInputs({ data, tokenizer }: TrainerInputs): Promise<RunIdentity> {
  return {
    train: await data.train.hash?.(),
    validation: await hashValidation(data),
    tokenizer: tokenizer && `${tokenizer.type} of ${tokenizer.size} tokens, ${hashTokenizer(tokenizer)}`,
  };
}

async function hashValidation(data: TrainerInputs['data']): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const [name, dataset] of listValidationSets(data).sets) {
    const hash = await dataset.hash?.();
    if (hash !== undefined) hashes[name] = hash;
  }
  return hashes;
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
  const list = (identity: RunIdentity): string => {
    const parts = listParts(identity);
    return differing.map((key) => describe(key, parts[key]!)).join('; ');
  };
  raise('PAL_DATA', {
    where: 'Trainer.resume',
    expected: `${list(stored)}, as the run was started with`,
    received: list(here),
    fix: 'Pass the data and the tokenizer of the run. To insist: allowOtherData (--allow-other-data); the data begin anew.',
    details: { stored, here },
  });
}

/**
 * The parts that differ where both are known; a validation set that comes or goes is none.
 * @param stored - of the checkpoint
 * @param here - of the inputs now
 * @returns their names: `train`, `tokenizer`, `validation/` and the name of a set
 */
export function listDiffering(stored: RunIdentity, here: RunIdentity): string[] {
  const [before, now] = [listParts(stored), listParts(here)];
  return Object.keys(now).filter(
    (key) => before[key] !== undefined && now[key] !== undefined && before[key] !== now[key],
  );
}

/** All parts by one name each. */
function listParts({ train, tokenizer, validation = {} }: RunIdentity): Record<string, string | undefined> {
  const sets = Object.entries(validation).map(([name, hash]) => [`validation/${name}`, hash] as const);
  return { train, ...Object.fromEntries(sets), tokenizer };
}

function describe(key: string, value: string): string {
  const shown = value.replace(/[0-9a-f]{64}/u, (hash) => `SHA-256 ${hash.slice(0, 12)}…`);
  if (key === 'tokenizer') return `the tokenizer ${shown}`;
  if (key === 'train') return `training data of ${shown}`;
  const name = key.slice('validation/'.length);
  return `validation data${name === 'validation' ? '' : ` '${name}'`} of ${shown}`;
}
