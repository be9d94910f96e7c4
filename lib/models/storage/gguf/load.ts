import { checkOptions, expectOneOf, raise } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import { copyParts, createQuantizedFilling, weightFormats, withoutInitialization } from '../../../nn/index.js';
import type { WeightFormat } from '../../../nn/index.js';
import { Generator, openGguf, scope, withGenerator } from '../../../tensor/index.js';
import type { DType, GgufReader } from '../../../tensor/index.js';
import { parseChatTemplate, parseTokenizer } from '../../../text/index.js';
import type { LanguageModel, LanguageModelConfig } from '../../interface/language-model.js';
import { markPretrained } from '../../interface/pretrained.js';
import { importGenerationConfig } from '../hugging-face/generation.js';
import { findLayout } from '../registry.js';
import type { Layout } from '../registry.js';
import type { LoadedModel } from '../save-options.js';
import { readContents, weightTypes } from './contents.js';
import type { GgufTensorRule } from './convention.js';
import { listRows } from './weights.js';

/** Settings of {@link loadGguf}. */
export interface LoadGgufOptions {
  /** Element type of the weights (default float32, which holds them exactly). */
  dtype?: (typeof weightTypes)[number];
  /**
   * Holds the weights of linear maps and tables in a shorter type, as `quantizeWeights` does, with float32 around them: for
   * a base that is not trained (default: in `dtype`).
   */
  weights?: WeightFormat;
}

/** Every key of {@link LoadGgufOptions}. */
export const loadGgufKeys: OptionChecks<LoadGgufOptions> = {
  dtype: (where, name, value) => expectOneOf(where, name, value, weightTypes),
  weights: (where, name, value) => expectOneOf(where, name, value, weightFormats),
};

/**
 * Reads a GGUF file of a LLaMA: version 2 or 3; weights in F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1 or Q2_K to Q6_K.
 * They are unpacked some rows at a time, so that little more than the model is held.
 *
 * @param path - the file
 * @param options - `dtype` of the weights (default float32), `weights` to hold them in a shorter type
 * @returns the model in evaluation mode on the CPU, its tokenizer where the file has one, and its generation settings
 * @throws PalabraError of code PAL_FILE when the file cannot be read
 * @throws CheckpointError naming the place, the key or the tensor that is damaged, missing or not computed here
 * @throws ConfigError when the model would not fit its schema
 * @example const { model, tokenizer } = await loadGguf('SmolLM2-135M-Instruct.Q4_1.gguf');
 */
export async function loadGguf(path: string, options: LoadGgufOptions = {}): Promise<LoadedModel> {
  const { dtype = 'float32', weights } = checkOptions('loadGguf', options, loadGgufKeys);
  expectOneDType(options);
  using file = openGguf(path);
  return await readModel(file, dtype, weights);
}

/**
 * Reads all of a file.
 * @param file - the open file, which stays open
 * @param dtype - of the weights
 * @param weights - the shorter type in which they are held (default: none)
 * @returns the model in evaluation mode on the CPU, and what lies beside it
 */
export async function readModel(file: GgufReader, dtype: DType, weights?: WeightFormat): Promise<LoadedModel> {
  const contents = readContents(file);
  const tokenizer = contents.tokenizer && parseTokenizer(contents.tokenizer.tokenizer);
  const chatTemplate = contents.tokenizer && parseChatTemplate(contents.tokenizer.config);
  const layout = findLayout(contents.fields);
  const config = layout.convention.toConfig(contents.fields);
  const generation = importGenerationConfig(contents.generation, config.vocabSize);
  const model = createModel(layout, config, dtype);
  try {
    await fillModel(model, file, { rules: contents.rules, layout, weights });
  } catch (error) {
    model.dispose();
    throw error;
  }
  return { model: markPretrained(model), tokenizer, chatTemplate, generation };
}

function createModel({ architecture }: Layout, config: LanguageModelConfig, dtype: DType): LanguageModel {
  using generator = new Generator(0);
  return withGenerator(generator, () => withoutInitialization(() => architecture.build(config)))
    .to({ dtype })
    .eval();
}

/** What a model is filled with. */
interface Contents {
  rules: readonly GgufTensorRule[];
  layout: Layout;
  weights: WeightFormat | undefined;
}

/** Requires one answer to what the weights are held in. */
function expectOneDType({ dtype = 'float32', weights }: LoadGgufOptions): void {
  if (weights === undefined || dtype === 'float32') return;
  raise('PAL_ARGUMENT', { where: 'loadGguf', expected: `no dtype beside weights: '${weights}'`, received: dtype });
}

/** Copies tensor after tensor into the model, some rows at a time; none is held whole beside it. */
async function fillModel(model: LanguageModel, file: GgufReader, { rules, layout, weights }: Contents): Promise<void> {
  const names = new Map(layout.convention.rules(model.config).map(({ theirs, ours }) => [theirs, ours[0]!]));
  const state = model.stateDict();
  const put = weights && createQuantizedFilling(model, { weights });
  for (const rule of rules) {
    const name = names.get(rule.theirs)!;
    const parts = listRows(file, rule);
    if (put === undefined) copyParts(state[name]!, parts);
    else scope(() => put(name, parts));
    await new Promise((resume) => setImmediate(resume));
  }
}
