import { createHash, randomBytes } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { createDirectory, throwFileError, isSystemError, raise, writeFileAtomic } from '../../../core/index.js';
import { parseHubFile } from './hub-file.js';
import type { HubFile } from './hub-file.js';
import { HUB } from './hub-kind.js';
import type { RepositoryKind } from './hub-kind.js';

/**
 * The cache of one repository, laid out as other clients of the hub do, who may share it: `refs` tell the commits of
 * branches, `blobs` hold contents under their hashes, and `snapshots` link the paths of a commit to them. Beside these,
 * `palabra` holds the list of files of a commit.
 */
export class HubCache {
  readonly folder: string;

  constructor(cacheDirectory: string, { kind, name }: { kind: RepositoryKind; name: string }) {
    this.folder = join(cacheDirectory, [`${kind}s`, ...name.split('/')].join('--'));
  }

  /** The commit that a branch or tag stood for when it was last asked for. */
  async commit(revision: string): Promise<string | undefined> {
    const text = await readOptionalText(join(this.folder, 'refs', ...revision.split('/')));
    return text !== undefined && /^[0-9a-f]{40}$/.test(text.trim()) ? text.trim() : undefined;
  }

  async storeCommit(revision: string, commit: string): Promise<void> {
    if ((await this.commit(revision)) !== commit)
      await storeText(join(this.folder, 'refs', ...revision.split('/')), commit);
  }

  /** The files of a commit as the hub listed them. */
  async files(commit: string): Promise<HubFile[] | undefined> {
    const path = this.#listing(commit);
    const text = await readOptionalText(path);
    if (text === undefined) return undefined;
    const files = parseFiles(text);
    if (files === undefined) refuseDamaged(path);
    return files;
  }

  async storeFiles(commit: string, files: readonly HubFile[]): Promise<void> {
    await storeText(this.#listing(commit), JSON.stringify(files));
  }

  /** The files that another client has fetched, with what can be told of them. */
  async snapshotFiles(commit: string): Promise<HubFile[]> {
    const folder = join(this.folder, 'snapshots', commit);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
      if (isSystemError(error) && error.code === 'ENOENT') return [];
      return throwFileError(HUB, folder, error);
    });
    const paths = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
    return Promise.all(
      paths.map(async (path) => ({
        path: relative(folder, path).split(sep).join('/'),
        size: (await readSize(path)) ?? -1,
        hash: { type: 'git' as const, value: '' },
      })),
    );
  }

  /** The path of a file of a commit, present or not. */
  path(commit: string, path: string): string {
    return join(this.folder, 'snapshots', commit, ...path.split('/'));
  }

  /** The path of the content with a hash. */
  blob({ hash }: HubFile): string {
    return join(this.folder, 'blobs', hash.value);
  }

  /** True where a file of a commit is there in its whole length. */
  async holds(commit: string, file: Pick<HubFile, 'path' | 'size'>): Promise<boolean> {
    return (await readSize(this.path(commit, file.path))) === file.size;
  }

  /** Links the path of a commit to its content. */
  async link(commit: string, file: HubFile): Promise<void> {
    const path = this.path(commit, file.path);
    const temporary = `${path}.${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
    try {
      await createDirectory(dirname(path));
      await symlink(relative(dirname(path), this.blob(file)), temporary);
      await rename(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => {}); // The first cause is the one to tell.
      throwFileError(HUB, path, cause);
    }
  }

  #listing(commit: string): string {
    return join(this.folder, 'palabra', `${commit}.json`);
  }
}

/** The bytes of a file, or undefined where there is none. */
export async function readSize(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    (error: unknown) => {
      if (isSystemError(error) && ['ENOENT', 'ENOTDIR'].includes(error.code)) return undefined;
      return throwFileError(HUB, path, error);
    },
  );
}

/** A hash of the kind that names a file, fed with what there is of it already. */
export async function hashPartialFile(file: HubFile, path: string): Promise<Hash> {
  const hash = file.hash.type === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${file.size}\0`);
  if ((await readSize(path)) === undefined) return hash;
  try {
    for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  } catch (cause) {
    throwFileError(HUB, path, cause);
  }
  return hash;
}

async function storeText(path: string, text: string): Promise<void> {
  const folder = dirname(path);
  await createDirectory(folder).catch((error: unknown) => throwFileError(HUB, folder, error));
  await writeFileAtomic(path, text);
}

async function readOptionalText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (isSystemError(error) && ['ENOENT', 'ENOTDIR', 'EISDIR'].includes(error.code)) return undefined;
    return throwFileError(HUB, path, error);
  });
}

function parseFiles(text: string): HubFile[] | undefined {
  try {
    const list = JSON.parse(text) as unknown;
    if (!Array.isArray(list)) return undefined;
    const files = (list as Partial<HubFile>[]).map(({ path, size, hash }) => parseHubFile(path, size, hash));
    return files.every((file) => file !== undefined) ? files : undefined;
  } catch {
    return undefined;
  }
}

function refuseDamaged(path: string): never {
  raise('PAL_DATA', {
    where: HUB,
    expected: `${path} to hold a list of files`,
    received: 'something else',
    fix: 'Remove the file.',
    details: { path },
  });
}
