import { describe, expect, test } from '@jest/globals';

import { cleanRecords, generateRecord } from '../../../lib/logic/index.js';
import type { CleaningReason, LogicRecord } from '../../../lib/logic/index.js';
import { findNearDuplicates } from '../../../lib/logic/data/clean/near-duplicates.js';
import { normalizeInput } from '../../../lib/logic/data/clean/normalize-input.js';
import { makeRecord } from './make-record.js';

const all = { maxTrivialRatio: 1 };
const SENTENCE = 'Si llueve y no llevo paraguas, me mojo.';
const GLOSSES = ['llueve', 'llevo paraguas', 'me mojo'];

function reasonsOf(records: readonly LogicRecord[]): CleaningReason[] {
  return cleanRecords(records, all).removed.map(({ reason }) => reason);
}

/** One that holds, with other fields. */
function change(more: Partial<LogicRecord>): LogicRecord {
  return { ...makeRecord(SENTENCE, '(p ∧ ¬q) → r', GLOSSES), ...more };
}

describe('cleanRecords', () => {
  test('takes nothing from what the grammar makes but repetitions', () => {
    const records = Array.from({ length: 400 }, (_, index) => generateRecord(index, { seed: 5 }));
    const { records: kept, removed, statistics } = cleanRecords(records, all);
    const repetitions = ['duplicate', 'near-duplicate', 'conflict'];
    expect(removed.filter(({ reason }) => !repetitions.includes(reason))).toEqual([]);
    expect(kept.length).toBeGreaterThan(380);
    const before = new Map(records.map((record) => [record.id, record]));
    expect(kept.map(({ formulaAscii, ...record }) => record)).toEqual(kept.map(({ id }) => before.get(id)));
    expect(statistics).toMatchObject({ stage: 'clean', input: 400, output: kept.length });
  });

  test.each<[CleaningReason, Partial<LogicRecord>]>([
    ['input-length', { input: ' Llueve ' }],
    ['input-length', { input: 'Llueve y '.repeat(80) }],
    ['syntax', { formula: '⊢ p → q' }],
    ['syntax', { formula: '□p → q' }],
    ['syntax', { formula: 'p → q.' }],
    ['form-mismatch', { formulaAscii: '(p & ~q) | r' }],
    ['undeclared-atom', { formula: '(p ∧ ¬q) → t' }],
    ['undeclared-atom', { atoms: [] }],
    ['duplicate-letter', { atoms: [...'ppqr'].map((letter, i) => ({ letter, gloss: `gloss ${i}` })) }],
    ['duplicate-gloss', { atoms: [...'pqr'].map((letter) => ({ letter, gloss: 'llueve' })) }],
    ['empty-gloss', { atoms: [...'pqr'].map((letter) => ({ letter, gloss: ' ' })) }],
    ['tautology', { formula: '(p ∧ q) → (p ∨ r)' }],
    ['contradiction', { formula: 'p ∧ q ∧ ¬p ∧ r' }],
  ])('%s', (reason, fault) => {
    expect(reasonsOf([change(fault)])).toEqual([reason]);
  });

  test('formulas without content stay where that is asked for', () => {
    const idle = change({ formula: 'p ∨ ¬p ∨ q ∨ r' });
    expect(cleanRecords([idle], { ...all, keepNonContingent: true }).records).toHaveLength(1);
    expect(reasonsOf([{ ...idle, nonContingent: true } as LogicRecord])).toEqual([]);
  });

  test('inputs, formulas and ids become canonical, and what was made from a record follows its id', () => {
    const messy = change({
      input: `  Si llueve y\u0000 no  llevo paraguas,\tme moj\u006f\u0301. `,
      formula: '((p & ~q)) => r',
    });
    const derived = { ...makeRecord('Algo distinto del todo.', 'p', ['algo']), sourceId: messy.id };
    const { records } = cleanRecords([messy, derived], all);
    expect(records[0]).toMatchObject({
      input: 'Si llueve y no llevo paraguas, me mojó.',
      formula: '(p ∧ ¬q) → r',
      formulaAscii: '(p & ~q) -> r',
    });
    expect(records[0]!.id).not.toBe(messy.id);
    expect(records.map(({ sourceId }) => sourceId)).toEqual([records[0]!.id, records[0]!.id]);
  });

  test('the ASCII form stands in for a broken formula, and ↔ survives in it', () => {
    const { records, statistics } = cleanRecords([change({ formula: 'p ?', formulaAscii: 'p <-> q & r' })], all);
    expect(records[0]!.formula).toBe('p ↔ (q ∧ r)');
    expect(statistics.warnings['ascii-only']).toBe(1);
  });

  test('letters follow the first mention in the sentence, and unused ones go', () => {
    const atoms = [
      { letter: 'x', gloss: 'me mojo' },
      { letter: 'z9', gloss: 'hace sol' },
      { letter: 'b', gloss: 'llevo paraguas' },
      { letter: 'p', gloss: 'llueve' },
    ];
    const provenance = { kind: 'llm', generator: 'some', version: '1', parents: [] } as const;
    const mixed = change({
      formula: '(p ∧ ¬b) → x',
      atoms,
      reasoning: ['p es b'],
      provenance: { ...provenance, parents: [] },
    });
    const { records, statistics } = cleanRecords([mixed], all);
    expect(records[0]).toMatchObject({
      formula: '(p ∧ ¬q) → r',
      atoms: GLOSSES.map((gloss, place) => ({ letter: 'pqr'[place], gloss })),
      reasoning: [],
    });
    expect(statistics.warnings).toEqual({ 'unused-atom': 1, 'reasoning-dropped': 1 });
  });

  test('the level is computed, and what was declared is kept beside it', () => {
    const { records } = cleanRecords([change({ complexity: 'advanced' })], all);
    expect(records[0]).toMatchObject({ complexity: 'intermediate', declaredComplexity: 'advanced' });
  });

  test('of a sentence with one meaning the first stays, with two none', () => {
    const again = change({ input: 'SI LLUEVE y no llevo paraguas: ¡me mojo!', formula: '¬(p ∧ ¬q) ∨ r' });
    expect(reasonsOf([change({}), again])).toEqual(['duplicate']);
    expect(reasonsOf([change({}), again, change({ formula: 'r → (p ∧ ¬q)' })])).toEqual([
      'conflict',
      'conflict',
      'conflict',
    ]);
    expect(reasonsOf([change({}), change({ input: SENTENCE.replace('llevo', 'llevó') })])).toEqual([]);
  });

  const LONG =
    'Si el puerto está abierto y el servicio no está parcheado, entonces el atacante ejecuta código remoto en el servidor';
  test('near-duplicates that mean the same go; those that mean something else are kept to be told apart', () => {
    const near = [change({ input: `${LONG}.` }), change({ input: `${LONG}es.` })];
    expect(reasonsOf(near)).toEqual(['near-duplicate']);
    expect(reasonsOf([near[0]!, { ...near[1]!, formula: '(p ∧ q) → r' }])).toEqual([]);
  });

  test('trivial ones are at most their share of what is kept, the same for the same seed, in order', () => {
    const trivial = Array.from({ length: 30 }, (_, i) =>
      makeRecord(`Pasa la cosa ${i * 7919} hoy.`, 'p', [`pasa ${i}`]),
    );
    const others = Array.from({ length: 12 }, (_, i) =>
      makeRecord(`Son ${i * 7919}, o no, o sí.`, '(p ∧ q) ∨ r', ['a', 'b', 'c']),
    );
    const mixed = [...trivial.slice(0, 15), ...others, ...trivial.slice(15)];
    const { records, statistics } = cleanRecords(mixed);
    expect(statistics.removedByReason).toEqual({ trivial: 22 });
    expect(records).toHaveLength(20);
    const places = records.map(({ input }) => mixed.findIndex((record) => record.input === input));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(cleanRecords(mixed).records).toEqual(records);
    expect(cleanRecords(mixed, { seed: 7 }).records).not.toEqual(records);
  });

  test('settings out of range are refused', () => {
    expect(() => cleanRecords([], { maxTrivialRatio: 1.1 })).toThrow(/maxTrivialRatio/);
  });
});

