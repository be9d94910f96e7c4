import { Command } from 'commander';
import type { AdapterStore, VersionRecord } from '../../../adapters/index.js';
import type { JsonFlag } from '../../print-result.js';
import type { Output } from '../../output.js';

const DEFAULT_STORE = 'adapters/lora_adapters';

/** The flags of all commands on a store. */
export interface StoreFlags extends JsonFlag {
  store: string;
}

/**
 * A command on a store of adapters.
 * @param name - of the command
 * @param text - what it does
 * @returns the command, with `--store` and `--json`
 */
export function createStoreCommand(name: string, text: string): Command {
  return new Command(name)
    .description(text)
    .option('--store <folder>', 'the store of the adapter', DEFAULT_STORE)
    .option('--json', 'print JSON');
}

/**
 * Tells on standard error what a person should know of a store.
 * @param store - as it was opened
 * @param output - of the command
 */
export function reportWarnings(store: AdapterStore, output: Output): void {
  for (const warning of store.warnings) output.err(`${warning}\n`);
}

/** What a command says of a version. */
export interface VersionRow {
  id: string;
  createdAt: string;
  status: VersionRecord['status'];
  /** As `current`, `pinned`, or the name of a backup. */
  roles: string[];
  reasons: string[];
  promotedAnyway: boolean;
  epochs: number;
  examples: { total: number; unique: number | null };
  /** Mean over the data sets, each by its examples; null where none was measured. */
  validationLoss: number | null;
  bytes: number;
  base: { name: string; sha256: string | null };
}

/**
 * Sums a version up.
 * @param store - that it is in
 * @param version - to sum up
 * @returns plain data
 */
export function describeVersion(store: AdapterStore, version: VersionRecord): VersionRow {
  const { id, createdAt, status, bytes, manifest, metadata } = version;
  return {
    ...{ id, createdAt, status, roles: listRoles(store, id), reasons: manifest.reasons },
    promotedAnyway: manifest.promotedAnyway,
    epochs: metadata.total_epochs,
    examples: { total: metadata.total_examples_trained, unique: metadata.unique_examples_trained ?? null },
    validationLoss: computeMeanLoss(metadata.datasets),
    bytes,
    base: { name: metadata.base_model, sha256: metadata.base_sha256 ?? null },
  };
}

function listRoles(store: AdapterStore, id: string): string[] {
  const named = { current: store.current?.id, previous: store.previous?.id };
  const backups = store.backups().filter(({ version }) => version === id);
  return [
    ...Object.entries(named).flatMap(([role, version]) => (version === id ? [role] : [])),
    ...(store.pinned.includes(id) ? ['pinned'] : []),
    ...backups.map(({ name }) => name),
  ];
}

function computeMeanLoss(datasets: VersionRecord['metadata']['datasets']): number | null {
  let [sum, examples] = [0, 0];
  for (const { validationLoss, examples: count } of datasets) {
    if (validationLoss.after === null) continue;
    sum += validationLoss.after * count;
    examples += count;
  }
  return examples === 0 ? null : sum / examples;
}
