import type { OptionChecks } from '../../../core/index.js';
import { loadModelKeys, saveModelKeys } from '../save-options.js';
import { join } from 'node:path';
import {
  createParent,
  checkOptions,
  expectPositiveInteger,
  parseConfig,
  raise,
  writeDirectoryAtomic,
} from '../../../core/index.js';
import { fillQuantized, withoutInitialization } from '../../../nn/index.js';
import type { NamedTensors, WeightFormat } from '../../../nn/index.js';
import { expectDense } from '../compression.js';
import { Generator, scope, withGenerator } from '../../../tensor/index.js';
import {
  exportTokenizer,
  findEndTokens,
  findSuppressedTokens,
  loadChatTemplate,
  loadTokenizer,
  preprocessConfigSchema,
  saveChatTemplate,
} from '../../../text/index.js';
import type { HuggingFaceTokenizer, Tokenizer } from '../../../text/index.js';
import { readOptional, readJson, writeJson } from '../folder.js';
import { generationConfigSchema } from '../../interface/generation-config.js';
import type { GenerationConfig } from '../../interface/generation-config.js';
import type { LanguageModel, LanguageModelConfig } from '../../interface/language-model.js';
import { markPretrained } from '../../interface/pretrained.js';
import type { LoadModelOptions, LoadedModel, SaveModelOptions } from '../save-options.js';
import { expectWithinFile } from '../size-check.js';
import { listUnreadFields } from './convention.js';
import type { TensorRule } from './convention.js';
import { exportGenerationConfig, importGenerationConfig, listUnusedGenerationFields } from './generation.js';
import { findLayout, listLayouts } from '../registry.js';
import type { AnyConvention, Layout } from '../registry.js';
import { saveShards } from './shards.js';
import { FolderWeights, importTensors, exportTensor } from './weights.js';

/** Settings of {@link saveHuggingFace}. */
export interface SaveHuggingFaceOptions extends SaveModelOptions {
  /** Weights of more bytes are written to several files with an index (default 5 · 10⁹). */
  shardBytes?: number;
}

type Fields = Record<string, unknown>;

const [GENERATION, PREPROCESS] = ['generation_config.json', 'preprocess.json'];
/** The keys of {@link SaveHuggingFaceOptions}. */
export const saveHuggingFaceKeys: OptionChecks<SaveHuggingFaceOptions> = { ...saveModelKeys, shardBytes: true };

/** The size of a file of weights from which on their hub asks for several. */
const SHARD_BYTES = 5e9;

/**
 * Reads a folder of Hugging Face (GPT-2, LLaMA, Mistral or Qwen 2): `config.json`, `model.safetensors` (or shards with
 * their index), and where they are there `tokenizer.json`, `tokenizer_config.json` and `generation_config.json`, with
 * the meanings they have there. The model has the dtype of its token table.
 *
 * @param folder - its path
 * @param options - how weights are held
 * @param options.weights - `bfloat16`, `int8` or `int4`: linear maps and tables in a shorter type, for a base that is not trained
 *   (default: as they are stored)
 * @returns the model in evaluation mode on the CPU, its tokenizer and generation settings, and notes of the fields that
 *   nothing here reads
 * @throws PalabraError of code PAL_FILE when a file cannot be read
 * @throws ConfigError naming every field that asks for something that is not computed here
 * @throws CheckpointError naming tensors that are missing, unknown, misshapen or damaged
 */
export async function loadHuggingFace(folder: string, options: LoadModelOptions = {}): Promise<LoadedModel> {
  const { weights: format } = checkOptions('loadHuggingFace', options, loadModelKeys);
  const fields = await readJson(join(folder, 'config.json'));
  const layout = findLayout(fields);
  const config = layout.convention.toConfig(fields);
  const { generation, notes } = await readGeneration(folder, fields as object, layout, config.vocabSize);
  const tokenizer = await readOptional(loadTokenizer(folder));
  const chatTemplate = await loadChatTemplate(folder);
  const process = await readOptional(readJson(join(folder, PREPROCESS)));
  const weights = await FolderWeights.open(folder);
  try {
    expectWithinFile(folder, layout.architecture, config, weights.shapes);
    const model = markPretrained(createFilled(config, layout, weights, format).eval());
    const preprocess =
      process === undefined ? undefined : parseConfig('loadHuggingFace', preprocessConfigSchema, process, 'preprocess');
    return { model, tokenizer, chatTemplate, generation, preprocess, notes };
  } finally {
    weights.close();
  }
}

