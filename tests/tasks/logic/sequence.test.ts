import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../../lib/core/index.js';
import { generateRecord, listAtoms, parseFormula, printFormula } from '../../../lib/logic/index.js';
import type { LogicRecord } from '../../../lib/logic/index.js';
import {
  LogicVocabulary,
  decodeLogicSequence,
  encodeLogicPrompt,
  encodeLogicRecord,
  logicModes,
  trainLogicTokenizer,
} from '../../../lib/tasks/index.js';
import { ByteTokenizer, findEndTokens, findStartToken, parseTokenizer } from '../../../lib/text/index.js';
import { anyText } from '../../helpers/text.js';
import { drawFormula } from '../../logic/draw-formula.js';

const records = Array.from({ length: 400 }, (_, index) => generateRecord(index, { seed: 5, slice: 'train' }));
const umbrella = {
  input: 'Si llueve y no llevo paraguas, entonces me mojo',
  formula: '(p ∧ ¬q) → r',
  atoms: [
    { letter: 'p', gloss: 'llueve' },
    { letter: 'q', gloss: 'llevo paraguas' },
    { letter: 'r', gloss: 'me mojo' },
  ],
  connectors: [
    { symbol: '→', cue: 'si…entonces' },
    { symbol: '∧', cue: 'y' },
    { symbol: '¬', cue: 'no' },
  ] satisfies LogicRecord['connectors'],
  reasoning: ['«y» une lo que dice: p ∧ ¬q.', 'Fórmula: (p ∧ ¬q) → r.'],
};

let vocabulary: LogicVocabulary;
beforeAll(async () => {
  vocabulary = new LogicVocabulary(await trainLogicTokenizer(records, { vocabSize: 1500 }));
});
const spell = (ids: Iterable<number>): string => vocabulary.tokenizer.decode(ids);

describe('the tokenizer', () => {
  test('has the special tokens first, then bytes, then the connectives, and the size that was asked for', () => {
    const { tokenizer } = vocabulary;
    expect(Object.entries(tokenizer.specialTokens!).map(([name, id]) => `${id} ${name}`)).toEqual([
      ...['0 <|pad|>', '1 <|bos|>', '2 <|eos|>', '3 <|unk|>', '4 <|input|>', '5 <|output|>', '6 <|thought|>'],
      ...['7 <|atoms|>', '8 <|connectors|>', '9 <|formula|>'],
    ]);
    const bytes = Array.from({ length: 256 }, (_, i) => tokenizer.tokenBytes(10 + i)[0]!);
    expect(new Set(bytes).size).toBe(256);
    for (const symbol of '¬∧∨→↔') {
      expect(vocabulary.symbols.get(symbol)).toBeLessThan(273);
      expect(spell([vocabulary.symbols.get(symbol)!])).toBe(symbol);
    }
    expect(tokenizer.size).toBe(1500);
    expect([findStartToken(tokenizer), findEndTokens(tokenizer)]).toEqual([1, [2]]);
  });

  test('gives every text back in NFC, and never a special token', () => {
    const texts = fc.oneof(anyText, fc.constantFrom('El Ñandú <|formula|> \\ \t 🐧', '<|eos|>¬∧∨→↔()', 'e\u0301 ﬁ'));
    fc.assert(
      fc.property(texts, (text) => {
        const ids = vocabulary.tokenizer.encode(text);
        expect(spell(ids)).toBe(text.normalize('NFC'));
        expect(ids.every((id) => id >= 10)).toBe(true);
      }),
      { numRuns: 1000, seed: 3 },
    );
  });

  test('is the same for the same records, and comes back from its stored form', async () => {
    const again = await trainLogicTokenizer(records, { vocabSize: 1500 });
    expect(JSON.stringify(again)).toBe(JSON.stringify(vocabulary.tokenizer));
    const read = parseTokenizer(JSON.parse(JSON.stringify(again)));
    for (const { input } of records) expect([...read.encode(input)]).toEqual([...again.encode(input)]);
  });

  test('is smaller where the texts have no more to merge, and refuses a size without room', async () => {
    expect((await trainLogicTokenizer([umbrella], { vocabSize: 8000 })).size).toBeLessThan(400);
    await expect(trainLogicTokenizer(records, { vocabSize: 272 })).rejects.toThrow('vocabSize');
  });

  test('of other texts are refused by name', () => {
    expect(() => new LogicVocabulary(new ByteTokenizer())).toThrow('special token <|pad|>');
  });
});

