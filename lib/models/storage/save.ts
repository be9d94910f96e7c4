import { loadModelKeys, saveModelKeys } from './save-options.js';
import { compressionSchema, describeCompression } from './compression.js';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { z } from 'zod';
import { createParent, checkOptions, deferSchema, parseConfig, raise, writeDirectoryAtomic } from '../../core/index.js';
import {
  loadChatTemplate,
  loadTokenizer,
  preprocessConfigSchema,
  saveChatTemplate,
  saveTokenizer,
} from '../../text/index.js';
import type { PreprocessConfig } from '../../text/index.js';
import { Generator, dtypes, openSafetensors, saveSafetensors, scope, withGenerator } from '../../tensor/index.js';
import type { SafetensorsReader, Tensor } from '../../tensor/index.js';
import { readOptional, readJson, writeJson } from './folder.js';
import { generationConfigSchema } from '../interface/generation-config.js';
import { loadHuggingFace } from './hugging-face/hugging-face.js';
import { fillQuantized, groupSizes, prepareQuantized, withoutInitialization } from '../../nn/index.js';
import type { Module, NamedTensors, RowLayout, WeightFormat } from '../../nn/index.js';
import { describeModel } from '../interface/language-model.js';
import type { LanguageModel } from '../interface/language-model.js';
import { markPretrained } from '../interface/pretrained.js';
import { findArchitecture } from './registry.js';
import type { Architecture } from '../interface/architecture.js';
import { expectWithinFile } from './size-check.js';
import type { LoadModelOptions, LoadedModel, SaveModelOptions } from './save-options.js';

/** The files of a model folder. */
const FILES = {
  config: 'config.json',
  weights: 'model.safetensors',
  generation: 'generation_config.json',
  preprocess: 'preprocess.json',
  evaluation: 'evaluation.json',
} as const;

/** The schema of `config.json`. */
const configFileSchema = deferSchema((z) =>
  z.strictObject({
    format: z.literal('palabra').describe('Who wrote the folder.'),
    formatVersion: z.literal(1),
    model: z.string().describe('The architecture, by its name in the registry.'),
    dtype: z.enum(dtypes).describe('Element type of the weights that compression says nothing of.'),
    compression: compressionSchema,
    config: z.record(z.string(), z.unknown()).describe('Configuration of the architecture.'),
  }),
);

/**
 * Writes a model folder: `config.json`, `model.safetensors`, `tokenizer.json`, `generation_config.json`, where text is
 * made uniform first `preprocess.json`, and where the weights were evaluated `evaluation.json`. After a crash at any moment there is the whole new folder or what was there
 * before. Folders above it are made.
 *
 * @param folder - its path
 * @param model - of an architecture in the registry; of another module the class is named and the weights are stored, in
 *   their dtype, for `loadStateDict(loadSafetensors(…))`
 * @param options - tokenizer, generation settings, preprocessing and evaluation to store (default: none); `replace` (default false)
 * @throws PalabraError of code PAL_FILE when the folder exists and `replace` is not set, or the disk refuses
 * @throws ConfigError when the generation settings or the preprocessing do not fit
 * @example await saveModel('models/first', model, { tokenizer, generation: { temperature: 0.8 } });
 */
export async function saveModel(folder: string, model: Module, options: SaveModelOptions = {}): Promise<void> {
  await saveModelTensors(folder, model, undefined, options);
}

/**
 * Writes a model folder as {@link saveModel} does, with chosen tensors of the model: the others have to come from elsewhere.
 *
 * @param folder - its path
 * @param model - as for {@link saveModel}
 * @param tensors - by their paths in `stateDict`, in any shape and dtype; undefined for all
 * @param options - as for {@link saveModel}
 * @throws as {@link saveModel}
 */
export async function saveModelTensors(
  folder: string,
  model: Module,
  tensors: NamedTensors | undefined,
  options: SaveModelOptions = {},
): Promise<void> {
  checkOptions('saveModel', options, saveModelKeys);
  const { tokenizer, chatTemplate, evaluation, replace = false } = options;
  const generation = parseConfig('saveModel', generationConfigSchema, options.generation ?? {}, 'generation');
  const preprocess = options.preprocess && parsePreprocess('saveModel', options.preprocess);
  const fill = async (directory: string): Promise<void> => {
    await writeJson(join(directory, FILES.config), createConfigFile(model));
    await saveWeights(join(directory, FILES.weights), tensors ?? model.stateDict());
    await writeJson(join(directory, FILES.generation), generation);
    if (tokenizer !== undefined) await saveTokenizer(tokenizer, directory);
    if (chatTemplate !== undefined) await saveChatTemplate(chatTemplate, directory);
    if (preprocess !== undefined) await writeJson(join(directory, FILES.preprocess), preprocess);
    if (evaluation !== undefined) await writeJson(join(directory, FILES.evaluation), evaluation);
  };
  await createParent('saveModel', folder);
  await writeDirectoryAtomic(folder, fill, { replace });
}

