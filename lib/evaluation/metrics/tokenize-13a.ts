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

/** White space as sacrebleu has it: that of Unicode, and the separators of ASCII. */
const SPACE = '\\p{White_Space}\\x1c-\\x1f';
const [ENDS, BETWEEN] = [new RegExp(`[${SPACE}]+$`, 'u'), new RegExp(`[${SPACE}]+`, 'u')];

/**
 * The words and signs of a text as BLEU is usually computed on ("13a"): ASCII punctuation stands alone, except
 * within numbers. White space at the end of a text is left out first, as sacrebleu does.
 * @see Post 2018, https://arxiv.org/abs/1804.08771
 */
export function tokenize13a(text: string): string[] {
  const joined = trimEnd(text).replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ');
  const plain = joined.includes('&') ? unescapeEntities(joined) : joined;
  const apart = RULES.reduce((line, [rule, replacement]) => line.replace(rule, replacement), ` ${plain} `);
  return apart.split(BETWEEN).filter((word) => word !== '');
}

function trimEnd(text: string): string {
  return text.slice(0, ENDS.exec(text)?.index ?? text.length);
}

function unescapeEntities(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
}
