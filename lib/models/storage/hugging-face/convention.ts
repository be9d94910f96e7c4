import type { Zod } from '../../../core/index.js';

/** One tensor of a foreign folder, and ours that it holds, one below the other along the output axis. */
export interface TensorRule {
  theirs: string;
  ours: readonly string[];
  /** True where theirs is `[in, out]` and ours `[out, in]`. */
  transposed?: boolean;
}

/** The layout of a family of models in a Hugging Face folder. */
export interface Convention<Config, Options> {
  /** `model_type` of its `config.json`. */
  readonly modelType: string;
  /** Our configuration for theirs. @throws ConfigError naming every field that asks for something else */
  toConfig: (fields: unknown) => Options;
  /** Their configuration for ours, or the path of what it has no field for. */
  fromConfig: (config: Config) => Record<string, unknown> | { unsupported: string[] };
  /** One rule for each of their tensors. */
  rules: (config: Config) => TensorRule[];
  /** The name of a tensor as its rule has it; undefined for one that is computed from the settings. */
  canonical: (name: string) => string | undefined;
  /** A tensor without a rule, by its canonical name, is the copy of another: a tied head stored twice. */
  isCopy: (name: string, config: Config) => boolean;
}

/**
 * Fields that say nothing about what a model computes.
 * @param z - the zod module, which is loaded at first use
 * @returns an optional field of any value for each, to be spread into a schema
 */
export function createDescribingFields(z: Zod) {
  const names = [
    ...['architectures', 'dtype', 'torch_dtype', 'transformers_version', 'use_cache', '_name_or_path', 'id2label'],
    ...['bos_token_id', 'eos_token_id', 'pad_token_id', 'sep_token_id', 'label2id', 'task_specific_params'],
    ...['output_attentions', 'output_hidden_states', 'return_dict', 'gradient_checkpointing', 'tokenizer_class'],
    ...['_num_labels', 'finetuning_task', 'output_past', 'pruned_heads', 'torchscript', 'is_decoder'],
    ...['_attn_implementation', '_attn_implementation_autoset', 'problem_type', 'chunk_size_feed_forward'],
  ];
  return Object.fromEntries(names.map((name) => [name, z.unknown().optional()]));
}

/**
 * The paths of settings that differ from what a layout can say.
 * @param checks - by path, true where the layout can say the setting
 * @returns the paths of the others
 */
export function listDiffering(checks: Readonly<Record<string, boolean>>): string[] {
  return Object.entries(checks).flatMap(([path, fits]) => (fits ? [] : [path]));
}

/**
 * Rules for a weight and, where the configuration has them, its bias.
 * @param theirs - the path of their module, without `.weight`
 * @param ours - the path of our module, or of several whose outputs lie one below the other in theirs
 * @param bias - true where there are bias vectors
 * @param transposed - true where their weight is `[in, out]` (default false)
 * @returns one rule, or two with a bias
 */
export function createAffineRules(
  theirs: string,
  ours: string | readonly string[],
  bias: boolean,
  transposed = false,
): TensorRule[] {
  const names = typeof ours === 'string' ? [ours] : ours;
  const of = (leaf: string) => ({ theirs: `${theirs}.${leaf}`, ours: names.map((name) => `${name}.${leaf}`) });
  return [{ ...of('weight'), transposed }, ...(bias ? [of('bias')] : [])];
}
