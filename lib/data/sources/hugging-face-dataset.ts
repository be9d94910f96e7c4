import { checkOptions, formatSuggestion, pickOptions, raise, show } from '../../core/index.js';
import type { PartedSource, TextPart } from '../../text/index.js';
import { fileSourceKeys } from './source-options.js';
import type { OptionChecks } from '../../core/index.js';
import { FileSource } from './file-source.js';
import type { DocumentReader } from './file-source.js';
import { selectDataFiles, listKnownNames } from './hub/data-files.js';
import { HubClient } from './hub/hub-client.js';
import type { HubRevision } from './hub/hub-client.js';
import type { DownloadProgress } from './hub/hub-download.js';
import type { HubFile } from './hub/hub-file.js';
import { hubKeys } from './hub/hub-settings.js';
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
  const hub = new HubClient('dataset', name, pickOptions(options, hubKeys));
  const { commit, files } = await (hub.offline ? listCachedFiles(hub, options) : listHubFiles(hub, options));
  const byPath = new Map(files.map((file) => [file.path, file]));
  const fetchFile = (path: string): Promise<string> => hub.fetch(commit, byPath.get(path)!, options.onProgress);
  return new HubDataset({ name, commit, files: [...byPath.keys()] }, fetchFile, options);
}

/** Asks the hub: first for the files of the revision, then for those that the hub has made of them. */
async function listHubFiles(hub: HubClient, options: HubDatasetOptions): Promise<HubRevision> {
  const { revision = 'main' } = options;
  const own = await hub.list(revision);
  if (own === undefined) return hub.refuseMissing(revision);
  const selected = selectDataFiles(own.files, getSelection(options));
  if (selected.length > 0) return { commit: own.commit, files: selected };
  const conversion = options.files === undefined && revision === 'main' ? await hub.list(CONVERTED) : undefined;
  const converted = selectDataFiles(conversion?.files ?? [], getSelection(options));
  if (conversion !== undefined && converted.length > 0) return { commit: conversion.commit, files: converted };
  return refuseSelection(hub.name, [...own.files, ...(conversion?.files ?? [])], options);
}

/** Looks into the cache alone. */
async function listCachedFiles(hub: HubClient, options: HubDatasetOptions): Promise<HubRevision> {
  const { revision = 'main' } = options;
  for (const candidate of revision === 'main' ? [revision, CONVERTED] : [revision]) {
    const kept = await hub.listCached(candidate);
    const files = selectDataFiles(kept?.files ?? [], getSelection(options));
    if (kept !== undefined && files.length > 0) return { commit: kept.commit, files };
  }
  return hub.refuseOffline();
}

function getSelection({ config = 'default', split = 'train', files }: HubDatasetOptions) {
  return { config, split, files };
}

async function* readFetched(
  path: string,
  reading: Reading,
  fetchFile: (path: string) => Promise<string>,
  field: string,
): AsyncGenerator<readonly TextPart[]> {
  yield* selectReader(path, field)(await fetchFile(path), reading);
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