/**
 * Reads a model folder, ours or one of Hugging Face (GPT-2, LLaMA, Mistral, Qwen 2); nothing in it is executed.
 *
 * @param folder - its path
 * @param options - how weights are held
 * @param options.weights - `bfloat16`, `int8` or `int4`: linear maps and tables in a shorter type, read tensor by tensor, for a
 *   base that is not trained (default: as they were stored)
 * @returns the model in evaluation mode on the CPU, its weights in the dtype they were stored in, and what lies beside
 *   it
 * @throws PalabraError of code PAL_FILE when a file cannot be read
 * @throws ConfigError when a configuration does not fit
 * @throws CheckpointError when weights are missing, unknown, misshapen or damaged
 * @example const { model } = await loadModel('models/smollm2', { weights: 'int8' });
 */
export async function loadModel(folder: string, options: LoadModelOptions = {}): Promise<LoadedModel> {
  const { weights } = checkOptions('loadModel', options, loadModelKeys);
  const fields = await readJson(join(folder, FILES.config));
  if (isHuggingFace(fields)) return loadHuggingFace(folder, options);
  const stored = parseConfig('loadModel', configFileSchema, fields);
  const generation = await readOptional(readJson(join(folder, FILES.generation)));
  const settings = parseConfig('loadModel', generationConfigSchema, generation ?? {}, FILES.generation);
  const tokenizer = await readOptional(loadTokenizer(folder));
  const chatTemplate = await loadChatTemplate(folder);
  const preprocess = await readPreprocess(folder);
  using file = openSafetensors(join(folder, FILES.weights));
  const architecture = findArchitecture(FILES.config, stored.model);
  expectWithinFile(folder, architecture, stored.config, listShapes(file));
  const model = createModel(architecture, stored);
  try {
    fillModel(model, { file, path: join(folder, FILES.weights), stored, weights });
  } catch (error) {
    model.dispose();
    throw error;
  }
  return { model: markPretrained(model), tokenizer, chatTemplate, generation: settings, preprocess };
}

/**
 * Reads the weights of a model folder into a model that has their names and shapes.
 *
 * @param folder - that {@link saveModel} wrote
 * @param model - on any device; its weights are overwritten
 * @throws PalabraError of code PAL_FILE when the file cannot be read
 * @throws CheckpointError when weights are missing, unknown, misshapen or damaged
 */
export function restoreWeights(folder: string, model: Module): void {
  const path = join(folder, FILES.weights);
  using file = openSafetensors(path);
  loadWeights(file, path, model);
}

/**
 * Reads the preprocessing of a model folder.
 *
 * @param folder - that {@link saveModel} wrote
 * @returns the steps that make text uniform; undefined where there are none
 * @throws PalabraError of code PAL_FILE when the file cannot be read
 * @throws ConfigError when they do not fit
 */
export async function readPreprocess(folder: string): Promise<PreprocessConfig | undefined> {
  const found = await readOptional(readJson(join(folder, FILES.preprocess)));
  return found === undefined ? undefined : parsePreprocess('loadModel', found);
}

/**
 * Reads what was measured with the weights of a model folder.
 *
 * @param folder - that {@link saveModel} wrote
 * @returns plain data as it was stored, unchecked; undefined where there is none
 * @throws PalabraError of code PAL_FILE when the file cannot be read
 */
export async function readEvaluation(folder: string): Promise<unknown> {
  return readOptional(readJson(join(folder, FILES.evaluation)));
}

function parsePreprocess(where: string, value: unknown): PreprocessConfig {
  return parseConfig(where, preprocessConfigSchema, value, 'preprocess');
}

/** Tests if a `config.json` is one of Hugging Face's. */
function isHuggingFace(fields: unknown): boolean {
  return typeof fields === 'object' && fields !== null && 'model_type' in fields && !('format' in fields);
}

