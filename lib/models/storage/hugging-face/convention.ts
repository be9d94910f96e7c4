import type { z } from 'zod';
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
  /** The fields of `config.json` that change what is computed; others are noted. */
  readonly schema: z.ZodObject;
  /** The ids that `config.json` means where it has no such field. */
  readonly tokenIds: { readonly bos_token_id?: number; readonly eos_token_id?: number };
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
 * Fields of any `config.json` that change what is computed and that no layout here has.
 * @param z - the zod module, which is loaded at first use
 * @returns fields that are absent or null, to be spread into a schema
 */
export function createRefusedFields(z: Zod) {
  return { quantization_config: z.null().optional(), compression_config: z.null().optional() };
}

/** Fields of every `config.json` that describe it and change nothing that is computed. */
const DESCRIBING: readonly string[] = [
  ...['architectures', 'dtype', 'torch_dtype', 'transformers_version', 'use_cache', '_name_or_path', 'model_type'],
  ...['bos_token_id', 'eos_token_id', 'pad_token_id'],
];

/**
 * The fields of a `config.json` that no layout reads: their library's model of that type doesn't read them either.
 * @param fields - the content of `config.json`
 * @param schema - that of its layout
 * @returns their names, those that every folder has left out
 */
export function listUnreadFields(fields: object, schema: z.ZodObject): string[] {
  const { shape } = schema;
  return Object.keys(fields).filter((name) => !(name in shape) && !DESCRIBING.includes(name));
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
