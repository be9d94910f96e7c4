import { join, resolve } from 'node:path';
import {
  acquireLock,
  checkOptions,
  createDirectory,
  isPalabraError,
  moveDirectory,
  parseConfig,
  raise,
  throwFileError,
} from '../../core/index.js';
import type { FileLock } from '../../core/index.js';
import { exportLinks } from './export-links.js';
import { createFolder, expectFreeDisk, removeTree } from './disk.js';
import { trainingMetadataSchema } from './metadata.js';
import type { TrainingMetadataInput } from './metadata.js';
import { createStore, readStore } from './open-store.js';
import type { OpenedStore } from './open-store.js';
import { planPrune, removeVersion } from './prune.js';
import type { PrunePlan } from './prune.js';
import { advance, finishStore } from './finish-store.js';
import { expectUsable, resolveVersion } from './resolve-version.js';
import { adapterStoreKeys, promoteKeys, pruneKeys, rejectKeys, stageKeys } from './store-options.js';
import type {
  AdapterStoreOptions,
  PromoteOptions,
  PruneOptions,
  RejectOptions,
  StageOptions,
  StagedVersion,
} from './store-options.js';
import { PLACES, writePointers, writeRecord } from './store-state.js';
import type { BackupRecord, StoreRecord } from './store-state.js';
import { validateVersions } from './validate.js';
import type { VersionCheck } from './validate.js';
import { createBackupName, createVersionId } from './version-id.js';
import { sealVersion } from './version.js';
import type { VersionRecord, VersionSeal } from './version.js';
import { readVersions } from './versions.js';

/**
 * The versions of one adapter that is improved again and again, none of which is ever changed. Whatever ends the process,
 * and wherever, the current version is a whole one and nothing that a method returned is lost.
 *
 * @example
 * await using store = await AdapterStore.open('adapters/lora_adapters', { write: true });
 * const staged = await store.stage({ key: planHash });
 * await saveAdapter(staged.folder, model, { replace: true });
 * await store.promote(staged, { metadata });
 */
export class AdapterStore {
  /** What a person should know, in full sentences. */
  readonly warnings: string[] = [];

  private constructor(
    readonly folder: string,
    private readonly options: Required<AdapterStoreOptions>,
    private readonly lock: FileLock | undefined,
    private opened: OpenedStore,
  ) {
    for (const warning of opened.warnings) this.warn(warning);
  }

