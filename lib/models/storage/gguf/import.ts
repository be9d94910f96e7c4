import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkOptions,
  createParent,
  expectBoolean,
  expectFunction,
  writeDirectoryAtomic,
} from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import { openGguf, scope, streamSafetensors } from '../../../tensor/index.js';
import type { GgufReader, Tensor, TensorParts } from '../../../tensor/index.js';
import { parseTokenizer } from '../../../text/index.js';
import { writeJson } from '../folder.js';
import { importGenerationConfig } from '../hugging-face/generation.js';
import { findLayout } from '../registry.js';
import type { GgufTensorRule } from './convention.js';
import { readContents } from './contents.js';
import type { GgufContents } from './contents.js';
import { loadGgufKeys } from './load.js';
import type { LoadGgufOptions } from './load.js';
import { listRows } from './weights.js';

/** Settings of {@link importGguf}. */
export interface ImportGgufOptions extends Pick<LoadGgufOptions, 'dtype'> {
  /** Takes the place of a folder that is already there (default false). */
  replace?: boolean;
  /** Called before each tensor with how many are done, and how many there are. */
  onTensor?: (done: number, total: number) => void;
}

const importGgufKeys: OptionChecks<ImportGgufOptions> = {
  dtype: loadGgufKeys.dtype,
  replace: expectBoolean,
  onTensor: expectFunction,
};

/** What {@link importGguf} wrote. */
export interface ImportedModel {
  /** The value of `general.name`, where the file has one. */
  name: string | undefined;
  parameters: number;
  tensors: number;
  /** Tokens of the tokenizer; 0 where the file has none. */
  tokens: number;
  hasChatTemplate: boolean;
}

/**
 * Writes what a GGUF file holds as a folder of Hugging Face, which {@link loadModel} and transformers read: settings,
 * weights, tokenizer with its chat template, generation settings. Of the weights no more than a part of one tensor is
 * held. After a crash at any moment there is the whole new folder or what was there before.
 *
 * @param path - the file, as {@link loadGguf} reads it
 * @param folder - the folder to appear; folders above it are made
 * @param options - `dtype` of the weights (default float32), `replace` (default false), `onTensor`
 * @returns name and sizes of the model
 * @throws PalabraError of code PAL_FILE when the file cannot be read, the folder exists or the disk refuses
 * @throws CheckpointError naming the place, the key or the tensor that is damaged, missing or not computed here
 * @throws ConfigError when the model would not fit its schema
 * @example await importGguf('SmolLM2-135M-Instruct.Q4_1.gguf', 'models/smollm2');
 */
export async function importGguf(
  path: string,
  folder: string,
  options: ImportGgufOptions = {},
): Promise<ImportedModel> {
  const { dtype = 'float32', replace = false, onTensor } = checkOptions('importGguf', options, importGgufKeys);
  using file = openGguf(path);
  const contents = readContents(file);
  expectReadable(contents);
  const tensors = new Map(contents.rules.map((rule) => [rule.theirs, createParts(file, rule, dtype)]));
  await createParent('importGguf', folder);
  const fill = async (directory: string): Promise<void> => {
    await writeSettings(directory, contents, dtype);
    await streamSafetensors(join(directory, 'model.safetensors'), withCounts(tensors, onTensor), { format: 'pt' });
  };
  await writeDirectoryAtomic(folder, fill, { replace });
  return describe(file, contents);
}

/** Requires that the folder could be read again, before anything is written. */
function expectReadable({ fields, generation, tokenizer }: GgufContents): void {
  const { vocabSize } = findLayout(fields).convention.toConfig(fields);
  importGenerationConfig(generation, vocabSize);
  if (tokenizer !== undefined) parseTokenizer(tokenizer.tokenizer);
}

async function writeSettings(
  directory: string,
  { fields, generation, tokenizer }: GgufContents,
  dtype: string,
): Promise<void> {
  await writeJson(join(directory, 'config.json'), { ...fields, dtype });
  await writeJson(join(directory, 'generation_config.json'), generation);
  if (tokenizer === undefined) return;
  await writeFile(join(directory, 'tokenizer.json'), `${JSON.stringify(tokenizer.tokenizer)}\n`);
  await writeJson(join(directory, 'tokenizer_config.json'), tokenizer.config);
}

function createParts(file: GgufReader, rule: GgufTensorRule, dtype: TensorParts['dtype']): TensorParts {
  return {
    ...{ shape: rule.shape, dtype },
    *parts() {
      for (const { read } of listRows(file, rule)) yield scope((): Tensor => read().to(dtype).contiguous());
    },
  };
}

function withCounts(
  tensors: ReadonlyMap<string, TensorParts>,
  onTensor: ImportGgufOptions['onTensor'],
): ReadonlyMap<string, TensorParts> {
  let done = 0;
  const count = ({ parts, ...rest }: TensorParts): TensorParts => ({
    ...rest,
    parts: () => {
      onTensor?.(done++, tensors.size);
      return parts();
    },
  });
  return new Map([...tensors].map(([name, tensor]) => [name, count(tensor)]));
}

function describe(file: GgufReader, { rules, tokenizer }: GgufContents): ImportedModel {
  const numbers = rules.map(({ shape }) => shape.reduce((product, size) => product * size, 1));
  return {
    name: file.metadata.text('general.name'),
    parameters: numbers.reduce((sum, count) => sum + count, 0),
    tensors: rules.length,
    tokens: file.metadata.texts('tokenizer.ggml.tokens')?.length ?? 0,
    hasChatTemplate: tokenizer?.config.chat_template !== undefined,
  };
}