function createConfigFile(model: Module): z.output<typeof configFileSchema> {
  const compression = describeCompression(model);
  return {
    ...{ format: 'palabra', formatVersion: 1, dtype: model.dtype },
    ...(compression && { compression }),
    ...describeModel(model),
  };
}

/** The architecture with values of no meaning; the environment's random stream stays where it is. */
function createModel(architecture: Architecture, { config, dtype }: z.output<typeof configFileSchema>): LanguageModel {
  using generator = new Generator(0);
  return withGenerator(generator, () => withoutInitialization(() => architecture.build(config)))
    .to({ dtype })
    .eval();
}

/** Where weights come from, and how they are to be held. */
interface Source {
  file: SafetensorsReader;
  path: string;
  stored: z.output<typeof configFileSchema>;
  weights: WeightFormat | undefined;
}

function fillModel(model: Module, { file, path, stored, weights }: Source): void {
  if (stored.compression !== undefined) {
    const formats = stored.compression.map(({ options }) => options.weights);
    expectSameFormat(path, formats, weights);
    prepareQuantized(model, (name, width) => findLayout(file, name, { formats, width }));
  } else if (weights !== undefined) {
    model.to({ dtype: 'float32' });
    scope(() => {
      fillQuantized(model, readAll(file, path), { weights });
    });
    return;
  }
  loadWeights(file, path, model);
}

/** What a file has the weight of a module in; undefined for its own type. */
function findLayout(
  file: SafetensorsReader,
  path: string,
  { formats, width }: { formats: readonly WeightFormat[]; width: number },
): RowLayout | undefined {
  const [weight, scale] = [`${path}.weight`, `${path}.scale`];
  const dtype = file.has(weight) ? file.dtype(weight) : undefined;
  const format = formats.find((name) => dtype === (name === 'int4' ? 'uint8' : name));
  if (format === undefined) return undefined;
  const shape = file.has(scale) ? file.shape(scale) : [];
  const [, groups = 0] = shape;
  const group = groupSizes.find((size) => width === size * groups);
  return { format, group, zeroPoint: shape.length === 3 };
}

function expectSameFormat(path: string, formats: readonly WeightFormat[], wanted: WeightFormat | undefined): void {
  const isMeant = (format: WeightFormat) => format === wanted || (wanted === 'int4' && format === 'int8');
  if (wanted === undefined || formats.every(isMeant)) return;
  raise('PAL_UNSUPPORTED', {
    where: 'loadModel',
    expected: `weights: ${formats.map((format) => JSON.stringify(format)).join(' and ')}, as they are stored, or none given`,
    received: JSON.stringify(wanted),
    fix: 'Rounding twice loses more: take the folder whose weights were not rounded.',
    details: { path },
  });
}

async function saveWeights(path: string, state: Record<string, Tensor>): Promise<void> {
  const hashes = Object.entries(state).map(([name, tensor]): [string, string] => [toHashKey(name), hashTensor(tensor)]);
  await saveSafetensors(path, state, { metadata: { format: 'pt', ...Object.fromEntries(hashes) } });
}

function listShapes(file: SafetensorsReader): number[][] {
  return file.names.map((name) => file.shape(name));
}

function loadWeights(file: SafetensorsReader, path: string, model: Module): void {
  scope(() => {
    model.loadStateDict(readAll(file, path));
  });
}

function readAll(file: SafetensorsReader, path: string): Record<string, Tensor> {
  return Object.fromEntries(file.names.map((name): [string, Tensor] => [name, readChecked(file, name, path)]));
}

/** A tensor whose bytes have the hash they were stored with; files of other programs have none. */
function readChecked(file: SafetensorsReader, name: string, path: string): Tensor {
  const tensor = file.tensor(name);
  const [stored, found] = [file.metadata[toHashKey(name)], hashTensor(tensor)];
  if (stored === undefined || stored === found) return tensor;
  return raise('PAL_CHECKPOINT', {
    where: path,
    expected: `${name} with SHA-256 ${stored}`,
    received: found,
    fix: 'The file was damaged after it was written: take another copy.',
    details: { path, name },
  });
}

function toHashKey(name: string): string {
  return `sha256 ${name}`;
}

function hashTensor(tensor: Tensor): string {
  return createHash('sha256').update(tensor.bits()).digest('hex');
}
