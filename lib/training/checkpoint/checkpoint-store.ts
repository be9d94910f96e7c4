import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  createDirectory,
  throwFileError,
  formatBytes,
  isPalabraError,
  isSystemError,
  raise,
  writeDirectoryAtomic,
} from '../../core/index.js';
import type { Manifest } from './manifest.js';
import { readManifest, verifyCheckpoint, writeManifest } from './manifest.js';

/** The numbers of checkpoints that stay. */
export interface KeepOptions {
  /** The newest. */
  last: number;
  /** Those with the best evaluation. */
  best: number;
}

/** The place of a checkpoint in a run. */
export interface CheckpointFacts {
  /** Updates made. */
  step: number;
  /** The validation loss of its model, where it was measured. */
  loss?: number | undefined;
  /** The value that decides on the best, lower is better; undefined where that is the loss. */
  score?: number | undefined;
}

/** A checkpoint on the disk. */
export interface Checkpoint {
  path: string;
  manifest: Manifest;
}

/** What a checkpoint is to hold. */
export interface CheckpointContent {
  /** The bytes that it takes on the disk, roughly. */
  bytes: number;
  /** Writes its files into a directory. @returns the hash of each tensor by file and name */
  write(directory: string): Promise<Record<string, string>>;
}

/** Tells of a checkpoint that was passed over. */
export type OnDamaged = (path: string, problem: string) => void;

const NAME = /^step-(\d{8,})$/;
/** The beginning of the name of leftovers of an interrupted save or removal. */
const LEFTOVER = '.step-';

/**
 * The checkpoints of a run, one directory each. One appears under its name only when all of it is on the disk, so that
 * the newest that `save` returned is there whatever happens.
 */
export class CheckpointStore {
  constructor(
    readonly directory: string,
    private readonly keep: KeepOptions,
  ) {}

  /**
   * Writes a checkpoint and then removes those that needn't stay.
   * @throws PalabraError of code PAL_FILE, naming the path and the bytes needed, when the disk refuses; all checkpoints
   * before are as they were
   */
  async save(facts: CheckpointFacts, content: CheckpointContent): Promise<Checkpoint> {
    const path = this.pathOf(facts.step);
    let manifest: Manifest;
    try {
      await createDirectory(this.directory);
      manifest = await writeCheckpoint(path, facts, content);
    } catch (cause) {
      throwSaveFailure(path, content.bytes, cause);
    }
    await this.rotate();
    return { path, manifest };
  }

  /** The directory of a checkpoint, whether or not there is one of this step. */
  pathOf(step: number): string {
    return join(this.directory, `step-${String(step).padStart(8, '0')}`);
  }

  /** The newest checkpoint of which every bit is as it was written; damaged ones are told of and passed over. */
  async newest(onDamaged: OnDamaged): Promise<Checkpoint | undefined> {
    for (const path of (await this.paths()).reverse()) {
      try {
        return { path, manifest: await verifyCheckpoint(path) };
      } catch (error) {
        if (!isPalabraError(error)) throw error;
        onDamaged(path, error.message);
      }
    }
    return undefined;
  }

  /** The directories of all checkpoints, by step. */
  async paths(): Promise<string[]> {
    const names = await this.names();
    return names
      .filter((name) => NAME.test(name))
      .sort((a, b) => parseStep(a) - parseStep(b))
      .map((name) => join(this.directory, name));
  }

  /** Removes what interrupted saves and removals left behind; for the owner of the run's lock. */
  async clean(): Promise<void> {
    const names = await this.names();
    for (const name of names.filter((other) => other.startsWith(LEFTOVER))) {
      const path = join(this.directory, name);
      const removing = rm(path, { recursive: true, force: true });
      await removing.catch((cause: unknown) => throwFileError('checkpoint', path, cause));
    }
  }

  private async names(): Promise<string[]> {
    try {
      return await readdir(this.directory);
    } catch (cause) {
      if (isSystemError(cause) && cause.code === 'ENOENT') return [];
      return throwFileError('checkpoint', this.directory, cause);
    }
  }

  /** Keeps the newest and the best by what the manifests record; the time of a file says nothing. */
  private async rotate(): Promise<void> {
    const known: Checkpoint[] = [];
    for (const path of await this.paths()) {
      const manifest = await readManifest(path).catch(skipDamaged);
      if (manifest !== undefined) known.push({ path, manifest });
    }
    known.sort((a, b) => b.manifest.step - a.manifest.step);
    const best = known
      .filter((checkpoint) => !Number.isNaN(readScore(checkpoint)))
      .sort((a, b) => readScore(a) - readScore(b));
    const staying = new Set([...known.slice(0, this.keep.last), ...best.slice(0, this.keep.best)]);
    for (const checkpoint of known) if (!staying.has(checkpoint)) await remove(this.directory, checkpoint);
  }
}

/** The value that a checkpoint is chosen by, lower is better; NaN without one. */
function readScore({ manifest: { loss, score } }: Checkpoint): number {
  return score ?? loss ?? NaN;
}

async function writeCheckpoint(
  path: string,
  { step, loss, score }: CheckpointFacts,
  content: CheckpointContent,
): Promise<Manifest> {
  let manifest: Manifest | undefined;
  const fill = async (temporary: string): Promise<void> => {
    const tensors = await content.write(temporary);
    manifest = await writeManifest(temporary, { step, loss: loss ?? null, score, tensors });
  };
  await writeDirectoryAtomic(path, fill, { replace: true });
  return manifest!;
}

/** First out of the list in one step, then from the disk. */
async function remove(directory: string, { path, manifest }: Checkpoint): Promise<void> {
  const aside = join(directory, `.step-${manifest.step}.${process.pid}.old`);
  try {
    await rename(path, aside);
    await rm(aside, { recursive: true, force: true });
  } catch (cause) {
    throwFileError('checkpoint', path, cause);
  }
}

function parseStep(name: string): number {
  return Number(NAME.exec(name)?.[1] ?? NaN);
}

function skipDamaged(error: unknown): undefined {
  if (isPalabraError(error) && error.code === 'PAL_CHECKPOINT') return undefined;
  throw error;
}

function throwSaveFailure(path: string, bytes: number, cause: unknown): never {
  const inner = (cause as { details?: { code?: unknown } }).details?.code;
  const code = isSystemError(cause) ? cause.code : inner;
  if (typeof code !== 'string') throw cause;
  raise('PAL_FILE', {
    where: 'Trainer',
    expected: `about ${formatBytes(bytes)} for the checkpoint ${path}`,
    received: code,
    fix: 'The checkpoints before it are as they were. Free some space or mend the directory, then resume.',
    details: { path, code, bytes },
    cause,
  });
}
