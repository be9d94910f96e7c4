/** Cuts a text at the tokens found in it: the text between them, and the ids of the tokens. */
export type TokenFinder = (text: string) => (string | number)[];

/** Finds of some tokens the longest that starts leftmost, again and again; undefined where there are none. */
export function createTokenFinder(tokens: Readonly<Record<string, number>>): TokenFinder | undefined {
  const names = Object.keys(tokens).sort((a, b) => b.length - a.length);
  if (names.length === 0) return undefined;
  const pattern = new RegExp(`(${names.map(escapePattern).join('|')})`, 'u');
  return (text) =>
    text.split(pattern).flatMap((segment, index): (string | number)[] => {
      if (index % 2 === 1) return [tokens[segment]!];
      return segment === '' ? [] : [segment];
    });
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
