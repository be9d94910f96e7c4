import type { AdapterStore, VersionRecord } from '../../../adapters/index.js';
import { formatSuggestion, raise, show } from '../../../core/index.js';

/**
 * The version of a store that a word of a command line means.
 * @param where - the command, named in errors
 * @param store - open
 * @param name - of a version or a backup, or `current` or `previous`
 * @returns a whole version, rejected ones too
 * @throws ArgumentError for an unknown name
 * @throws CheckpointError for a damaged version
 */
export async function findNamedVersion(where: string, store: AdapterStore, name: string): Promise<VersionRecord> {
  const pointed = { current: store.current?.id, previous: store.previous?.id };
  const backup = store.backups().find((other) => other.name === name)?.version;
  const id = (name === 'current' || name === 'previous' ? pointed[name] : backup) ?? name;
  const version = store.list().find((other) => other.id === id);
  if (version === undefined) return refuseName(where, store, name);
  const check = (await store.validate()).find((other) => other.id === id);
  if (check?.ok === true) return version;
  return raise('PAL_CHECKPOINT', {
    where,
    expected: `${version.folder} as it was written`,
    received: check?.problems.join('; ') ?? 'nothing',
    fix: 'Take another version: `palabra lora validate` tells which are whole.',
  });
}

function refuseName(where: string, store: AdapterStore, name: string): never {
  const known = [...store.backups().map((backup) => backup.name), ...store.list().map(({ id }) => id)];
  return raise('PAL_ARGUMENT', {
    where,
    expected: 'a version or backup of the store',
    received: show(name),
    fix: known.length === 0 ? 'The store has none yet.' : formatSuggestion(name, known),
  });
}
