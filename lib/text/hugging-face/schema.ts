import type { z } from 'zod';
import { deferSchema, raise, show } from '../../core/index.js';

/** A component of a `tokenizer.json`, named by `type`, with fields of its own. */
export type Component = Record<string, unknown> & { type: string };

const MOST_TOKENS = 2 ** 24;

/** A `tokenizer.json` of Hugging Face, as far as every kind of model has the same fields. */
export const huggingFaceSchema = deferSchema((z) => {
  const id = z
    .int()
    .min(0)
    .max(MOST_TOKENS - 1);
  const flag = z.boolean().default(false);
  const component = z.looseObject({ type: z.string() }).nullish();
  const added = z.looseObject({
    id,
    content: z.string().min(1),
    special: flag,
    single_word: flag,
    lstrip: flag,
    rstrip: flag,
    normalized: flag,
  });
  const pair = z.union([z.tuple([z.string(), z.string()]), z.string()]);
  return z.looseObject({
    version: z.string().optional(),
    truncation: z.unknown().optional(),
    added_tokens: z.array(added).default([]),
    normalizer: component,
    pre_tokenizer: component,
    post_processor: component,
    decoder: component,
    model: z.looseObject({
      type: z.string().default('BPE'),
      vocab: z.custom<Record<string, number>>(isVocabulary, 'a map from tokens to ids'),
      merges: z.array(pair).optional(),
      unk_token: z.string().nullish(),
      dropout: z.number().nullish(),
      continuing_subword_prefix: z.string().nullish(),
      end_of_word_suffix: z.string().nullish(),
      fuse_unk: flag,
      byte_fallback: flag,
      ignore_merges: flag,
    }),
  });
});

/** Checked by hand: a schema's record would lose a token called `__proto__`. */
function isVocabulary(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((id) => Number.isInteger(id) && id >= 0 && id < MOST_TOKENS);
}

/** A `tokenizer.json` that fits the schema. */
export type HuggingFaceFile = z.output<typeof huggingFaceSchema>;

/** Reports a component that is valid but not known here. @throws PalabraError of code PAL_UNSUPPORTED always */
export function throwUnsupported(component: string, received: unknown, known: string): never {
  raise('PAL_UNSUPPORTED', {
    where: 'parseTokenizer',
    expected: `${component}: ${known}`,
    received: typeof received === 'string' ? received : formatBrief(received),
    details: { component },
  });
}

/** Reports a component that contradicts another. @throws ConfigError always */
export function throwInconsistent(component: string, expected: string, received: string): never {
  raise('PAL_CONFIG', {
    where: 'parseTokenizer',
    expected: `${component}: ${expected}`,
    received,
    details: { component },
  });
}

/** A component by its type and the fields that are plain values. */
function formatBrief(value: unknown): string {
  const text = JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? String(inner) : inner)) as
    string | undefined;
  return text === undefined ? show(value) : text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
