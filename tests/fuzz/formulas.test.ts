import { expect, test } from '@jest/globals';
import { Random, isPalabraError } from '../../lib/core/index.js';
import { parseFormula, printFormula } from '../../lib/logic/index.js';

/** What texts are put together from: symbols, their aliases, and what belongs to none. */
const PIECES = [
  ...[
    'p',
    'q',
    'r1',
    'v',
    'pq',
    'P',
    '7',
    ' ',
    '\t',
    '\u00a0',
    '(',
    ')',
    '((',
    '¬',
    '~',
    '!',
    'not ',
    '∧',
    '&',
    '&&',
    '^',
  ],
  ...[
    'and ',
    '∨',
    '|',
    '||',
    ' or ',
    '→',
    '->',
    '=>',
    '⇒',
    '⊃',
    '↔',
    '<->',
    '<=>',
    '≡',
    'iff ',
    '-',
    '<',
    '=',
    '>',
    '.',
  ],
  ...['⊢', '□', '😀', '\ud800', '\0', 'á', '__proto__', "'", '"', '\\'],
];

test('1,000,000 random texts are formulas that come back from print, or errors that tell their place', () => {
  const random = new Random(11);
  const seen = { formulas: 0, errors: 0 };
  const odd: string[] = [];
  for (let i = 0; i < 1_000_000; i++) {
    let text = '';
    for (let left = random.integer(9); left >= 0; left--) text += PIECES[random.integer(PIECES.length)]!;
    seen[examine(text) ?? 'errors']++;
  }
  expect(odd).toEqual([]);
  expect(Math.min(seen.formulas, seen.errors)).toBeGreaterThan(10_000);

  function examine(text: string): 'formulas' | undefined {
    try {
      const printed = printFormula(parseFormula(text));
      if (printFormula(parseFormula(printed)) !== printed) odd.push(text);
      return 'formulas';
    } catch (error) {
      const position = isPalabraError(error) ? error.details.position : undefined;
      if (typeof position !== 'number' || position < 0 || position > text.length) odd.push(text);
      return undefined;
    }
  }
});
