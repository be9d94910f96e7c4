import type { GgufMetadata } from '../../../tensor/index.js';
import { readTokenId } from './tokenizer.js';

/** Settings of sampling in a file, and how `generation_config.json` calls them. */
const SAMPLING: Readonly<Record<string, string>> = {
  temp: 'temperature',
  top_k: 'top_k',
  top_p: 'top_p',
  min_p: 'min_p',
  penalty_repeat: 'repetition_penalty',
};
/** Tokens that end a text: the end, the end of a turn, the end of a message. */
const ENDS: readonly string[] = ['eos', 'eot', 'eom'];

/**
 * The settings of generation that a file holds.
 * @param metadata - the values of a file
 * @returns the content of `generation_config.json`
 * @throws CheckpointError for an id that no token has, or a setting that is no number
 */
export function createGenerationFields(metadata: GgufMetadata): Record<string, unknown> {
  const count = metadata.texts('tokenizer.ggml.tokens')?.length ?? 0;
  const ends = ENDS.flatMap((name) => readTokenId(metadata, name, count) ?? []);
  const unique = [...new Set(ends)];
  const sampling = Object.entries(SAMPLING).flatMap(([theirs, name]) => {
    const value = metadata.number(`general.sampling.${theirs}`);
    return value === undefined ? [] : [[name, value] as const];
  });
  const fields = {
    bos_token_id: readTokenId(metadata, 'bos', count),
    eos_token_id: unique.length > 1 ? unique : unique[0],
    pad_token_id: readTokenId(metadata, 'padding', count),
    ...(sampling.length > 0 && { do_sample: true, ...Object.fromEntries(sampling) }),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
