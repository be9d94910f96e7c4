import { deferSchema, parseConfig, raise } from '../../core/index.js';
import type { Zod } from '../../core/index.js';
import type { LoraConfig } from '../config/lora-config.js';

/** Fields that change what is computed in a way that is not computed here. */
const createRefusedFields = (z: Zod) => {
  const absent = z.union([z.null(), z.literal(false), z.strictObject({}), z.array(z.never())]).optional();
  const names = [
    ...['layer_replication', 'lora_bias', 'target_parameters', 'trainable_token_indices', 'use_qalora', 'use_bdlora'],
    ...['alora_invocation_tokens', 'arrow_config', 'kasa_config', 'monteclora_config', 'velora_config'],
    ...['megatron_config', 'loftq_config', 'eva_config', 'corda_config', 'lora_ga_config', 'ensure_weight_tying'],
  ];
  return Object.fromEntries(names.map((name) => [name, absent]));
};

const createFileSchema = (z: Zod) => {
  const names = z.array(z.string().min(1));
  return z.object({
    ...createRefusedFields(z),
    peft_type: z.literal('LORA'),
    r: z.int().min(1).max(1_000_000).default(8),
    lora_alpha: z.number().gt(0).default(8),
    lora_dropout: z.number().min(0).lt(1).default(0),
    target_modules: z.union([z.string(), names]).nullish(),
    exclude_modules: z.union([z.string(), names]).nullish(),
    layers_to_transform: z.union([z.int().min(0), z.array(z.int().min(0))]).nullish(),
    layers_pattern: z.union([z.null(), z.array(z.never())]).optional(),
    modules_to_save: names.nullish(),
    bias: z.enum(['none', 'all', 'lora_only']).default('none'),
    use_rslora: z.boolean().default(false),
    use_dora: z.boolean().default(false),
    rank_pattern: z.record(z.string(), z.int().min(1).max(1_000_000)).nullish(),
    alpha_pattern: z.record(z.string(), z.number().gt(0)).nullish(),
    init_lora_weights: z.union([z.boolean(), z.enum(['gaussian', 'orthogonal', 'eva'])]).nullish(),
  });
};

const fileSchema = deferSchema(createFileSchema);

/** What a stored configuration says; its targets are undefined where it has a pattern that only PEFT can tell. */
export type StoredConfig = Omit<LoraConfig, 'targetModules'> & {
  targetModules: LoraConfig['targetModules'] | undefined;
};

/**
 * Reads the fields of an `adapter_config.json`.
 * @param path - of the file, named in the error
 * @param fields - its content
 * @returns the settings
 * @throws ConfigError naming every field that asks for something that is not computed here
 */
export function parseAdapterConfig(path: string, fields: unknown): StoredConfig {
  const theirs = parseConfig(path, fileSchema, fields);
  const targets = resolveNames(theirs.target_modules);
  const exclude = resolveNames(theirs.exclude_modules);
  const layers = theirs.layers_to_transform;
  const saved = theirs.modules_to_save ?? [];
  return {
    r: theirs.r,
    loraAlpha: theirs.lora_alpha,
    loraDropout: theirs.lora_dropout,
    targetModules: theirs.exclude_modules != null && exclude === undefined ? undefined : targets,
    ...(Array.isArray(exclude) && exclude.length > 0 && { excludeModules: exclude }),
    ...(layers != null && (typeof layers === 'number' || layers.length > 0) && { layersToTransform: layers }),
    ...(saved.length > 0 && { modulesToSave: saved }),
    bias: theirs.bias === 'lora_only' ? 'loraOnly' : theirs.bias,
    useRslora: theirs.use_rslora,
    useDora: theirs.use_dora,
    rankPattern: readPatterns(path, theirs.rank_pattern),
    alphaPattern: readPatterns(path, theirs.alpha_pattern),
    loraPlusRatio: 1,
  };
}

/** A list of names as it is; undefined for a pattern. */
function resolveNames(value: string | string[] | null | undefined): 'all-linear' | string[] | undefined {
  if (Array.isArray(value)) return value;
  return value === 'all-linear' ? value : undefined;
}

/** Patterns by the names they stand for. @throws ConfigError for one that is more than a name */
function readPatterns<T>(path: string, patterns: Record<string, T> | null | undefined): Record<string, T> {
  return Object.fromEntries(Object.entries(patterns ?? {}).map(([key, value]) => [readPattern(path, key), value]));
}

function readPattern(path: string, pattern: string): string {
  const name = pattern.replace(/^\^/, '').replaceAll('\\.', '.');
  if (/^[\w.-]+$/.test(name)) return name;
  return raise('PAL_CONFIG', {
    where: path,
    expected: 'rank_pattern and alpha_pattern by names of modules',
    received: JSON.stringify(pattern),
    fix: 'Name the modules it stands for one by one.',
  });
}
