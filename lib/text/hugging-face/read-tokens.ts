import { normalize } from '../tokenizers/normalizers/normalizer.js';
import type { Normalizer } from '../tokenizers/normalizers/normalizer.js';
import { throwInconsistent, throwUnsupported } from './schema.js';
import type { HuggingFaceFile } from './schema.js';

/** All tokens of a file by id: those of the model and the added ones. */
export function readTokens({ model, added_tokens: added }: HuggingFaceFile): string[] {
  const all = [...Object.entries(model.vocab), ...added.map(({ content, id }): [string, number] => [content, id])];
  if (all.length === 0) throwInconsistent('model, vocab', 'tokens', 'none');
  const byId = new Map<number, string>();
  for (const [token, id] of all) {
    const other = byId.get(id);
    if (other !== undefined && other !== token)
      throwInconsistent('ids', 'one token each', `${JSON.stringify([other, token])} at ${id}`);
    byId.set(id, token);
  }
  return Array.from(
    { length: byId.size },
    (_, id) => byId.get(id) ?? throwInconsistent('ids', 'no gaps', `none at ${id}`),
  );
}

/** The tokens beside the model's, each with its id. */
export interface AddedTokens {
  special: Record<string, number>;
  /** Found in text as it comes. */
  verbatim: Record<string, number>;
  /** Found in text after the normalizers, in their normalized form. */
  normalized: Record<string, number>;
}

/** The added tokens of a file. */
export function readAddedTokens(
  { added_tokens: tokens, model }: HuggingFaceFile,
  normalizers: readonly Normalizer[],
): AddedTokens {
  const added: AddedTokens = { special: createEmptyMap(), verbatim: createEmptyMap(), normalized: createEmptyMap() };
  for (const token of tokens) {
    const known = Object.hasOwn(model.vocab, token.content) ? model.vocab[token.content] : token.id;
    if (known !== token.id)
      throwInconsistent(
        'added_tokens',
        `the id of the vocabulary for ${JSON.stringify(token.content)}`,
        String(token.id),
      );
    if (!token.special) refuseFlags(token, normalizers);
    if (token.special) added.special[token.content] = token.id;
    else if (token.normalized) added.normalized[normalize(token.content, normalizers)] = token.id;
    else added.verbatim[token.content] = token.id;
  }
  return added;
}

/** Without a prototype: a token may be called `__proto__`. */
function createEmptyMap(): Record<string, number> {
  return Object.create(null) as Record<string, number>;
}

type AddedToken = HuggingFaceFile['added_tokens'][number];

function refuseFlags(token: AddedToken, normalizers: readonly Normalizer[]): void {
  const prepends = normalizers.some(({ type }) => type === 'Prepend' || type === 'Replace');
  if (token.single_word || token.lstrip || token.rstrip || (token.normalized && prepends))
    throwUnsupported('added_tokens', token, 'tokens that are special, or without flags');
}
