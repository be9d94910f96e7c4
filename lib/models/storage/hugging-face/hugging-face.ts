import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  expectPositiveInteger,
  throwFileError,
  parseConfig,
  raise,
  writeDirectoryAtomic,
} from '../../../core/index.js';
import type { NamedTensors } from '../../../nn/index.js';
import { Generator, scope, withGenerator } from '../../../tensor/index.js';
import { loadTokenizer, saveTokenizer } from '../../../text/index.js';
import { readOptional, readJson, writeJson } from '../folder.js';
import { generationConfigSchema } from '../../interface/generation-config.js';
import type { Architecture } from '../../interface/architecture.js';
import type { LanguageModel, LanguageModelConfig } from '../../interface/language-model.js';
import { architectures } from '../registry.js';
import type { LoadedModel, SaveModelOptions } from '../save-options.js';
import { expectWithinFile } from '../size-check.js';
import type { Convention, TensorRule } from './convention.js';
import { importGenerationConfig, exportGenerationConfig } from './generation.js';
import { saveShards } from './shards.js';
import { FolderWeights, importTensors, exportTensor } from './weights.js';

/** A layout of some architecture, as far as this file knows it: configurations pass through. */
type AnyConvention = Convention<LanguageModelConfig, LanguageModelConfig>;

/** A layout beside the architecture whose models it holds. */
interface Layout {
  architecture: Architecture;
  convention: AnyConvention;
}

/** Every layout that can be read and written, the more general last. */
const layouts: readonly Layout[] = architectures.flatMap((architecture) =>
  architecture.huggingFace.map((convention) => ({ architecture, convention: convention as AnyConvention })),
);

/** Settings of {@link saveHuggingFace}. */
export interface SaveHuggingFaceOptions extends SaveModelOptions {
  /** Weights of more bytes are written to several files with an index (default 5 · 10⁹). */
  shardBytes?: number;
}

/** The size of a file of weights from which on their hub asks for several. */
const SHARD_BYTES = 5e9;

/**
 * Reads a GPT-2 or LLaMA folder of Hugging Face: `config.json`, `model.safetensors` (or shards with their index), and
 * where they are there `tokenizer.json` and `generation_config.json`. The model has the dtype of its token table.
 *
 * @param folder - its path
 * @returns the model in evaluation mode on the CPU, its tokenizer and generation settings
 * @throws PalabraError of code PAL_FILE when a file cannot be read
 * @throws ConfigError naming every field that asks for something that is not computed here
 * @throws CheckpointError naming tensors that are missing, unknown, misshapen or damaged
 */
export async function loadHuggingFace(folder: string): Promise<LoadedModel> {
  const fields = await readJson(join(folder, 'config.json'));
  const layout = findLayout(fields);
  const generation = await readOptional(readJson(join(folder, 'generation_config.json')));
  const tokenizer = await readOptional(loadTokenizer(folder));
  const weights = await FolderWeights.open(folder);
  try {
    const config = layout.convention.toConfig(fields);
    expectWithinFile(folder, layout.architecture, config, weights.shapes);
    const model = createFilled(config, layout, weights);
    return {
      model: model.eval(),
      tokenizer,
      generation: generation === undefined ? {} : importGenerationConfig(generation),
    };
  } finally {
    weights.close();
  }
}

function createFilled(
  config: LanguageModelConfig,
  { architecture, convention }: Layout,
  weights: FolderWeights,
): LanguageModel {
  using generator = new Generator(0);
  const model = withGenerator(generator, () => architecture.build(config));
  try {
    fillModel(model, convention, weights);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

/**
 * Writes a model as a Hugging Face folder, GPT-2's layout or LLaMA's, whichever says all of it. After a crash at any
 * moment there is the whole new folder or what was there before.
 *
 * @param folder - its path; folders above it are made
 * @param model - its weights are stored in their dtype
 * @param options - tokenizer and generation settings to store (default: none); `replace` (default false); `shardBytes`
 *   (default 5 · 10⁹)
 * @throws ConfigError naming, for each layout, the settings that it has no field for
 * @throws PalabraError of code PAL_FILE when the folder exists and `replace` is not set, or the disk refuses
 * @remarks Dropout that a layout has no field for and stochastic depth are left out: they act in training only.
 */
export async function saveHuggingFace(
  folder: string,
  model: LanguageModel,
  options: SaveHuggingFaceOptions = {},
): Promise<void> {
  const { tokenizer, replace = false, shardBytes = SHARD_BYTES } = options;
  expectPositiveInteger('saveHuggingFace', 'shardBytes', shardBytes);
  const generation = parseConfig('saveHuggingFace', generationConfigSchema, options.generation ?? {}, 'generation');
  const { convention, fields } = chooseLayout(model);
  const fill = async (directory: string): Promise<void> => {
    const dtype = model.dtype;
    await writeJson(join(directory, 'config.json'), { ...fields, dtype });
    await writeJson(join(directory, 'generation_config.json'), exportGenerationConfig(generation));
    await saveWeights(directory, model, convention, shardBytes);
    if (tokenizer !== undefined) await saveTokenizer(tokenizer, directory);
  };
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true }).catch((cause: unknown) => throwFileError('saveHuggingFace', parent, cause));
  await writeDirectoryAtomic(folder, fill, { replace });
}

