import { formatSuggestion, raise, show } from '../../core/index.js';
import type { OpenedStore } from './open-store.js';
import { findDamage } from './version.js';
import type { VersionRecord } from './version.js';

/**
 * The version that a name means.
 * @param where - method of the store, named in errors
 * @param store - as it was opened
 * @param name - of a version or a backup, or `current` or `previous`
 * @param options - `check: false` takes rejected and damaged ones too
 * @returns a version that can become the current one
 * @throws ArgumentError for an unknown or rejected one
 * @throws CheckpointError for one that is damaged
 */
export async function resolveVersion(
  where: string,
  store: OpenedStore,
  name: string,
  { check = true } = {},
): Promise<VersionRecord> {
  const version = findVersion(where, store, name);
  if (!check) return version;
  if (version.status === 'rejected') refuseRejected(where, version);
  const [problem] = await findDamage(version);
  return problem === undefined ? version : refuseDamaged(version.folder, problem);
}

function findVersion(where: string, { pointers, record, versions }: OpenedStore, name: string): VersionRecord {
  const backup = record.backups.find((other) => other.name === name);
  const pointed = name === 'current' || name === 'previous' ? pointers[name] : undefined;
  const id = pointed ?? backup?.version ?? name;
  const version = versions.readable.get(id);
  if (version !== undefined) return version;
  const damaged = versions.damaged.find((other) => other.id === id);
  if (damaged !== undefined) refuseDamaged(id, damaged.problem);
  if (pointed !== undefined || backup !== undefined) refuseDamaged(id, 'it is missing');
  const known = [...record.backups.map((other) => other.name), ...versions.readable.keys()];
  return raise('PAL_ARGUMENT', {
    where: `AdapterStore.${where}`,
    expected: 'a version or backup of the store',
    received: show(name),
    fix: known.length === 0 ? 'The store has none yet.' : formatSuggestion(name, known),
    details: { known },
  });
}

function refuseRejected(where: string, { id, manifest }: VersionRecord): never {
  raise('PAL_ARGUMENT', {
    where: `AdapterStore.${where}`,
    expected: 'an accepted version',
    received: `${id}, which was rejected: ${manifest.reasons.join('; ')}`,
    fix: 'Promote it anyway when it is trained: `palabra lora train --promote-anyway`.',
  });
}

function refuseDamaged(where: string, problem: string): never {
  raise('PAL_CHECKPOINT', {
    where,
    expected: 'a whole version',
    received: `a damaged one: ${problem}`,
    fix: 'Take another version: `palabra lora validate` tells which are whole.',
  });
}

/**
 * Requires a current version that is whole, or a store without one.
 * @param folder - of the store
 * @param store - as it was opened
 * @throws CheckpointError for a store whose versions are all damaged
 */
export function expectUsable(folder: string, { pointers, versions, warnings }: OpenedStore): void {
  if (pointers.current === null || versions.readable.has(pointers.current)) return;
  const damage = versions.damaged.find(({ id }) => id === pointers.current);
  raise('PAL_CHECKPOINT', {
    where: folder,
    expected: 'a current version that is whole',
    received: warnings.length > 0 ? warnings.join(' ') : (damage?.problem ?? 'none'),
    fix: 'Put a whole version back from a copy of the store.',
  });
}
