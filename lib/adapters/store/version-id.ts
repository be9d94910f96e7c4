import { randomBytes } from 'node:crypto';

/** The name of a version: UTC to the millisecond and eight random digits. */
export const VERSION_ID = /^\d{8}T\d{9}Z-[0-9a-f]{8}$/;

/** The name of a backup: what it is of, UTC to the millisecond and eight random digits. */
export const BACKUP_NAME = /^backup_(?:current|previous)_\d{8}_\d{6}_\d{3}-[0-9a-f]{8}$/;

/** What a backup is of. */
export type BackupKind = 'current' | 'previous';

/**
 * A name for a version; two of one millisecond differ.
 * @param now - in UTC
 * @returns the name
 */
export function createVersionId(now: Date): string {
  return `${now.toISOString().replaceAll(/[-:.]/gu, '')}-${createSuffix()}`;
}

/**
 * A name for a backup; two of one millisecond differ.
 * @param kind - what it is of
 * @param now - in UTC
 * @returns the name
 */
export function createBackupName(kind: BackupKind, now: Date): string {
  const [day, time] = now.toISOString().replaceAll(/[-:Z]/gu, '').split('T');
  return `backup_${kind}_${day}_${time!.replace('.', '_')}-${createSuffix()}`;
}

function createSuffix(): string {
  return randomBytes(4).toString('hex');
}
