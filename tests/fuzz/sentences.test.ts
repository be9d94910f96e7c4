import { expect, test } from '@jest/globals';

import { generateRecord } from '../../lib/logic/index.js';
import { readSet } from '../logic/development/read-sets.js';

/** What is trained on must not hold what is measured: no sentence, and of no sentence all clauses. */
test('30,000 sentences of the grammar: none was written by hand for measuring', () => {
  const records = [...readSet('development.jsonl'), ...readSet('pairs.jsonl')];
  const inputs = new Set(records.map(({ input }) => input));
  const glosses = new Set<string>();
  for (let index = 0; index < 30_000; index++) {
    const { input, atoms } = generateRecord(index, { seed: 42 });
    expect(inputs.has(input) ? input : '').toBe('');
    for (const { gloss } of atoms) glosses.add(gloss);
  }
  expect(records.filter(({ atoms }) => atoms.every(({ gloss }) => glosses.has(gloss)))).toEqual([]);
});
