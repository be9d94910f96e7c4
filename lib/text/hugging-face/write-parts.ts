/** Special tokens in the form of `added_tokens`, by id. */
export function writeAddedTokens(special: Readonly<Record<string, number>>): unknown[] {
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const tokens = Object.entries(special).map(([content, id]) => ({ id, content, ...flags }));
  return tokens.sort((a, b) => a.id - b.id);
}

/** Null, one component, or a Sequence of several. */
export function writeSequence(list: string, components: readonly unknown[]): unknown {
  return components.length > 1 ? { type: 'Sequence', [list]: components } : (components[0] ?? null);
}

/** Token → id. */
export function mapTokensToIds(tokens: readonly string[]): Record<string, number> {
  return Object.fromEntries(tokens.map((token, id) => [token, id]));
}
