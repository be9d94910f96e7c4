import { expect, test } from '@jest/globals';

import { generateRecord } from '../../lib/logic/index.js';
import { readSet } from '../logic/development/read-sets.js';

/** What is trained on must not hold what is measured: no sentence, and of the development set not all clauses of one. */
test('30,000 sentences of the grammar: none was written by hand for measuring', () => {
  const development = readSet('development.jsonl');
  const inputs = new Set([...development, ...readSet('pairs.jsonl')].map(({ input }) => input));
  const glosses = new Set<string>();
  for (let index = 0; index < 30_000; index++) {
    const { input, atoms } = generateRecord(index, { seed: 42 });
    expect(inputs.has(input) ? input : '').toBe('');
    for (const { gloss } of atoms) glosses.add(gloss);
  }
  expect(development.filter(({ atoms }) => atoms.every(({ gloss }) => glosses.has(gloss)))).toEqual([]);
});
