import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import { deferredSchema, fileFailure, isSystemError, parseConfig, raise, writeDirectoryAtomic } from '../core/index.js';
import { loadTokenizer, saveTokenizer } from '../text/index.js';
import type { Tokenizer } from '../text/index.js';
import { Generator, dtypes, openSafetensors, saveSafetensors, scope, withGenerator } from '../tensor/index.js';
import type { SafetensorsReader, Tensor } from '../tensor/index.js';
import { generationConfigSchema } from './generation-config.js';
import type { GenerationConfig } from './generation-config.js';
import type { LanguageModel } from './language-model.js';
import { buildModel } from './registry.js';

/** The files of a model folder. */
const FILES = { config: 'config.json', weights: 'model.safetensors', generation: 'generation_config.json' } as const;

/** What `config.json` holds. */
const configFileSchema = deferredSchema((z) =>
  z.strictObject({
    format: z.literal('palabra').describe('Who wrote the folder.'),
    formatVersion: z.literal(1),
    model: z.string().describe('The architecture, by its name in the registry.'),
    dtype: z.enum(dtypes).describe('Element type of the weights.'),
    config: z.record(z.string(), z.unknown()).describe('Configuration of the architecture.'),
  }),
);

/** What is stored beside the weights. */
export interface SaveModelOptions {
  tokenizer?: Tokenizer;
  /** Settings that generation starts from. */
  generation?: GenerationConfig;
  /** Takes the place of a folder that is already there (default false). */
  replace?: boolean;
}

/** What a model folder holds. */
export interface LoadedModel {
  /** In evaluation mode. */
  model: LanguageModel;
  /** Undefined where the folder has none. */
  tokenizer: Tokenizer | undefined;
  generation: GenerationConfig;
}

/**
 * Writes a model folder: `config.json`, `model.safetensors`, `tokenizer.json`, `generation_config.json`. After a crash
 * at any moment there is the whole new folder or what was there before. Folders above it are made.
 *
 * @throws PalabraError of code PAL_FILE when the folder exists and `replace` is not set, or the disk refuses
 * @example await saveModel('models/first', model, { tokenizer, generation: { temperature: 0.8 } });
 */
export async function saveModel(folder: string, model: LanguageModel, options: SaveModelOptions = {}): Promise<void> {
  const { tokenizer, replace = false } = options;
  const generation = parseConfig('saveModel', generationConfigSchema, options.generation ?? {}, 'generation');
  const fill = async (directory: string): Promise<void> => {
    await writeJson(join(directory, FILES.config), configFile(model));
    await saveWeights(join(directory, FILES.weights), model.stateDict());
    await writeJson(join(directory, FILES.generation), generation);
    if (tokenizer !== undefined) await saveTokenizer(tokenizer, directory);
  };
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true }).catch((cause: unknown) => fileFailure('saveModel', parent, cause));
  await writeDirectoryAtomic(folder, fill, { replace });
}

/**
 * Reads a model folder; nothing in it is executed.
 *
 * @throws PalabraError of code PAL_FILE when a file cannot be read
 * @throws ConfigError when a configuration does not fit
 * @throws CheckpointError when weights are missing, unknown, misshapen or damaged
 */
export async function loadModel(folder: string): Promise<LoadedModel> {
  const stored = parseConfig('loadModel', configFileSchema, await readJson(join(folder, FILES.config)));
  const generation = await optional(readJson(join(folder, FILES.generation)));
  const settings = parseConfig('loadModel', generationConfigSchema, generation ?? {}, FILES.generation);
  const tokenizer = await optional(loadTokenizer(folder));
  const model = freshModel(stored);
  try {
    loadWeights(join(folder, FILES.weights), model);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return { model, tokenizer, generation: settings };
}

function configFile(model: LanguageModel): z.output<typeof configFileSchema> {
  const dtype = model.parameters()[0]?.dtype ?? 'float32';
  return { format: 'palabra', formatVersion: 1, model: model.kind, dtype, config: { ...model.config } };
}

/** The architecture with values of no meaning; the environment's random stream stays where it is. */
function freshModel({ model: kind, config, dtype }: z.output<typeof configFileSchema>): LanguageModel {
  using generator = new Generator(0);
  return withGenerator(generator, () => buildModel(kind, config))
    .to({ dtype })
    .eval();
}

async function saveWeights(path: string, state: Record<string, Tensor>): Promise<void> {
  const hashes = Object.entries(state).map(([name, tensor]): [string, string] => [hashKey(name), hashOf(tensor)]);
  await saveSafetensors(path, state, { metadata: { format: 'pt', ...Object.fromEntries(hashes) } });
}

function loadWeights(path: string, model: LanguageModel): void {
  using file = openSafetensors(path);
  scope(() => {
    const tensors = file.names.map((name): [string, Tensor] => [name, checkedTensor(file, name, path)]);
    model.loadStateDict(Object.fromEntries(tensors));
  });
}

/** A tensor whose bytes have the hash they were stored with; files of other programs have none. */
function checkedTensor(file: SafetensorsReader, name: string, path: string): Tensor {
  const tensor = file.tensor(name);
  const [stored, found] = [file.metadata[hashKey(name)], hashOf(tensor)];
  if (stored === undefined || stored === found) return tensor;
  return raise('PAL_CHECKPOINT', {
    where: path,
    expected: `${name} with SHA-256 ${stored}`,
    received: found,
    fix: 'The file was damaged after it was written: take another copy.',
    details: { path, name },
  });
}

function hashKey(name: string): string {
  return `sha256 ${name}`;
}

function hashOf(tensor: Tensor): string {
  return createHash('sha256').update(tensor.bits()).digest('hex');
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => fileFailure('loadModel', path, cause));
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const received = (cause as Error).message;
    return raise('PAL_CONFIG', { where: 'loadModel', expected: `JSON in ${path}`, received, details: { path }, cause });
  }
}

/** What a promise gives, or undefined where its file does not exist. */
async function optional<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch((error: unknown) => {
    const cause = (error as { cause?: unknown }).cause;
    if (isSystemError(cause) && cause.code === 'ENOENT') return undefined;
    throw error;
  });
}