/** The settings of generation: those of their own file, else those that `config.json` means. */
async function readGeneration(
  folder: string,
  fields: object,
  { convention: { schema, tokenIds } }: Layout,
  vocabSize: number,
): Promise<{ generation: GenerationConfig; notes: string[] }> {
  const own = await readOptional(readJson(join(folder, GENERATION)));
  const meant = { ...tokenIds, ...fields };
  const settings = own === undefined ? meant : { eos_token_id: (fields as Fields).eos_token_id, ...(own as object) };
  const describe = (file: string, names: string[], what: string) =>
    names.length === 0 ? [] : [`${file}: ${names.join(', ')} ${what}`];
  return {
    generation: importGenerationConfig(settings, vocabSize),
    notes: [
      ...describe('config.json', listUnreadFields(fields, schema), 'change nothing that is computed'),
      ...describe(GENERATION, listUnusedGenerationFields(own ?? {}), 'without a counterpart here'),
    ],
  };
}

function createFilled(
  config: LanguageModelConfig,
  { architecture, convention }: Layout,
  weights: FolderWeights,
  format: WeightFormat | undefined,
): LanguageModel {
  using generator = new Generator(0);
  const model = withGenerator(generator, () => withoutInitialization(() => architecture.build(config)));
  try {
    fillModel(model, convention, weights, format);
  } catch (error) {
    model.dispose();
    throw error;
  }
  return model;
}

/**
 * Writes a model as a folder of Hugging Face, in the first of the layouts of GPT-2, LLaMA, Qwen 2 and Mistral that says
 * all of it, with the files that `AutoTokenizer` and `AutoModelForCausalLM` read. After a crash at any moment there is
 * the whole new folder or what was there before.
 *
 * @param folder - its path; folders above it are made
 * @param model - its weights are stored in their dtype
 * @param options - tokenizer, generation settings and preprocessing to store (default: none); `replace` (default
 *   false); `shardBytes` (default 5 · 10⁹)
 * @returns the names of the generation settings that the form has no field for, which a warning says too
 * @throws ConfigError naming, for each layout, the settings that it has no field for
 * @throws PalabraError of code PAL_UNSUPPORTED for a tokenizer that has no form there, and for weights that
 *   `quantizeWeights` holds in a shorter type
 * @throws PalabraError of code PAL_FILE when the folder exists and `replace` is not set, or the disk refuses
 * @remarks Dropout that a layout has no field for and stochastic depth are left out: they act in training only.
 */
export async function saveHuggingFace(
  folder: string,
  model: LanguageModel,
  options: SaveHuggingFaceOptions = {},
): Promise<string[]> {
  checkOptions('saveHuggingFace', options, saveHuggingFaceKeys);
  const { tokenizer, chatTemplate, replace = false, shardBytes = SHARD_BYTES } = options;
  expectPositiveInteger('saveHuggingFace', 'shardBytes', shardBytes);
  expectDense('saveHuggingFace', model);
  const { convention, fields } = chooseLayout(model);
  const { generation, exported } = exportSettings(model, options);
  const preprocess =
    options.preprocess && parseConfig('saveHuggingFace', preprocessConfigSchema, options.preprocess, 'preprocess');
  const fill = async (directory: string): Promise<void> => {
    const write = (name: string, value: unknown) => writeJson(join(directory, name), value);
    await write('config.json', { ...fields, ...exported.tokenIds, dtype: model.dtype });
    await write(GENERATION, generation.fields);
    await saveWeights(directory, model, convention, shardBytes);
    if (tokenizer !== undefined) await write('tokenizer.json', exported.file);
    if (tokenizer !== undefined) await write('tokenizer_config.json', exported.config);
    if (chatTemplate !== undefined) await saveChatTemplate(chatTemplate, directory);
    if (preprocess !== undefined) await write(PREPROCESS, preprocess);
  };
  await createParent('saveHuggingFace', folder);
  await writeDirectoryAtomic(folder, fill, { replace });
  if (generation.left.length > 0) warnOfLeft(generation.left);
  return generation.left;
}

