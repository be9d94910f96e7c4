import { inconsistent, unsupported } from './schema.js';
import type { HuggingFaceFile } from './schema.js';

/** All tokens of a file by id: those of the model and the added ones. */
export function readTokens({ model, added_tokens: added }: HuggingFaceFile): string[] {
  const all = [...Object.entries(model.vocab), ...added.map(({ content, id }): [string, number] => [content, id])];
  if (all.length === 0) inconsistent('model, vocab', 'tokens', 'none');
  const byId = new Map<number, string>();
  for (const [token, id] of all) {
    const other = byId.get(id);
    if (other !== undefined && other !== token)
      inconsistent('ids', 'one token each', `${JSON.stringify([other, token])} at ${id}`);
    byId.set(id, token);
  }
  return Array.from({ length: byId.size }, (_, id) => byId.get(id) ?? inconsistent('ids', 'no gaps', `none at ${id}`));
}

/** The added tokens: special ones, and those that are found in text. */
export function readAddedTokens(file: HuggingFaceFile): {
  special: Record<string, number>;
  ordinary: Record<string, number>;
} {
  const [special, ordinary]: [string, number][][] = [[], []];
  for (const token of file.added_tokens) {
    if (Object.hasOwn(file.model.vocab, token.content) && file.model.vocab[token.content] !== token.id)
      inconsistent('added_tokens', `the id of the vocabulary for ${JSON.stringify(token.content)}`, String(token.id));
    if (!token.special) refuseFlags(token, file);
    (token.special ? special! : ordinary!).push([token.content, token.id]);
  }
  return { special: Object.fromEntries(special!), ordinary: Object.fromEntries(ordinary!) };
}

function refuseFlags(token: HuggingFaceFile['added_tokens'][number], { normalizer }: HuggingFaceFile): void {
  if (token.single_word || token.lstrip || token.rstrip || (token.normalized && normalizer != null))
    unsupported('added_tokens', token, 'tokens that are special, or without flags');
}
