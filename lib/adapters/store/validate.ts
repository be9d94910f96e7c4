import type { OpenedStore } from './open-store.js';
import { findDamage } from './version.js';

/** What the hashes say of a version. */
export interface VersionCheck {
  id: string;
  ok: boolean;
  /** One sentence each; empty for a whole version. */
  problems: string[];
}

/**
 * Compares every file of every version with its hash.
 * @param store - as it was opened
 * @returns one row for each version that is there or referred to, from the newest to the oldest
 */
export async function validateVersions({ pointers, record, versions }: OpenedStore): Promise<VersionCheck[]> {
  const rows: VersionCheck[] = versions.damaged.map(({ id, problem }) => createRow(id, [problem]));
  for (const version of [...versions.readable.values()].reverse())
    rows.push(createRow(version.id, await findDamage(version)));
  const known = new Set(rows.map(({ id }) => id));
  const referred = new Set([pointers.current, pointers.previous, ...record.backups.map(({ version }) => version)]);
  for (const id of referred) if (id !== null && !known.has(id)) rows.push(createRow(id, ['it is missing']));
  return rows;
}

function createRow(id: string, problems: string[]): VersionCheck {
  return { id, ok: problems.length === 0, problems };
}
