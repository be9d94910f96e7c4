import { raise } from '../core/index.js';
import type { Dataset } from '../data/index.js';

/** The validation data of a trainer. */
export interface ValidationData {
  /** Evaluated as a whole now and then; several sets by name, of which the first is the one that decides by default. */
  validation?: Dataset | Readonly<Record<string, Dataset>> | undefined;
}

/** The validation sets of a run by name. */
export interface ValidationSets {
  /** False where the only set has no name. */
  readonly named: boolean;
  readonly sets: ReadonlyMap<string, Dataset>;
}

/**
 * The validation sets that a trainer was given.
 * @param data - of the trainer
 * @returns them in their order; none where there is no validation data
 * @throws ConfigError for a record without a set, and for a name that is empty or holds a slash
 */
export function listValidationSets({ validation }: ValidationData): ValidationSets {
  if (validation === undefined) return { named: false, sets: new Map() };
  if (isDataset(validation)) return { named: false, sets: new Map([['validation', validation]]) };
  const entries = Object.entries(validation);
  const odd = entries.find(([name]) => name === '' || name.includes('/'));
  if (entries.length === 0) refuse('at least one validation set', 'none');
  if (odd !== undefined) refuse('names of validation sets without a slash', `"${odd[0]}"`);
  return { named: true, sets: new Map(entries) };
}

function isDataset(value: Dataset | Readonly<Record<string, Dataset>>): value is Dataset {
  return typeof value.batches === 'function';
}

function refuse(expected: string, received: string): never {
  raise('PAL_CONFIG', { where: 'Trainer', expected, received, fix: 'Pass data.validation as { name: dataset }.' });
}
