import { deferSchema, parseConfig } from '../../../core/index.js';
import { generationConfigSchema } from '../../interface/generation-config.js';
import type { GenerationConfig } from '../../interface/generation-config.js';

/** The fields of `generation_config.json` that have a counterpart. */
const foreignSchema = deferSchema((z) =>
  z.object({
    do_sample: z.boolean().nullish(),
    temperature: z.number().nullish(),
    top_k: z.int().min(0).nullish(),
    top_p: z.number().nullish(),
    min_p: z.number().nullish(),
    typical_p: z.number().nullish(),
    repetition_penalty: z.number().nullish(),
    no_repeat_ngram_size: z.int().min(0).nullish(),
    min_new_tokens: z.int().min(0).nullish(),
    max_new_tokens: z.int().min(0).nullish(),
    suppress_tokens: z.array(z.int().min(0)).nullish(),
    stop_strings: z.union([z.string().min(1), z.array(z.string().min(1))]).nullish(),
    eos_token_id: z.union([z.int(), z.array(z.int())]).nullish(),
  }),
);

/** What their library takes for the number of likeliest tokens where it samples and the field is absent. */
const DEFAULT_TOP_K = 50;

/** Fields that change the text there and have no counterpart here, with the value that changes nothing. */
const WITHOUT_COUNTERPART: Readonly<Record<string, unknown>> = {
  ...{ num_beams: 1, num_beam_groups: 1, penalty_alpha: null, guidance_scale: 1, length_penalty: 1 },
  ...{ epsilon_cutoff: 0, eta_cutoff: 0, top_h: null, bad_words_ids: null, sequence_bias: null, force_words_ids: null },
  ...{ constraints: null, begin_suppress_tokens: null, forced_bos_token_id: null, forced_eos_token_id: null },
  ...{ exponential_decay_length_penalty: null, encoder_repetition_penalty: 1, watermarking_config: null },
  ...{ min_length: 0, max_length: 20, max_time: null, renormalize_logits: false, remove_invalid_values: false },
};

/**
 * Our settings of generation for theirs, with their meanings: without `do_sample` the likeliest token is taken; where
 * it is set, one of the 50 likeliest is drawn unless `top_k` says otherwise; the repetition penalty looks at all
 * tokens; no token is kept back but those that are named.
 * @param fields - the content of `generation_config.json`, or of `config.json` where a folder has only that
 * @param vocabSize - ids of tokens at this one and above are left out
 * @returns the settings that theirs mean
 * @throws ConfigError when a field does not fit
 */
export function importGenerationConfig(fields: unknown, vocabSize: number): GenerationConfig {
  const theirs = parseConfig('generation_config.json', foreignSchema, fields);
  const end = theirs.eos_token_id ?? [];
  const inVocabulary = (ids: readonly number[]) => ids.filter((id) => id >= 0 && id < vocabSize);
  const samples = theirs.do_sample === true;
  const { top_k: k = DEFAULT_TOP_K, stop_strings: stop } = theirs;
  const ours = {
    ...importWarpers({ ...theirs, top_k: k ?? DEFAULT_TOP_K }),
    ...(!samples && { temperature: 0 }),
    ...((theirs.repetition_penalty ?? 1) !== 1 && {
      repetitionPenalty: theirs.repetition_penalty,
      repetitionWindow: 'all',
    }),
    noRepeatNgram: theirs.no_repeat_ngram_size === 0 ? undefined : theirs.no_repeat_ngram_size,
    minTokens: theirs.min_new_tokens,
    maxTokens: theirs.max_new_tokens,
    suppressTokens: inVocabulary(theirs.suppress_tokens ?? []),
    endTokens: inVocabulary(typeof end === 'number' ? [end] : end),
    stop: typeof stop === 'string' ? [stop] : stop,
  };
  const given = Object.entries(ours).filter(([, value]) => value !== undefined && value !== null);
  return parseConfig('generation_config.json', generationConfigSchema, Object.fromEntries(given));
}

interface Warpers {
  temperature?: number | null | undefined;
  top_k: number;
  top_p?: number | null | undefined;
  min_p?: number | null | undefined;
  typical_p?: number | null | undefined;
}

/** What only acts where tokens are drawn; a share of 1 leaves all of them. */
function importWarpers({ temperature, top_k: k, top_p: p, min_p: least, typical_p: typical }: Warpers) {
  return {
    temperature,
    topK: k === 0 ? undefined : k,
    topP: p === 1 ? undefined : p,
    minP: least === 0 ? undefined : least,
    typicalP: typical === 1 ? undefined : typical,
  };
}

/**
 * The fields of `generation_config.json` that change the text there and have no counterpart here.
 * @param fields - its content
 * @returns their names, those whose value changes nothing left out
 */
export function listUnusedGenerationFields(fields: object): string[] {
  return Object.entries(fields).flatMap(([name, value]) =>
    name in WITHOUT_COUNTERPART && value !== null && value !== WITHOUT_COUNTERPART[name] ? [name] : [],
  );
}

/** Settings in the form of theirs, and what that form has no field for. */
export interface ExportedGeneration {
  /** The content of `generation_config.json`. */
  fields: Record<string, unknown>;
  /** The names of our settings that were left out. */
  left: (keyof GenerationConfig)[];
}

/**
 * Their settings for ours.
 * @param config - our settings
 * @param tokenIds - ids of the tokens at the ends, for the fields of those names
 * @returns the fields, and the names of our settings that have none there
 */
export function exportGenerationConfig(config: GenerationConfig, tokenIds: object): ExportedGeneration {
  const greedy = config.temperature === 0;
  const theirs = {
    ...tokenIds,
    do_sample: !greedy,
    ...(!greedy && {
      temperature: config.temperature,
      top_k: config.topK ?? 0,
      top_p: config.topP,
      min_p: config.minP,
      typical_p: config.typicalP,
    }),
    repetition_penalty: config.repetitionPenalty,
    no_repeat_ngram_size: config.noRepeatNgram,
    min_new_tokens: config.minTokens,
    max_new_tokens: config.maxTokens,
    suppress_tokens: config.suppressTokens?.length === 0 ? undefined : config.suppressTokens,
    stop_strings: config.stop?.length === 0 ? undefined : config.stop,
  };
  const fields = Object.fromEntries(Object.entries(theirs).filter(([, value]) => value !== undefined));
  return { fields, left: listWithoutField(config) };
}

/** Settings that theirs have no field for: penalties by count, tokens at the start, a window of the penalty. */
function listWithoutField(config: GenerationConfig): (keyof GenerationConfig)[] {
  const limited = config.repetitionPenalty !== undefined && config.repetitionWindow !== 'all';
  return [
    ...(limited ? (['repetitionWindow'] as const) : []),
    ...((config.frequencyPenalty ?? 0) === 0 ? [] : (['frequencyPenalty'] as const)),
    ...((config.presencePenalty ?? 0) === 0 ? [] : (['presencePenalty'] as const)),
    ...((config.forcedTokens ?? []).length === 0 ? [] : (['forcedTokens'] as const)),
  ];
}