describe('findNearDuplicates', () => {
  /** All pairs compared as sets, as the definition says. */
  function comparePairs(inputs: readonly string[]): { earlier: number; later: number }[] {
    const sets = inputs.map((input) => {
      const text = normalizeInput(input);
      if (text.length <= 5) return new Set([text]);
      return new Set(Array.from({ length: text.length - 4 }, (_, start) => text.slice(start, start + 5)));
    });
    return sets.flatMap((set, later) =>
      sets.slice(0, later).flatMap((other, earlier) => {
        const shared = [...set].filter((one) => other.has(one)).length;
        return 10 * shared >= 9 * (set.size + other.size - shared) ? [{ earlier, later }] : [];
      }),
    );
  }

  test('finds exactly the pairs that comparing all finds', () => {
    const sentences = Array.from({ length: 120 }, (_, index) => generateRecord(index, { seed: 11 }).input);
    const inputs = sentences.flatMap((text, i) => {
      const at = (i * 37) % text.length;
      return [text, text.slice(0, at) + text.slice(at + 1), `${text.slice(0, at)}x${text.slice(at)}`];
    });
    const pairs = findNearDuplicates([...inputs, 'a', 'a!', 'abc']);
    expect(pairs).toEqual(comparePairs([...inputs, 'a', 'a!', 'abc']));
    expect(pairs.length).toBeGreaterThan(100);
  });
});
