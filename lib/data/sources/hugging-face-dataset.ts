import { checkOptions, formatSuggestion, pickOptions, raise, show } from '../../core/index.js';
import type { PartedSource, TextPart } from '../../text/index.js';
import { fileSourceKeys } from './source-options.js';
import type { OptionChecks } from '../../core/index.js';
import { FileSource } from './file-source.js';
import type { DocumentReader } from './file-source.js';
import { selectDataFiles, listKnownNames } from './hub/data-files.js';
import { HubCache } from './hub/hub-cache.js';
import { download } from './hub/hub-download.js';
import type { DownloadProgress } from './hub/hub-download.js';
import type { HubFile } from './hub/hub-file.js';
import { HubRepository } from './hub/hub-repository.js';
import { HubRequests } from './hub/hub-requests.js';
import { hubKeys, resolveHubSettings } from './hub/hub-settings.js';
import type { HubOptions } from './hub/hub-settings.js';
import { selectReader } from './readers.js';
import type { Reading, SourceReport } from './reading.js';
import type { FileSourceOptions } from './source-options.js';

const WHERE = 'loadHuggingFaceDataset';
/** The branch on which the hub keeps every dataset as parquet files. */
const CONVERTED = 'refs/convert/parquet';

/** Options of {@link loadHuggingFaceDataset}. */
export interface HubDatasetOptions extends HubOptions, Omit<FileSourceOptions, 'directory'> {
  /** One of the dataset's configurations, e.g. `wikitext-2-raw-v1`. Default: `default`. */
  config?: string;
  /** Default: `train`. */
  split?: string;
  /** The column of the text. Default: `text`. */
  field?: string;
  /** A branch, tag or commit. Default: `main`. */
  revision?: string;
  /** A pattern for the paths to read, in place of config and split: `data/*.jsonl.gz`. */
  files?: string;
  /** Called for each chunk that is fetched. */
  onProgress?: (progress: DownloadProgress) => void;
}

/** The keys of {@link HubDatasetOptions}. */
export const hubDatasetKeys: OptionChecks<HubDatasetOptions> = {
  ...hubKeys,
  onMalformed: true,
  invalidUtf8: true,
  blank: true,
  limits: fileSourceKeys.limits,
  config: true,
  split: true,
  field: true,
  revision: true,
  files: true,
  onProgress: true,
};

/** A split of a dataset of the hub as documents; files are fetched when they are first read. */
export class HubDataset implements PartedSource {
  readonly name: string;
  /** The commit that is read, which names the data for good. */
  readonly commit: string;
  /** The paths in the repository. */
  readonly files: readonly string[];
  readonly #fetched: (path: string) => Promise<string>;
  readonly #source: FileSource;

  constructor(
    place: { name: string; commit: string; files: readonly string[] },
    fetched: (path: string) => Promise<string>,
    options: HubDatasetOptions,
  ) {
    checkOptions('HubDataset', options, hubDatasetKeys);
    ({ name: this.name, commit: this.commit, files: this.files } = place);
    this.#fetched = fetched;
    const read: DocumentReader = (path, reading) => readFetched(path, reading, fetched, options.field ?? 'text');
    this.#source = new FileSource(WHERE, this.files, pickOptions(options, fileSourceKeys), read, 'row');
  }

  /** The report of the iteration that started last. */
  get report(): Readonly<SourceReport> {
    return this.#source.report;
  }

