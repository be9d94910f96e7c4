import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { listAtoms, parseFormula, printFormula } from '../../../lib/logic/index.js';
import { FormulaState, listNames } from '../../../lib/tasks/logic/decoding/formula-state.js';
import { outputLimits } from '../../../lib/tasks/logic/decoding/output-state.js';
import type { OutputState } from '../../../lib/tasks/logic/decoding/output-state.js';
import { startOutput } from '../../../lib/tasks/logic/decoding/section-states.js';
import type { SectionName } from '../../../lib/tasks/logic/decoding/section-states.js';
import { nameAtom, readSymbol, spell, symbols } from '../../../lib/tasks/logic/decoding/symbols.js';
import { drawFormula } from '../../logic/draw-formula.js';
import { listNext, walk } from './walk.js';

const plans: Record<string, SectionName[]> & { noThought: SectionName[] } = {
  full: ['thought', 'atoms', 'connectors', 'formula'],
  noThought: ['atoms', 'connectors', 'formula'],
  noConnectors: ['atoms', 'formula'],
  formulaOnly: ['formula'],
};
const start = (mode: string): OutputState => startOutput({ sections: plans[mode]!, limits: outputLimits });
const connectives = new Map<number, string>(
  ['¬', '∧', '∨', '→', '↔'].map((symbol) => [symbols[symbol as '¬'], symbol]),
);
const write = (some: readonly number[]): string =>
  some.map((symbol) => connectives.get(symbol) ?? String.fromCharCode(symbol)).join('');
const accept = (state: OutputState | undefined, some: readonly number[]): OutputState | undefined =>
  some.reduce<OutputState | undefined>((now, symbol) => now?.next(symbol), state);
const encodeFormula = (text: string): number[] => Array.from(text.replaceAll(' ', ''), readSymbol);

/** The parts of an output, by the numbers that start them. */
function split(written: readonly number[]): Record<string, number[]> {
  const parts: Record<string, number[]> = {};
  for (const [name, mark] of Object.entries(symbols).filter(([, mark]) => mark < symbols.end)) {
    const at = written.indexOf(mark);
    const rest = written.slice(at + 1);
    const end = rest.findIndex((symbol) => symbol > 0xff && symbol <= symbols.end);
    if (at >= 0) parts[name] = rest.slice(0, end);
  }
  return parts;
}

/** Marks and words of a section's entries, the words as text; bytes that are no UTF-8 are an error. */
function readEntries(part: readonly number[]): [mark: string, words: string][] {
  if (part.length === 0) return [];
  const bars = part.flatMap((symbol, at) => (symbol === '|'.charCodeAt(0) ? [at] : []));
  return [...bars, part.length].map((end, i) => {
    const entry = part.slice(i === 0 ? 0 : bars[i - 1]! + 1, end);
    const colon = entry.indexOf(':'.charCodeAt(0));
    const words = new TextDecoder('utf8', { fatal: true }).decode(Uint8Array.from(entry.slice(colon + 1)));
    return [write(entry.slice(0, colon)), words];
  });
}

describe.each(Object.keys(plans))('%s', (mode) => {
  test('random outputs have a formula of declared atoms, and sections in their order', () => {
    const random = new Random(3);
    const found = new Set<string>();
    const [count, longest] = mode === 'formulaOnly' ? [10_000, 30] : [200, 60];
    for (let i = 0; i < count; i++) {
      const budget = start(mode).need + random.integer(longest);
      const written = walk(random, start(mode), budget);
      if (written.length > budget) throw new Error(`${written.length} symbols for ${budget}`);
      const { formula, atoms } = split(written);
      const tree = parseFormula(write(formula!));
      found.add(printFormula(tree));
      if (atoms === undefined) continue;
      const marks = written.filter((symbol) => symbol > 0xff && symbol <= symbols.end);
      expect(marks).toEqual([...plans[mode]!.map((section) => symbols[section]), symbols.end]);
      const letters = readEntries(atoms).map(([letter]) => letter);
      expect(letters).toEqual(letters.map((_, place) => nameAtom(place)));
      expect(letters).toEqual(expect.arrayContaining(listAtoms(tree)));
    }
    expect(found.size).toBeGreaterThan(20);
  }, 300_000);

  test('the need is exact: no symbol lowers it by more than one, and one always does', () => {
    const random = new Random(5);
    const changes = new Set<number>();
    for (let i = 0; i < 25; i++) {
      walk(random, start(mode), start(mode).need + random.integer(80), (state) => {
        changes.add(Math.min(...listNext(state).map(({ next }) => next.need)) - state.need);
      });
    }
    expect([...changes]).toEqual([-1]);
  });

  test('a key stands for the symbols that may follow and what each does to the need', () => {
    const random = new Random(7);
    const known = new Map<string, Set<string>>();
    for (let i = 0; i < 25; i++) {
      walk(random, start(mode), start(mode).need + random.integer(120), (state) => {
        const choices = listNext(state).map(({ symbol, next }) => `${symbol}:${next.need - state.need}`);
        known.set(state.key, (known.get(state.key) ?? new Set()).add(choices.join(' ')));
      });
    }
    expect([...known].filter(([, kinds]) => kinds.size > 1)).toEqual([]);
    expect(known.size).toBeLessThan(800);
  });
});

