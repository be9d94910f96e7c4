/** Rules of NIST's mteval-v13a script, in order. */
const RULES: readonly (readonly [RegExp, string])[] = [
  // ASCII punctuation but . , - and '
  [/([{-~[-` -&(-+:-@/])/g, ' $1 '],
  // full stop and comma, unless between digits
  [/([^0-9])([.,])/g, '$1 $2 '],
  [/([.,])([^0-9])/g, ' $1 $2'],
  // a dash after a digit
  [/([0-9])(-)/g, '$1 $2 '],
];

/**
 * The words and signs of a text as BLEU is usually computed on ("13a"): ASCII punctuation stands alone, except
 * within numbers.
 * @see Post 2018, https://arxiv.org/abs/1804.08771
 */
export function tokenize13a(text: string): string[] {
  const joined = text.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ');
  const plain = joined.includes('&') ? unescapeEntities(joined) : joined;
  const apart = RULES.reduce((line, [rule, replacement]) => line.replace(rule, replacement), ` ${plain} `);
  return apart.split(/\s+/u).filter((word) => word !== '');
}

function unescapeEntities(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
}
