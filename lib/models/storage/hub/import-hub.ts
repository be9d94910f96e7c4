import { constants } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  checkOptions,
  createParent,
  expectBoolean,
  expectFunction,
  pickOptions,
  throwFileError,
  writeDirectoryAtomic,
} from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import { HubClient, hubKeys } from '../../../data/index.js';
import type { DownloadProgress, HubOptions, HubRevision } from '../../../data/index.js';
import { loadChatTemplate, loadTokenizer } from '../../../text/index.js';
import { readJson, readOptional } from '../folder.js';
import { INDEX } from '../hugging-face/shards.js';
import { FolderWeights } from '../hugging-face/weights.js';
import { findLayout } from '../registry.js';
import { selectModelFiles } from './model-files.js';

/** Settings of {@link importHub}. */
export interface ImportHubOptions extends HubOptions {
  /** A branch, tag or commit (default `main`). */
  revision?: string;
  /** Takes the place of a folder that is already there (default false). */
  replace?: boolean;
  /** Called for each chunk that is fetched. */
  onProgress?: (progress: DownloadProgress) => void;
}

/** The keys of {@link ImportHubOptions}. */
export const importHubKeys: OptionChecks<ImportHubOptions> = {
  ...hubKeys,
  revision: true,
  replace: expectBoolean,
  onProgress: expectFunction,
};

/** What {@link importHub} wrote. */
export interface HubModel {
  /** The name of the repository. */
  name: string;
  /** The commit that was read, which names the files for good. */
  commit: string;
  parameters: number;
  tensors: number;
  /** Tokens of the tokenizer; 0 where there is none. */
  tokens: number;
  hasChatTemplate: boolean;
}

/**
 * Fetches a model of the Hugging Face hub and writes it as a folder, as it is: settings, weights in safetensors (shards
 * too), tokenizer, chat template. Files are kept in the cache that other clients of the hub use, and their hashes are
 * checked; what was interrupted goes on where it stopped. After a crash at any moment there is the whole new folder or
 * what was there before.
 *
 * @param name - as in the address, `owner/name`
 * @param folder - the folder to appear; folders above it are made
 * @param options - of the hub; `revision` (default `main`), `replace` (default false), `onProgress`
 * @returns name, commit and sizes of the model
 * @throws DataError when there is no such model or revision, it has no weights in safetensors, access is refused or the
 *   hub does not answer
 * @throws ConfigError for an architecture or a setting that is not computed here
 * @throws CheckpointError when weights are damaged
 * @throws PalabraError of code PAL_FILE when the folder exists or the disk refuses
 * @example await importHub('HuggingFaceTB/SmolLM2-135M-Instruct', 'models/smollm2');
 */
export async function importHub(name: string, folder: string, options: ImportHubOptions = {}): Promise<HubModel> {
  const { replace = false } = checkOptions('importHub', options, importHubKeys);
  const { commit, paths } = await fetchModel(name, options);
  const found = await inspectFolder(dirname([...paths.values()][0]!));
  await createParent('importHub', folder);
  const fill = async (directory: string): Promise<void> => {
    for (const [file, path] of paths) {
      const target = join(directory, file);
      await copyFile(path, target, constants.COPYFILE_FICLONE).catch((cause: unknown) =>
        throwFileError('importHub', target, cause),
      );
    }
  };
  await writeDirectoryAtomic(folder, fill, { replace });
  return { name, commit, ...found };
}

/** Fetches the files of a model, of shards those that the index names. @returns their paths in the cache, by name */
async function fetchModel(
  name: string,
  { revision = 'main', onProgress, ...options }: ImportHubOptions,
): Promise<{ commit: string; paths: Map<string, string> }> {
  const client = new HubClient('model', name, pickOptions(options, hubKeys));
  const { commit, files } = await listFiles(client, revision);
  const paths = new Map<string, string>();
  const index = files.find(({ path }) => path === INDEX);
  const map = index && (await readJson(await client.fetch(commit, index, onProgress)));
  for (const file of selectModelFiles(name, files, map)) {
    paths.set(file.path, await client.fetch(commit, file, onProgress));
  }
  return { commit, paths };
}

async function listFiles(client: HubClient, revision: string): Promise<HubRevision> {
  if (client.offline) return (await client.listCached(revision)) ?? client.refuseOffline();
  return (await client.list(revision)) ?? client.refuseMissing(revision);
}

/** Requires a folder that can be opened, as far as that is known without its weights, and counts what it holds. */
async function inspectFolder(folder: string): Promise<Omit<HubModel, 'name' | 'commit'>> {
  const fields = await readJson(join(folder, 'config.json'));
  const own = (fields as { format?: unknown }).format === 'palabra';
  if (!own) findLayout(fields).convention.toConfig(fields);
  const tokenizer = await readOptional(loadTokenizer(folder));
  const weights = await FolderWeights.open(folder);
  try {
    const sizes = weights.shapes.map((shape) => shape.reduce((product, size) => product * size, 1));
    return {
      parameters: sizes.reduce((sum, size) => sum + size, 0),
      tensors: sizes.length,
      tokens: tokenizer?.size ?? 0,
      hasChatTemplate: (await loadChatTemplate(folder)) !== undefined,
    };
  } finally {
    weights.close();
  }
}