describe('a sequence', () => {
  test('writes the sections of its mode', () => {
    const write = (mode: (typeof logicModes)[number]): string =>
      spell(encodeLogicRecord(umbrella, vocabulary, { mode }).ids);
    const prompt = '<|bos|><|input|> Si llueve y no llevo paraguas, entonces me mojo<|output|>';
    const thought = '<|thought|> «y» une lo que dice: p ∧ ¬q. Fórmula: (p ∧ ¬q) → r.';
    const given = '<|atoms|>p: llueve|q: llevo paraguas|r: me mojo<|connectors|>→: si…entonces|∧: y|¬: no';
    const formula = '<|formula|>(p∧¬q)→r<|eos|>';
    expect(write('formulaOnly')).toBe(prompt + formula);
    expect(write('noThought')).toBe(prompt + given + formula);
    expect(write('full')).toBe(prompt + thought + given + formula);
    expect(spell(encodeLogicPrompt(umbrella.input, vocabulary))).toBe(prompt);
  });

  test('counts all behind the prompt, and tells where each section lies', () => {
    const { ids, answers, sections } = encodeLogicRecord(umbrella, vocabulary, { mode: 'full' });
    const prompt = encodeLogicPrompt(umbrella.input, vocabulary);
    expect([...ids.subarray(0, prompt.length)]).toEqual([...prompt]);
    expect(answers).toEqual([{ start: prompt.length, end: ids.length }]);
    const lengths = Object.values(sections).reduce((sum, { start, end }) => sum + end - start, 0);
    expect(lengths).toBe(ids.length - prompt.length - 1);
    expect(spell(ids.subarray(sections.formula!.start, sections.formula!.end))).toBe('<|formula|>(p∧¬q)→r');
  });

  test('a formula takes one token for each letter, digit, connective and parenthesis', () => {
    const random = new Random(8);
    for (let i = 0; i < 2000; i++) {
      const text = printFormula(drawFormula(random, 5));
      const { ids, sections } = encodeLogicRecord({ ...umbrella, formula: text }, vocabulary);
      const written = ids.subarray(sections.formula!.start + 1, sections.formula!.end);
      expect(written).toHaveLength(text.replaceAll(' ', '').length);
      expect(decodeLogicSequence(ids, vocabulary).formula).toBe(text);
    }
  });

  test.each(logicModes)('comes back as its record: %s', (mode) => {
    for (const record of records) {
      const decoded = decodeLogicSequence(encodeLogicRecord(record, vocabulary, { mode }).ids, vocabulary);
      expect(decoded.formula).toBe(printFormula(parseFormula(record.formula)));
      expect(decoded.ended).toBe(true);
      const given = mode !== 'formulaOnly';
      expect(decoded.atoms).toEqual(given ? record.atoms : []);
      const said = given && mode !== 'noConnectors';
      expect(decoded.connectors).toEqual(said ? record.connectors.map(({ symbol, cue }) => ({ symbol, cue })) : []);
      expect(decoded.thought).toBe(mode === 'full' ? record.reasoning.join(' ') : undefined);
    }
  });

  test('special tokens that somebody typed stay text, and no clause holds the mark between two', () => {
    const typed = '<|output|><|formula|>p<|eos|> | a';
    const record = { ...umbrella, input: typed, atoms: [{ letter: 'p', gloss: typed }], formula: 'p' };
    const { ids } = encodeLogicRecord(record, vocabulary);
    expect([...ids].filter((id) => id < 10)).toEqual([1, 4, 5, 7, 8, 9, 2]);
    const bar = vocabulary.symbols.get('|')!;
    const answer = ids.subarray(encodeLogicPrompt(typed, vocabulary).length);
    expect([...answer].filter((id) => id === bar)).toHaveLength(2);
    expect(decodeLogicSequence(ids, vocabulary).atoms).toEqual([
      { letter: 'p', gloss: '<-output-><-formula->p<-eos-> / a'.replaceAll('-', '/') },
    ]);
  });
});

describe('what a model wrote', () => {
  const read = (text: string) => {
    const special = vocabulary.tokenizer.specialTokens!;
    const parts = text.split(/(<\|\w+\|>)/u);
    const ids = parts.flatMap((part) => (part in special ? special[part]! : [...vocabulary.tokenizer.encode(part)]));
    return decodeLogicSequence(ids, vocabulary);
  };

  test('without a formula has none', () => {
    for (const text of [
      '',
      '<|atoms|>p: a',
      '<|formula|>',
      '<|formula|>p→',
      '<|formula|>p hola',
      '<|eos|><|formula|>p',
    ])
      expect([text, read(text).formula]).toEqual([text, undefined]);
    expect(read('<|formula|>p→').symbols).toBe('p→');
  });

  test('counts up to its end, and of a section written twice the first', () => {
    expect(read('<|formula|>p<|formula|>q<|eos|>∧r')).toMatchObject({ formula: 'p', ended: true });
    expect(read('<|formula|>p∧q')).toMatchObject({ formula: 'p ∧ q', ended: false });
  });

  test('has no entry without a mark', () => {
    expect(read('<|atoms|>p: a|b|: c|q: d:e').atoms).toEqual([
      { letter: 'p', gloss: 'a' },
      { letter: 'q', gloss: 'd:e' },
    ]);
  });

  test('may be any ids', () => {
    const random = new Random(2);
    for (let i = 0; i < 500; i++) {
      const ids = Array.from({ length: random.integer(60) }, () =>
        random.integer(random.float() < 0.5 ? 280 : vocabulary.tokenizer.size),
      );
      const { formula } = decodeLogicSequence(ids, vocabulary);
      if (formula !== undefined) expect(listAtoms(parseFormula(formula)).length).toBeGreaterThan(0);
    }
  });
});
