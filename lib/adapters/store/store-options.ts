import { expectBoolean, expectCount, expectFunction, expectPositiveInteger, expectString } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import type { TrainingMetadataInput } from './metadata.js';

/** Settings of `AdapterStore.open`. */
export interface AdapterStoreOptions {
  /** Takes the lock, to change the store (default false). */
  write?: boolean;
  /** Backups of a kind, and rejected versions, that stay when a promotion prunes; at least 1 (default 5). */
  keepLast?: number;
  /** The clock, milliseconds since 1970 (default `Date.now`). */
  now?: () => number;
  /** Told what a person should know, as that the current version was damaged (default: kept in `warnings` alone). */
  onWarning?: (warning: string) => void;
}

/** The keys of {@link AdapterStoreOptions}. */
export const adapterStoreKeys: OptionChecks<AdapterStoreOptions> = {
  write: expectBoolean,
  keepLast: expectPositiveInteger,
  now: expectFunction,
  onWarning: expectFunction,
};

/** Settings of `stage`. */
export interface StageOptions {
  /** What the version is made by, as the hash of a plan: staging again by the same key goes on where it was left. */
  key: string;
  /** Bytes of the adapter to come (default: those of the current version). */
  bytes?: number;
}

/** The keys of {@link StageOptions}. */
export const stageKeys: OptionChecks<StageOptions> = { key: expectString, bytes: expectCount };

/** A version in the making. */
export interface StagedVersion {
  id: string;
  /** Where the adapter's files are written; all that lies there becomes part of the version. */
  folder: string;
  key: string;
  /** The folder was there before, with what it holds. */
  resumed: boolean;
}

/** Settings of `promote`. */
export interface PromoteOptions {
  metadata: TrainingMetadataInput;
  /** The gate had refused it (default false). */
  promotedAnyway?: boolean;
  /** Why the gate had refused it (default none). */
  reasons?: readonly string[];
}

/** The keys of {@link PromoteOptions}. */
export const promoteKeys: OptionChecks<PromoteOptions> = {
  metadata: true,
  promotedAnyway: expectBoolean,
  reasons: true,
};

/** Settings of `reject`. */
export interface RejectOptions {
  metadata: TrainingMetadataInput;
  /** Why it is not promoted. */
  reasons: readonly string[];
}

/** The keys of {@link RejectOptions}. */
export const rejectKeys: OptionChecks<RejectOptions> = { metadata: true, reasons: true };

/** Settings of `prune`. */
export interface PruneOptions {
  /** Says what would be removed, and removes nothing (default false). */
  dryRun?: boolean;
}

/** The keys of {@link PruneOptions}. */
export const pruneKeys: OptionChecks<PruneOptions> = { dryRun: expectBoolean };
