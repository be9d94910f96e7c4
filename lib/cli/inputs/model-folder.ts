import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { raise } from '../../core/index.js';
import { loadModel } from '../../models/index.js';
import type { GenerationConfig, LanguageModel } from '../../models/interface/index.js';
import { createPreprocessor } from '../../text/index.js';
import type { ChatTemplate, PreprocessOptions, Tokenizer } from '../../text/index.js';
import type { Output } from '../output.js';
import { importRecorded } from './run-imports.js';

/** A model with all that is needed to use it on text; disposing of it frees the model. */
export interface OpenModel extends Disposable {
  folder: string;
  model: LanguageModel;
  tokenizer: Tokenizer;
  /** The way the model writes conversations; undefined for one that only goes on with texts. */
  chatTemplate: ChatTemplate | undefined;
  generation: GenerationConfig;
  /** Preprocessing of text before it is encoded; undefined for none. */
  preprocess: PreprocessOptions | undefined;
}

/** The model folder that a path means: itself, or the one inside a run folder. */
export function resolveModelFolder(path: string): string {
  const inside = join(path, 'model');
  return existsSync(join(inside, 'config.json')) ? inside : path;
}

/** The run that a model folder or a checkpoint belongs to; the path itself where there is none. */
export function resolveRunFolder(path: string): string {
  const around = [path, join(path, '..'), join(path, '..', '..')];
  return around.find(isRun) ?? path;
}

/** Tells whether a folder is that of a run whose data are known. */
export function isRun(folder: string): boolean {
  return existsSync(join(folder, 'data.json'));
}

/**
 * Opens a model folder, or that of a run.
 *
 * @param path - of the folder
 * @param output - is told of what a folder of Hugging Face says that nothing here reads
 * @returns the model and what lies beside it
 * @throws PalabraError of code PAL_FILE when it has no model or no tokenizer
 */
export async function openModel(path: string, output: Pick<Output, 'err'>): Promise<OpenModel> {
  const folder = resolveModelFolder(path);
  await importRecorded(folder, output);
  const { model, tokenizer, chatTemplate, generation, preprocess, notes = [] } = await loadModel(folder);
  for (const note of notes) output.err(`${folder}: ${note}\n`);
  const dispose = (): void => model.dispose();
  if (tokenizer !== undefined) {
    return { folder, model, tokenizer, chatTemplate, generation, preprocess, [Symbol.dispose]: dispose };
  }
  dispose();
  return raise('PAL_FILE', {
    where: 'palabra',
    expected: `a tokenizer.json in ${folder}`,
    received: 'none',
    fix: 'Save the model with its tokenizer.',
    details: { path: folder },
  });
}

/** A text made uniform as the training text was. */
export function preprocessText({ preprocess }: Pick<OpenModel, 'preprocess'>, text: string): string {
  return preprocess === undefined ? text : createPreprocessor(preprocess)(text);
}
