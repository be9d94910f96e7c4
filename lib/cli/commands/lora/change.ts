import type { Command } from 'commander';
import { AdapterStore } from '../../../adapters/index.js';
import type { VersionRecord } from '../../../adapters/index.js';
import { formatBytes } from '../../../core/index.js';
import type { Output } from '../../output.js';
import { pluralize, printResult } from '../../print-result.js';
import { createStoreCommand, reportWarnings } from './store-flag.js';
import type { StoreFlags } from './store-flag.js';

interface PruneFlags extends StoreFlags {
  dryRun?: boolean;
}

/** `palabra lora restore`: an older version becomes the current one. */
export function createRestoreCommand(output: Output): Command {
  return createStoreCommand('restore', 'Make an older version current; the current one is backed up first.')
    .argument('<id>', 'a version or a backup, as `palabra lora list` names them, or `previous`')
    .action((id: string, flags: StoreFlags) => change(flags, output, (store) => store.restore(id)));
}

/** `palabra lora rollback`: the previous version becomes the current one. */
export function createRollbackCommand(output: Output): Command {
  return createStoreCommand('rollback', 'Make the previous version current; a second call undoes it.').action(
    (flags: StoreFlags) => change(flags, output, (store) => store.rollback()),
  );
}

async function change(
  flags: StoreFlags,
  output: Output,
  make: (store: AdapterStore) => Promise<VersionRecord>,
): Promise<void> {
  await using store = await openExisting(flags.store);
  await make(store);
  reportWarnings(store, output);
  const pointers = { current: store.current?.id ?? null, previous: store.previous?.id ?? null };
  printResult(output, flags, pointers, ({ current, previous }) => `current ${current}, previous ${previous ?? 'none'}`);
}

/** Opens a store for writing that is there already: a misspelt folder makes none. */
async function openExisting(folder: string): Promise<AdapterStore> {
  await AdapterStore.open(folder);
  return await AdapterStore.open(folder, { write: true });
}

/** `palabra lora prune`: removes what nothing refers to. */
export function createPruneCommand(output: Output): Command {
  return createStoreCommand('prune', 'Remove old backups, and versions that nothing refers to; pinned ones stay.')
    .option('--dry-run', 'say what would be removed')
    .action(async (flags: PruneFlags) => {
      const dryRun = flags.dryRun === true;
      await using store = await (dryRun ? AdapterStore.open(flags.store) : openExisting(flags.store));
      reportWarnings(store, output);
      const plan = await store.prune({ dryRun });
      printResult(output, flags, { dryRun, ...plan }, ({ backups, versions, bytes }) => {
        const removed = `${pluralize(backups.length, 'backup')} and ${pluralize(versions.length, 'version')}`;
        const total = `${dryRun ? 'would remove' : 'removed'} ${removed}, ${formatBytes(bytes)}`;
        return [total, ...backups, ...versions].join('\n  ');
      });
    });
}