function findLayout(fields: unknown): Layout {
  const type = (fields as { model_type?: unknown } | null)?.model_type;
  const found = layouts.find(({ convention }) => convention.modelType === type);
  if (found !== undefined) return found;
  raise('PAL_CONFIG', {
    where: 'loadHuggingFace',
    expected: `model_type to be one of ${layouts.map(({ convention }) => convention.modelType).join(', ')}`,
    received: JSON.stringify(type),
  });
}

function chooseLayout({ kind, config }: LanguageModel): { convention: AnyConvention; fields: Record<string, unknown> } {
  const reasons: string[] = [];
  for (const { convention } of layouts.filter(({ architecture }) => architecture.kind === kind)) {
    const fields = convention.fromConfig(config);
    if (!('unsupported' in fields)) return { convention, fields };
    reasons.push(`${convention.modelType} has no ${(fields.unsupported as string[]).join(', ')} as these`);
  }
  raise('PAL_CONFIG', {
    where: 'saveHuggingFace',
    expected: 'a configuration that GPT-2 or LLaMA folders can say',
    received: reasons.length > 0 ? reasons.join('; ') : `a model of kind ${kind}`,
    fix: 'Use saveModel, which stores every configuration.',
  });
}

function fillModel(model: LanguageModel, convention: AnyConvention, weights: FolderWeights): void {
  const rules = convention.rules(model.config);
  const stored = new Map<string, string>();
  for (const name of weights.names) {
    const canonical = convention.canonical(name);
    if (canonical !== undefined) stored.set(canonical, name);
  }
  expectTensors(weights.folder, rules, stored, (name) => convention.isCopy(name, model.config));
  scope(() => {
    const read = (rule: TensorRule) => weights.tensor(stored.get(rule.theirs)!);
    model.to({ dtype: read(rules[0]!).dtype });
    const own = model.stateDict();
    const found = rules.flatMap((rule) => {
      const sizes = rule.ours.map((name) => own[name]!.shape[0]!);
      return Object.entries(importTensors(rule, read(rule), sizes));
    });
    model.loadStateDict(Object.fromEntries(found));
  });
}

/** Requires each rule's tensor and no other but copies. */
function expectTensors(
  folder: string,
  rules: readonly TensorRule[],
  stored: ReadonlyMap<string, string>,
  isCopy: (name: string) => boolean,
): void {
  const wanted = new Set(rules.map(({ theirs }) => theirs));
  const missing = [...wanted].filter((name) => !stored.has(name)).map((name) => `${name} is missing`);
  const unknown = [...stored]
    .filter(([canonical]) => !wanted.has(canonical) && !isCopy(canonical))
    .map(([, name]) => `${name} is not part of the model`);
  const problems = [...missing, ...unknown];
  if (problems.length === 0) return;
  raise('PAL_CHECKPOINT', {
    where: folder,
    expected: `exactly the ${wanted.size} tensors of the configuration`,
    received: problems.join('; '),
    fix: 'Compare config.json with the weights: they belong to different models.',
  });
}

async function saveWeights(
  folder: string,
  model: LanguageModel,
  convention: AnyConvention,
  shardBytes: number,
): Promise<void> {
  const state = model.stateDict();
  const theirs = scope((): NamedTensors => {
    const entries = convention.rules(model.config).map((rule) => [rule.theirs, exportTensor(rule, state)] as const);
    return Object.fromEntries(entries);
  });
  try {
    await saveShards(folder, theirs, shardBytes);
  } finally {
    for (const tensor of Object.values(theirs)) tensor.dispose();
  }
}