test('words are text, trimmed, with something to see, one space apart, without | and control characters', () => {
  const random = new Random(11);
  for (let i = 0; i < 200; i++) {
    const { atoms, connectors } = split(walk(random, start('noThought'), 120));
    for (const [, words] of [...readEntries(atoms!), ...readEntries(connectors!)]) {
      expect(words).toMatch(/^ [^ \p{Cc}|]+( [^ \p{Cc}|]+)*$/u);
      expect(words.trim()).not.toBe('');
    }
  }
});

test('every formula is accepted as it is printed, in each style', () => {
  const random = new Random(13);
  const names = listNames(16);
  const letters = [...names.names];
  const begin = FormulaState.start(names, { ...outputLimits, connectives: 128 });
  const refused: string[] = [];
  for (let i = 0; i < 1000; i++) {
    const tree = drawFormula(random, 1 + random.integer(5), letters);
    for (const style of ['pretty', 'minimal', 'canonical'] as const) {
      const written = [...encodeFormula(printFormula(tree, style)), symbols.end];
      if (accept(begin, written)?.need !== 0) refused.push(write(written));
    }
  }
  expect(refused).toEqual([]);
});

test('what is no formula of the declared atoms is refused', () => {
  const begin = FormulaState.start(listNames(2), outputLimits);
  const isRefused = (text: string): boolean => accept(begin, [...encodeFormula(text), symbols.end]) === undefined;
  for (const text of ['', 'p∧', '∧p', 'r', 'pq', 'p1', 'p¬q', '(p∧q', 'p)', '()', '(p)', '((p∧q))', 'p|q', 'p q'])
    expect([text, isRefused(text.replaceAll(' ', '\t'))]).toEqual([text, true]);
  expect(isRefused('¬(p∧q)→¬¬p')).toBe(false);
});

test('atoms are declared in their order, and connectors by their connective', () => {
  const { atoms, connectors, formula, end } = symbols;
  const p = [...spell('p: a')];
  const isAccepted = (some: readonly number[]): boolean => accept(start('noThought'), some)?.need === 0;
  const rest = [connectors, formula, ...spell('p'), end];
  expect(isAccepted([atoms, ...p, ...rest])).toBe(true);
  expect(isAccepted([atoms, ...p, ...spell('|q: b'), ...rest])).toBe(true);
  for (const wrong of ['|r: b', '|p: b', '|q:b', '|q: ', '|q:', '|', ' ', '|q: b ', '|q: b  c'])
    expect([wrong, isAccepted([atoms, ...p, ...spell(wrong), ...rest])]).toEqual([wrong, false]);
  const listed = (...some: number[]): boolean =>
    isAccepted([atoms, ...p, connectors, ...some, formula, ...spell('p'), end]);
  expect(listed(symbols['¬'], ...spell(': no|'), symbols['∧'], ...spell(': y'))).toBe(true);
  expect(listed(...spell('p: no'))).toBe(false);
  expect(listed(symbols['¬'], ...spell(': no|'))).toBe(false);
  expect(isAccepted([atoms, ...p, formula, ...spell('p'), end])).toBe(false);
  expect(isAccepted([atoms, connectors, formula, ...spell('p'), end])).toBe(false);
  expect(isAccepted([...rest])).toBe(false);
});

test('bounds hold for atoms, connectors, parentheses and connectives', () => {
  const limits = { atoms: 3, connectors: 2, nesting: 2, connectives: 5 };
  const random = new Random(17);
  const most = { atoms: 0, connectors: 0, nesting: 0, connectives: 0 };
  for (let i = 0; i < 1500; i++) {
    const { atoms, connectors, formula } = split(walk(random, startOutput({ sections: plans.noThought, limits }), 90));
    const text = write(formula!);
    let open = 0;
    for (const one of text) {
      if (one === '(') most.nesting = Math.max(most.nesting, ++open);
      if (one === ')') open--;
    }
    most.atoms = Math.max(most.atoms, readEntries(atoms!).length);
    most.connectors = Math.max(most.connectors, readEntries(connectors!).length);
    most.connectives = Math.max(most.connectives, text.replace(/[^¬∧∨→↔]/gu, '').length);
  }
  expect(most).toEqual(limits);
});
