import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addAdapter, deleteAdapter, loadAdapter, saveAdapter } from '../../../adapters/index.js';
import { throwFileError } from '../../../core/index.js';
import { manualSeed } from '../../../tensor/index.js';
import type { RunSettings } from './run-options.js';
import { trainPasses } from './train-passes.js';
import type { PackedPasses } from './train-passes.js';

/** The files of an adapter; the last one tells that both are whole. */
const ADAPTER_FILES = ['adapter_config.json', 'adapter_model.safetensors'] as const;
const RUN = 'run';

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
 * Trains the adapter of a model in a staging folder and leaves its files there; goes on from what a run that was killed
 * has left.
 *
 * @param folder - that is staged
 * @param data - the packed passes of the plan
 * @param settings - of the run
 * @returns the updates that were made now
 * @throws as `trainPasses`, and of code PAL_FILE when the disk refuses
 */
export async function trainStaged(folder: string, data: PackedPasses, settings: RunSettings): Promise<number> {
  const { model, layouts, baseModel } = settings;
  if (existsSync(join(folder, ADAPTER_FILES[1]))) {
    deleteAdapter(model, 'default');
    await loadAdapter(folder, model, { layouts });
    return 0;
  }
  const made = await trainPasses(join(folder, RUN), data, settings);
  const saved = join(folder, 'trained');
  await saveAdapter(saved, model, { layouts, replace: true, ...(baseModel !== undefined && { baseModel }) });
  try {
    for (const name of ADAPTER_FILES) await rename(join(saved, name), join(folder, name));
    await rm(saved, { recursive: true });
  } catch (cause) {
    throwFileError('trainAdapters', folder, cause);
  }
  return made;
}

/**
 * Removes the checkpoints from a folder whose adapter is trained.
 * @param folder - that is staged
 * @returns once they are gone
 */
export async function removeCheckpoints(folder: string): Promise<void> {
  await rm(join(folder, RUN), { recursive: true, force: true });
}
