import type { HeldOutTexts } from './prepare-config.js';
import { dirname, resolve } from 'node:path';
import {
  createDirectory,
  checkNested,
  checkOptions,
  expectFunction,
  parseConfig,
  throwFileError,
  writeDirectoryAtomic,
} from '../../core/index.js';
import type { TextSource } from '../../text/index.js';
import { prepareConfigSchema } from './prepare-config.js';
import { writeFolder } from './prepare-folder.js';
import type { PrepareOptions } from './prepare-options.js';
import type { OptionChecks } from '../../core/index.js';
import type { PreparedManifest } from './prepared-manifest.js';

/** The keys of {@link PrepareOptions}. */
export const prepareKeys: OptionChecks<PrepareOptions> = {
  split: true,
  preprocess: true,
  separator: true,
  startToken: true,
  endToken: true,
  contamination: true,
  directory: true,
  tokenizer: true,
  replace: true,
  heldOut: checkNested<HeldOutTexts>({ validation: true, test: true }),
  augmentation: true,
  onProgress: true,
  onStage: true,
  signal: true,
};

/**
 * Encodes a text once, for many trainings: a folder with `train.bin`, `validation.bin` and `test.bin`, the tokenizer
 * and `manifest.json` with everything that was chosen and the hash of each file. Texts larger than memory are fine, and
 * this thread is never held for long. What is learned, tokenizer or forms of words, is learned from the training part;
 * the source is then read several times.
 *
 * @throws ConfigError when an option does not fit {@link prepareConfigSchema}
 * @throws DataError when the source has no text, too few documents, or too little for a part
 * @throws PalabraError PAL_FILE when the folder exists or the disk refuses; PAL_ABORTED when the signal fires
 * @example
 * await prepare(textFiles('corpus/*.txt'), { directory: 'data/corpus', tokenizer });
 * const { train, validation } = await openPrepared('data/corpus');
 */
export async function prepare(source: TextSource, options: PrepareOptions): Promise<PreparedManifest> {
  const {
    directory,
    tokenizer,
    replace = false,
    heldOut = {},
    augmentation,
    onProgress,
    onStage,
    signal,
    ...rest
  } = checkOptions('prepare', options, prepareKeys);
  if (augmentation !== undefined) expectFunction('prepare', 'augmentation', augmentation);
  const config = parseConfig('prepare', prepareConfigSchema, rest);
  const target = resolve(directory);
  await createDirectory(dirname(target)).catch((error: unknown) => throwFileError('prepare', target, error));
  let manifest: PreparedManifest | undefined;
  const work = { tokenizer, config, heldOut, augmentation, onProgress, onStage, signal };
  const fill = async (folder: string): Promise<void> => {
    manifest = await writeFolder(folder, source, work);
  };
  await writeDirectoryAtomic(target, fill, { replace });
  return manifest!;
}