  /**
   * Opens a store; with `write` it is made where there is none, and what was half done is undone or finished.
   *
   * @param folder - of the store
   * @param options - whether to change it, and how
   * @param options.write - takes the lock (default false)
   * @param options.keepLast - backups of a kind that stay, at least 1 (default 5)
   * @param options.now - the clock, milliseconds since 1970 (default `Date.now`)
   * @param options.onWarning - told what a person should know
   * @returns the store; `close` gives the lock back
   * @throws PalabraError of code PAL_LOCKED, with the holder's process and start, while another process writes; PAL_FILE
   *   when there is no store or the disk refuses
   * @throws CheckpointError when its files are damaged
   */
  static async open(folder: string, options: AdapterStoreOptions = {}): Promise<AdapterStore> {
    const given = checkOptions('AdapterStore.open', options, adapterStoreKeys);
    const settings = { write: false, keepLast: 5, now: Date.now, onWarning: () => {}, ...given };
    const path = resolve(folder);
    if (!settings.write) return new AdapterStore(path, settings, undefined, await readStore(path));
    await createDirectory(path).catch((cause: unknown) => throwFileError('AdapterStore.open', path, cause));
    const lock = acquireLock(join(path, PLACES.lock));
    try {
      await createStore(path);
      return new AdapterStore(path, settings, lock, await finishStore(path));
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  /** The version to use; undefined in a new store, and where no version is whole. */
  get current(): VersionRecord | undefined {
    return this.find(this.opened.pointers.current);
  }

  /** The version that was current before. */
  get previous(): VersionRecord | undefined {
    return this.find(this.opened.pointers.previous);
  }

  /** The version that is being trained, or whose training was interrupted. */
  get pending(): { id: string; key: string; createdAt: string } | undefined {
    return this.opened.record.pending ?? undefined;
  }

  /** The names of versions and backups that are never removed. */
  get pinned(): string[] {
    return [...this.opened.record.pinned];
  }

  /** All readable versions, from the newest to the oldest. */
  list(): VersionRecord[] {
    return [...this.opened.versions.readable.values()].reverse();
  }

  /** The backups, from the newest to the oldest. */
  backups(): BackupRecord[] {
    return this.opened.record.backups.map((backup) => ({ ...backup })).reverse();
  }

  /**
   * Begins a version: the current one and the previous are backed up, by reference. With the key of one that was
   * interrupted its folder is found again; one of another key is given up.
   *
   * @param options - the key, and bytes to come
   * @param options.key - as the hash of a plan
   * @param options.bytes - of the adapter (default: those of the current version)
   * @returns the folder to write into
   * @throws PalabraError of code PAL_FILE when the disk has less than twice the bytes free, or refuses
   * @throws CheckpointError when no version is whole
   */
  async stage(options: StageOptions): Promise<StagedVersion> {
    const { key, bytes } = checkOptions('AdapterStore.stage', options, stageKeys);
    this.expectWritable('stage');
    expectUsable(this.folder, this.opened);
    await expectFreeDisk(this.folder, bytes ?? this.current?.bytes ?? 0);
    const { pending } = this.opened.record;
    if (pending?.key === key) return await this.openStaging(pending.id, key);
    const id = createVersionId(this.time());
    const createdAt = this.time().toISOString();
    await this.changeRecord({ ...this.addBackups(), pending: { id, key, createdAt } });
    if (pending !== null) await removeTree(join(this.folder, PLACES.staging, pending.id));
    return await this.openStaging(id, key);
  }

  /**
   * Makes a staged version the current one, and the current one the previous.
   *
   * @param staged - its folder holds `adapter_config.json` and `adapter_model.safetensors`
   * @param options - what becomes `training_metadata.json`
   * @param options.metadata - of the training
   * @param options.promotedAnyway - the gate had refused it (default false)
   * @param options.reasons - why it had (default none)
   * @returns the new current version, once it is on the disk
   * @throws CheckpointError when files are missing or cut; PalabraError of code PAL_FILE when the disk refuses. The current
   *   version stays, and the staged one.
   */
  async promote(staged: StagedVersion, options: PromoteOptions): Promise<VersionRecord> {
    const { metadata, promotedAnyway = false, reasons = [] } = checkOptions('promote', options, promoteKeys);
    await this.seal('promote', staged, { status: 'accepted', reasons: [...reasons], promotedAnyway }, metadata);
    await this.point(staged.id);
    const promoted = await this.reread(staged.id);
    try {
      await this.changeRecord({ pending: null });
      await this.remove(this.planAutomaticPrune());
    } catch (error) {
      if (!isPalabraError(error)) throw error;
      this.warn(`Version ${staged.id} is current; old backups were not removed: ${error.message}`);
    }
    return promoted;
  }

  /**
   * Keeps a staged version as a rejected one; the current version stays.
   *
   * @param staged - its folder holds an adapter's files
   * @param options - why, and what becomes `training_metadata.json`
   * @param options.metadata - of the training
   * @param options.reasons - at least one
   * @returns the rejected version, once it is on the disk
   * @throws as {@link AdapterStore.promote}
   */
  async reject(staged: StagedVersion, options: RejectOptions): Promise<VersionRecord> {
    const { metadata, reasons } = checkOptions('reject', options, rejectKeys);
    await this.seal('reject', staged, { status: 'rejected', reasons: [...reasons], promotedAnyway: false }, metadata);
    await this.changeRecord({ pending: null });
    return await this.reread(staged.id);
  }

  /**
   * Gives a staged version up.
   * @param staged - whose folder is removed
   */
  async discard(staged: StagedVersion): Promise<void> {
    this.expectStaged('discard', staged);
    await this.changeRecord({ pending: null });
    await removeTree(staged.folder);
  }

  /**
   * Makes an older version the current one, as a whole; the current one is backed up and becomes the previous.
   *
   * @param id - of a version or a backup, or `previous`
   * @returns the new current version; nothing changes where it is current already
   * @throws ArgumentError for an unknown or rejected one
   * @throws CheckpointError for one that is damaged
   */
  async restore(id: string): Promise<VersionRecord> {
    this.expectWritable('restore');
    const version = await resolveVersion('restore', this.opened, id);
    if (version.id === this.opened.pointers.current) return version;
    await this.changeRecord(this.addBackups());
    await this.point(version.id);
    return version;
  }

  /**
   * Makes the previous version the current one again; a second call undoes the first.
   *
   * @returns the new current version
   * @throws ArgumentError when there is no previous version
   */
  async rollback(): Promise<VersionRecord> {
    return await this.restore('previous');
  }

  /**
   * Exempts a version or a backup from removal.
   * @param id - of a version or a backup
   * @throws ArgumentError for an unknown one
   */
  async pin(id: string): Promise<void> {
    this.expectWritable('pin');
    const { record } = this.opened;
    const isBackup = record.backups.some(({ name }) => name === id);
    const name = isBackup ? id : (await resolveVersion('pin', this.opened, id, { check: false })).id;
    await this.changeRecord({ pinned: [...new Set([...record.pinned, name])] });
  }

  /**
   * Takes a pin off.
   * @param id - as it was pinned
   */
  async unpin(id: string): Promise<void> {
    this.expectWritable('unpin');
    await this.changeRecord({ pinned: this.opened.record.pinned.filter((name) => name !== id) });
  }

  /**
   * Removes backups beyond those that stay, and versions that nothing refers to.
   *
   * @param options - whether to do it
   * @param options.dryRun - says what would be removed (default false)
   * @returns what was removed, or would be
   */
  async prune(options: PruneOptions = {}): Promise<PrunePlan> {
    const { dryRun = false } = checkOptions('AdapterStore.prune', options, pruneKeys);
    const plan = this.planAutomaticPrune();
    if (dryRun) return plan;
    this.expectWritable('prune');
    await this.remove(plan);
    return plan;
  }

  /**
   * Compares every file of every version with its hash.
   * @returns one row for each version that is there or referred to, from the newest to the oldest
   */
  async validate(): Promise<VersionCheck[]> {
    return await validateVersions(this.opened);
  }

  /** Gives the lock back; a second call does nothing. */
  close(): Promise<void> {
    this.lock?.release();
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private find(id: string | null): VersionRecord | undefined {
    return id === null ? undefined : this.opened.versions.readable.get(id);
  }

  private time(): Date {
    return new Date(this.options.now());
  }

  private warn(warning: string): void {
    this.warnings.push(warning);
    this.options.onWarning(warning);
  }

  private async openStaging(id: string, key: string): Promise<StagedVersion> {
    const folder = join(this.folder, PLACES.staging, id);
    const resumed = await createFolder(folder);
    return { id, folder, key, resumed };
  }

  /** Writes a staged version's manifest and moves it to its place. */
  private async seal(
    name: string,
    staged: StagedVersion,
    decision: Pick<VersionSeal, 'status' | 'reasons' | 'promotedAnyway'>,
    metadata: TrainingMetadataInput,
  ): Promise<void> {
    this.expectStaged(name, staged);
    const parsed = parseConfig(`AdapterStore.${name}`, trainingMetadataSchema, metadata, 'metadata');
    const { id, key, folder } = staged;
    const sequence = 1 + Math.max(0, ...this.list().map(({ manifest }) => manifest.sequence));
    await sealVersion(folder, { id, sequence, key, createdAt: this.time().toISOString(), ...decision }, parsed);
    await moveDirectory(folder, join(this.folder, PLACES.versions, id));
  }

  private async point(id: string): Promise<void> {
    const pointers = advance(this.opened.pointers, id);
    await writePointers(this.folder, pointers);
    this.opened = { ...this.opened, pointers };
    await this.export();
  }

  private async changeRecord(change: Partial<StoreRecord>): Promise<void> {
    const record = { ...this.opened.record, ...change };
    await writeRecord(this.folder, record);
    this.opened = { ...this.opened, record };
    await this.export();
  }

  /** The links are for other programs: what was decided holds without them, and the next opening makes them anew. */
  private async export(): Promise<void> {
    try {
      await exportLinks(this.folder, this.opened);
    } catch (error) {
      if (!isPalabraError(error)) throw error;
      this.warn(`current/, previous/ or backups/ could not be made anew: ${error.message}`);
    }
  }

  private async reread(id: string): Promise<VersionRecord> {
    this.opened = { ...this.opened, versions: await readVersions(this.folder) };
    return this.find(id)!;
  }

  private addBackups(): Pick<StoreRecord, 'backups'> {
    const { record, pointers } = this.opened;
    const now = this.time();
    const made = (['previous', 'current'] as const).flatMap((kind): BackupRecord[] => {
      const version = pointers[kind];
      if (version === null) return [];
      return [{ name: createBackupName(kind, now), kind, version, createdAt: now.toISOString() }];
    });
    return { backups: [...record.backups, ...made] };
  }

  private planAutomaticPrune(): PrunePlan {
    return planPrune(this.opened, this.options.keepLast);
  }

  private async remove({ backups, versions }: PrunePlan): Promise<void> {
    const kept = this.opened.record.backups.filter(({ name }) => !backups.includes(name));
    if (backups.length > 0) await this.changeRecord({ backups: kept });
    for (const id of versions) await removeVersion(this.folder, id);
    if (versions.length > 0) this.opened = { ...this.opened, versions: await readVersions(this.folder) };
  }

  private expectWritable(name: string): void {
    if (this.lock !== undefined) return;
    raise('PAL_ARGUMENT', {
      where: `AdapterStore.${name}`,
      expected: 'a store opened for writing',
      received: 'one opened for reading',
      fix: 'Pass { write: true } to AdapterStore.open.',
    });
  }

  private expectStaged(name: string, { id }: StagedVersion): void {
    this.expectWritable(name);
    const pending = this.opened.record.pending?.id;
    if (id === pending) return;
    raise('PAL_ARGUMENT', {
      where: `AdapterStore.${name}`,
      expected: pending === undefined ? 'a staged version' : `the staged version ${pending}`,
      received: id,
      fix: 'Call stage first.',
    });
  }
}
