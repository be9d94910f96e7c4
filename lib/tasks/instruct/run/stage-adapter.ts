import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addAdapter, deleteAdapter, loadAdapter, saveAdapter } from '../../../adapters/index.js';
import { throwFileError } from '../../../core/index.js';
import { manualSeed } from '../../../tensor/index.js';
import type { RunSettings } from './run-options.js';

/** The files of an adapter; the last one tells that both are whole. */
const ADAPTER_FILES = ['adapter_config.json', 'adapter_model.safetensors'] as const;
/** The folder of the checkpoints of a version in the making. */
export const CHECKPOINTS = 'run';

/**
 * Lays the adapter of the current version on a model, or a new one.
 * @param folder - of the current version; undefined for none
 * @param settings - of the run
 * @returns once it acts, all its tensors trained
 * @throws as `loadAdapter` and `addAdapter`
 */
export async function layFirstAdapter(folder: string | undefined, settings: RunSettings): Promise<void> {
  const { model, layouts, adapter, seed } = settings;
  manualSeed(seed);
  if (folder === undefined) addAdapter(model, adapter, { layouts });
  else await loadAdapter(folder, model, { layouts, trainable: true });
}

/**
 * Reads an adapter that was trained before its run was killed, in place of the one that a model carries.
 * @param folder - that is staged
 * @param settings - of the run
 * @returns true where there was one
 * @throws as `loadAdapter`
 */
export async function readStaged(folder: string, { model, layouts }: RunSettings): Promise<boolean> {
  if (!existsSync(join(folder, ADAPTER_FILES[1]))) return false;
  deleteAdapter(model, 'default');
  await loadAdapter(folder, model, { layouts, trainable: true });
  return true;
}

/**
 * Writes the adapter of a model into a staging folder.
 * @param folder - that is staged
 * @param settings - of the run
 * @returns once both files are there
 * @throws PalabraError of code PAL_FILE when the disk refuses
 */
export async function saveStaged(folder: string, { model, layouts, baseModel }: RunSettings): Promise<void> {
  const saved = join(folder, 'trained');
  await saveAdapter(saved, model, { layouts, replace: true, ...(baseModel !== undefined && { baseModel }) });
  try {
    for (const name of ADAPTER_FILES) await rename(join(saved, name), join(folder, name));
    await rm(saved, { recursive: true });
  } catch (cause) {
    throwFileError('trainAdapters', folder, cause);
  }
}

/**
 * Removes the checkpoints from a folder whose adapter is trained.
 * @param folder - that is staged
 * @returns once they are gone
 */
export async function removeCheckpoints(folder: string): Promise<void> {
  const checkpoints = join(folder, CHECKPOINTS);
  await rm(checkpoints, { recursive: true, force: true }).catch((cause: unknown) =>
    throwFileError('trainAdapters', checkpoints, cause),
  );
}
