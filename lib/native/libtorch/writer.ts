import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { raise } from '../../core/errors/index.js';
import type { FileRecord } from './manifest.js';
import { hashFile } from './sources.js';
import type { Source } from './sources.js';

/** Receives messages and the bytes written; `done` and `total` are bytes. */
export interface InstallProgress {
  message: (text: string) => void;
  bytes: (done: number, total: number) => void;
}

/** Writes files into an installation so that each appears under its name only when it is whole; those of an earlier try are kept. */
export class Writer {
  /** The files written so far, by path within the installation. */
  readonly files: Record<string, FileRecord> = {};
  readonly #root: string;
  readonly #progress: InstallProgress;

  constructor(root: string, progress: InstallProgress) {
    this.#root = root;
    this.#progress = progress;
  }

  /** The full path of a file of the installation. */
  path(relativePath: string): string {
    return join(this.#root, relativePath);
  }

  /**
   * Extracts files and checks them against the hashes that the source records.
   *
   * @throws PalabraError PAL_INSTALL when one differs
   */
  async write(source: Source, names: readonly string[], getPath: (name: string) => string): Promise<void> {
    const total = names.reduce((sum, name) => sum + source.size(name), 0);
    let done = 0;
    for (const name of names) {
      await this.#writeOne(source, name, getPath(name));
      done += source.size(name);
      this.#progress.bytes(done, total);
    }
  }

  async #writeOne(source: Source, name: string, relativePath: string): Promise<void> {
    if (relativePath.split('/').includes('..')) throwFileDiffers(name, source);
    const path = this.path(relativePath);
    if (statSync(path, { throwIfNoEntry: false })?.size !== source.size(name)) await extractWhole(source, name, path);
    const sha256 = await hashFile(path);
    const recorded = source.sha256(name);
    if (recorded !== undefined && Buffer.from(recorded, 'base64url').toString('hex') !== sha256) {
      rmSync(path);
      throwFileDiffers(name, source);
    }
    this.files[relativePath] = { bytes: source.size(name), sha256 };
  }
}

async function extractWhole(source: Source, name: string, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  await source.extract(name, `${path}.partial`);
  renameSync(`${path}.partial`, path);
}

function throwFileDiffers(name: string, source: Source): never {
  raise('PAL_INSTALL', {
    where: 'libtorch install',
    expected: `${name} as ${source.label} records it`,
    received: 'another content',
    fix: 'The wheel is damaged: remove it and fetch it again.',
  });
}