/** Settings and tokenizer in their forms; what our defaults mean for the tokenizer is written out. */
function exportSettings(model: LanguageModel, { tokenizer, generation = {} }: SaveHuggingFaceOptions) {
  const own = parseConfig('saveHuggingFace', generationConfigSchema, generation, 'generation');
  const settings: GenerationConfig = { ...createTokenDefaults(tokenizer), ...own };
  const endTokens = settings.endTokens ?? [];
  const exported: Partial<HuggingFaceTokenizer> & Pick<HuggingFaceTokenizer, 'tokenIds'> =
    tokenizer === undefined
      ? {
          tokenIds: {
            bos_token_id: null,
            eos_token_id: endTokens.length > 1 ? endTokens : (endTokens[0] ?? null),
            pad_token_id: null,
          },
        }
      : exportTokenizer(tokenizer, { endTokens, contextLength: model.config.contextLength });
  return { generation: exportGenerationConfig(settings, exported.tokenIds), exported };
}

function createTokenDefaults(tokenizer: Tokenizer | undefined): GenerationConfig {
  if (tokenizer === undefined) return {};
  return { endTokens: findEndTokens(tokenizer), suppressTokens: findSuppressedTokens(tokenizer) };
}

function warnOfLeft(names: readonly string[]): void {
  const text = `generation_config.json has no field for ${names.join(', ')}: left out. saveModel stores every setting.`;
  process.emitWarning(text, { type: 'PalabraExportWarning', code: 'PAL_EXPORT' });
}

function chooseLayout({ kind, config }: LanguageModel): { convention: AnyConvention; fields: Record<string, unknown> } {
  const reasons: string[] = [];
  for (const { convention } of listLayouts().filter(({ architecture }) => architecture.kind === kind)) {
    const fields = convention.fromConfig(config);
    if (!('unsupported' in fields)) return { convention, fields };
    reasons.push(`${convention.modelType} has no ${(fields.unsupported as string[]).join(', ')} as these`);
  }
  raise('PAL_CONFIG', {
    where: 'saveHuggingFace',
    expected: 'a configuration that a folder of Hugging Face can say',
    received: reasons.length > 0 ? reasons.join('; ') : `a model of kind ${kind}`,
    fix: 'Use saveModel, which stores every configuration.',
  });
}

function fillModel(
  model: LanguageModel,
  convention: AnyConvention,
  weights: FolderWeights,
  format: WeightFormat | undefined,
): void {
  const rules = convention.rules(model.config);
  const stored = new Map<string, string>();
  for (const name of weights.names) {
    const canonical = convention.canonical(name);
    if (canonical !== undefined) stored.set(canonical, name);
  }
  expectTensors(weights.folder, rules, stored, (name) => convention.isCopy(name, model.config));
  scope(() => {
    const read = (rule: TensorRule) => weights.tensor(stored.get(rule.theirs)!);
    if (format === undefined) model.to({ dtype: read(rules[0]!).dtype });
    const own = model.stateDict();
    const found = rules.flatMap((rule) => {
      const sizes = rule.ours.map((name) => own[name]!.shape[0]!);
      return Object.entries(importTensors(rule, read(rule), sizes));
    });
    if (format === undefined) model.loadStateDict(Object.fromEntries(found));
    else fillQuantized(model, Object.fromEntries(found), { weights: format });
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
