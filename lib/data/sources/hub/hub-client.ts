import { checkOptions, raise, show } from '../../../core/index.js';
import { HubCache } from './hub-cache.js';
import { download } from './hub-download.js';
import type { DownloadProgress } from './hub-download.js';
import type { HubFile } from './hub-file.js';
import { HUB } from './hub-kind.js';
import type { RepositoryKind } from './hub-kind.js';
import { HubRepository } from './hub-repository.js';
import { HubRequests } from './hub-requests.js';
import { hubKeys, resolveHubSettings } from './hub-settings.js';
import type { HubOptions } from './hub-settings.js';

/** A commit of a repository, and files of it. */
export interface HubRevision {
  commit: string;
  files: HubFile[];
}

/** A repository of a hub and its cache: lists what there is and fetches what is missing. */
export class HubClient {
  readonly name: string;
  /** True where the network is not to be used. */
  readonly offline: boolean;
  readonly #repository: HubRepository;
  readonly #requests: HubRequests;
  readonly #cache: HubCache;

  /** @throws ArgumentError when the name or the address of the hub is none, or for an unknown key */
  constructor(kind: RepositoryKind, name: string, options: HubOptions) {
    this.name = name;
    this.#requests = new HubRequests(resolveHubSettings(checkOptions('HubClient', options, hubKeys)));
    this.offline = this.#requests.settings.offline;
    this.#repository = new HubRepository(kind, name, this.#requests);
    this.#cache = new HubCache(this.#requests.settings.cacheDirectory, this.#repository);
  }

  /** The commit of a revision and all its files, which the cache remembers; undefined where there is none. */
  async list(revision: string): Promise<HubRevision | undefined> {
    const commit = isCommit(revision) ? revision : await this.#repository.commit(revision);
    if (commit === undefined) return undefined;
    const files = (await this.#cache.files(commit)) ?? (await this.#repository.files(commit));
    if (files === undefined) return undefined;
    await this.#cache.storeFiles(commit, files);
    if (!isCommit(revision)) await this.#cache.storeCommit(revision, commit);
    return { commit, files };
  }

  /** The same from the cache alone. */
  async listCached(revision: string): Promise<HubRevision | undefined> {
    const commit = isCommit(revision) ? revision : await this.#cache.commit(revision);
    if (commit === undefined) return undefined;
    return { commit, files: (await this.#cache.files(commit)) ?? (await this.#cache.snapshotFiles(commit)) };
  }

  /**
   * Fetches a file of a commit unless the cache has it.
   *
   * @returns its path in the cache
   * @throws DataError when the hub does not give it, its hash is not the one listed, or the network is not to be used
   */
  async fetch(commit: string, file: HubFile, onProgress?: (progress: DownloadProgress) => void): Promise<string> {
    const path = this.#cache.path(commit, file.path);
    if (await this.#cache.holds(commit, file)) return path;
    if (this.offline) return this.refuseOffline(path);
    const target = this.#cache.blob(file);
    const url = this.#repository.address(commit, file.path);
    const wanted = { repository: this.#repository, url, file, target, onProgress };
    await shareDownload(target, () => download(this.#requests, wanted));
    await this.#cache.link(commit, file);
    return path;
  }

  /** Says that the hub has no such revision. */
  refuseMissing(revision: string): never {
    const { name, kind } = this.#repository;
    raise('PAL_DATA', {
      where: HUB,
      expected: `a ${kind} ${show(name)} with the revision ${show(revision)}`,
      received: 'none on the hub',
      fix: `Check the spelling; names have the form owner/${kind}.`,
      details: { name, revision },
    });
  }

  /** Says that the cache lacks what only the network could give. */
  refuseOffline(path = this.#cache.folder): never {
    raise('PAL_DATA', {
      where: HUB,
      expected: `${show(this.name)} to be in the cache, as the network is not to be used`,
      received: `nothing that fits in ${path}`,
      fix: 'Read it once with the network: unset HF_HUB_OFFLINE or pass offline: false.',
      details: { name: this.name, path },
    });
  }
}

function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

const downloads = new Map<string, Promise<void>>();

/** Two iterations that want the same file wait for one download. */
async function shareDownload(target: string, startDownload: () => Promise<void>): Promise<void> {
  const download = downloads.get(target) ?? startDownload().finally(() => downloads.delete(target));
  downloads.set(target, download);
  return download;
}