  /** Fetches all files, and returns where they are. */
  async download(): Promise<string[]> {
    const paths: string[] = [];
    for (const file of this.files) paths.push(await this.#fetched(file));
    return paths;
  }

  [Symbol.asyncIterator](): AsyncGenerator<string> {
    return this.#source[Symbol.asyncIterator]();
  }

  /** The documents in groups, long texts in parts. */
  parts(): AsyncGenerator<readonly TextPart[]> {
    return this.#source.parts();
  }
}

/**
 * A split of a dataset of the Hugging Face hub as a source. Files are kept in the cache that other clients use, under
 * their hashes, which are checked; what was interrupted goes on where it stopped.
 *
 * @throws DataError when there is no such dataset, configuration or split, access is refused or the hub does not answer
 * @example await loadHuggingFaceDataset('Salesforce/wikitext', { config: 'wikitext-2-raw-v1', split: 'train' })
 */
export async function loadHuggingFaceDataset(name: string, options: HubDatasetOptions = {}): Promise<HubDataset> {
  checkOptions('loadHuggingFaceDataset', options, hubDatasetKeys);
  const requests = new HubRequests(resolveHubSettings(options));
  const repository = new HubRepository(name, requests);
  const cache = new HubCache(requests.settings.cacheDirectory, name);
  const { commit, files } = await (requests.settings.offline
    ? listCachedFiles(name, cache, options)
    : listHubFiles(repository, cache, options));
  const byPath = new Map(files.map((file) => [file.path, file]));
  const fetchFile = async (path: string): Promise<string> => {
    const file = byPath.get(path)!;
    if (await cache.holds(commit, file)) return cache.path(commit, path);
    if (requests.settings.offline) refuseOffline(name, cache.path(commit, path));
    const target = cache.blob(file);
    const url = repository.address(commit, path);
    await shareDownload(target, () => download(requests, { name, url, file, target, onProgress: options.onProgress }));
    await cache.link(commit, file);
    return cache.path(commit, path);
  };
  return new HubDataset({ name, commit, files: [...byPath.keys()] }, fetchFile, options);
}

interface Selected {
  commit: string;
  files: HubFile[];
}

/** Asks the hub: first for the files of the revision, then for those that the hub has made of them. */
async function listHubFiles(repository: HubRepository, cache: HubCache, options: HubDatasetOptions): Promise<Selected> {
  const { revision = 'main' } = options;
  const own = await listRevisionFiles(repository, cache, revision);
  if (own === undefined) return refuseMissing(repository.name, revision);
  const selected = selectDataFiles(own.files, getSelection(options));
  if (selected.length > 0) return { commit: own.commit, files: selected };
  const conversion =
    options.files === undefined && revision === 'main'
      ? await listRevisionFiles(repository, cache, CONVERTED)
      : undefined;
  const converted = selectDataFiles(conversion?.files ?? [], getSelection(options));
  if (conversion !== undefined && converted.length > 0) return { commit: conversion.commit, files: converted };
  return refuseSelection(repository.name, [...own.files, ...(conversion?.files ?? [])], options);
}

async function listRevisionFiles(
  repository: HubRepository,
  cache: HubCache,
  revision: string,
): Promise<{ commit: string; files: HubFile[] } | undefined> {
  const commit = isCommit(revision) ? revision : await repository.commit(revision);
  if (commit === undefined) return undefined;
  const files = (await cache.files(commit)) ?? (await repository.files(commit));
  if (files === undefined) return undefined;
  await cache.storeFiles(commit, files);
  if (!isCommit(revision)) await cache.storeCommit(revision, commit);
  return { commit, files };
}

/** Looks into the cache alone. */
async function listCachedFiles(name: string, cache: HubCache, options: HubDatasetOptions): Promise<Selected> {
  const { revision = 'main' } = options;
  for (const candidate of revision === 'main' ? [revision, CONVERTED] : [revision]) {
    const commit = isCommit(candidate) ? candidate : await cache.commit(candidate);
    if (commit === undefined) continue;
    const files = selectDataFiles(
      (await cache.files(commit)) ?? (await cache.snapshotFiles(commit)),
      getSelection(options),
    );
    if (files.length > 0) return { commit, files };
  }
  return refuseOffline(name, cache.folder);
}

function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

function getSelection({ config = 'default', split = 'train', files }: HubDatasetOptions) {
  return { config, split, files };
}

const downloads = new Map<string, Promise<void>>();

/** Two iterations that want the same file wait for one download. */
async function shareDownload(target: string, startDownload: () => Promise<void>): Promise<void> {
  const download = downloads.get(target) ?? startDownload().finally(() => downloads.delete(target));
  downloads.set(target, download);
  return download;
}

async function* readFetched(
  path: string,
  reading: Reading,
  fetchFile: (path: string) => Promise<string>,
  field: string,
): AsyncGenerator<readonly TextPart[]> {
  yield* selectReader(path, field)(await fetchFile(path), reading);
}

function refuseMissing(name: string, revision: string): never {
  raise('PAL_DATA', {
    where: WHERE,
    expected: `a dataset ${show(name)} with the revision ${show(revision)}`,
    received: 'none on the hub',
    fix: 'Check the spelling; names have the form owner/dataset.',
    details: { name, revision },
  });
}

function refuseSelection(name: string, all: readonly HubFile[], options: HubDatasetOptions): never {
  const { config, split, files } = getSelection(options);
  const known = listKnownNames(all);
  const [wanted, choices] =
    known.configs.includes(config) || config === 'default' ? [split, known.splits] : [config, known.configs];
  const hint =
    config === 'default' && known.configs.length > 0
      ? `Configurations: ${known.configs.join(', ')}.`
      : formatSuggestion(wanted, choices);
  raise('PAL_DATA', {
    where: WHERE,
    expected:
      files === undefined
        ? `files of ${name} for config ${show(config)} and split ${show(split)}`
        : `files of ${name} that match ${show(files)}`,
    received: `none among ${all.length}`,
    fix:
      files === undefined
        ? `${hint} Or name them by a pattern in files.`.trim()
        : 'Files end in parquet, jsonl, csv, tsv or txt, perhaps with gz or zst.',
    details: { name, config, split, files, ...known },
  });
}

function refuseOffline(name: string, path: string): never {
  raise('PAL_DATA', {
    where: WHERE,
    expected: `${show(name)} to be in the cache, as the network is not to be used`,
    received: `nothing that fits in ${path}`,
    fix: 'Read it once with the network: unset HF_HUB_OFFLINE or pass offline: false.',
    details: { name, path },
  });
}
