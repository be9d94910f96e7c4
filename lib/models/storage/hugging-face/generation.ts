import { deferSchema, parseConfig } from '../../../core/index.js';
import { generationConfigSchema } from '../../interface/generation-config.js';
import type { GenerationConfig } from '../../interface/generation-config.js';

/** The fields of `generation_config.json` that have a counterpart; others speak of how their library runs. */
const foreignSchema = deferSchema((z) =>
  z.object({
    do_sample: z.boolean().optional(),
    temperature: z.number().nullish(),
    top_k: z.int().min(0).nullish(),
    top_p: z.number().nullish(),
    min_p: z.number().nullish(),
    typical_p: z.number().nullish(),
    repetition_penalty: z.number().nullish(),
    no_repeat_ngram_size: z.int().min(0).nullish(),
    min_new_tokens: z.int().min(0).nullish(),
    max_new_tokens: z.int().min(0).nullish(),
    eos_token_id: z.union([z.int(), z.array(z.int())]).nullish(),
  }),
);

/**
 * Our settings of generation for theirs; without `do_sample` the likeliest token is taken, as there.
 * @param fields - the content of `generation_config.json`; fields without a counterpart are left out
 * @returns the settings that theirs name
 * @throws ConfigError when a field does not fit
 */
export function importGenerationConfig(fields: unknown): GenerationConfig {
  const theirs = parseConfig('generation_config.json', foreignSchema, fields);
  const end = theirs.eos_token_id ?? undefined;
  const ours = {
    temperature: theirs.do_sample === true ? theirs.temperature : 0,
    topK: theirs.top_k === 0 ? undefined : theirs.top_k,
    topP: theirs.top_p,
    minP: theirs.min_p,
    typicalP: theirs.typical_p,
    repetitionPenalty: theirs.repetition_penalty,
    noRepeatNgram: theirs.no_repeat_ngram_size === 0 ? undefined : theirs.no_repeat_ngram_size,
    minTokens: theirs.min_new_tokens,
    maxTokens: theirs.max_new_tokens,
    endTokens: typeof end === 'number' ? [end] : end,
  };
  const given = Object.entries(ours).filter(([, value]) => value !== undefined && value !== null);
  return parseConfig('generation_config.json', generationConfigSchema, Object.fromEntries(given));
}

/**
 * Their settings for ours; penalties, stop strings and lists of tokens have no counterpart there.
 * @param config - our settings
 * @returns the content of `generation_config.json`
 */
export function exportGenerationConfig(config: GenerationConfig): Record<string, unknown> {
  const greedy = config.temperature === 0;
  const theirs = {
    do_sample: !greedy,
    temperature: greedy ? undefined : config.temperature,
    top_k: config.topK ?? (greedy ? undefined : 0),
    top_p: config.topP,
    min_p: config.minP,
    typical_p: config.typicalP,
    repetition_penalty: config.repetitionPenalty,
    no_repeat_ngram_size: config.noRepeatNgram,
    min_new_tokens: config.minTokens,
    max_new_tokens: config.maxTokens,
    eos_token_id: config.endTokens,
  };
  return Object.fromEntries(Object.entries(theirs).filter(([, value]) => value !== undefined));
}
