import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  learnPreprocess,
  preprocessConfigSchema,
  preprocessTexts,
  createPreprocessor,
  trainTruecase,
} from '../../../lib/text/index.js';
import type { PreprocessOptions } from '../../../lib/text/index.js';
import { measureGrowth } from '../../helpers/cpu-time.js';
import { anyCharacter } from '../../helpers/text.js';

const forms = ['the', 'NASA', 'iPhone', 'a', 'de', 'İstanbul', 'straße', 'Ab', 'ñu'];
const bare: PreprocessOptions = { unicode: 'none', nonPrintables: 'keep', whitespace: 'keep', tabs: 'keep' };

describe('createPreprocessor', () => {
  test.each<[PreprocessOptions, string, string]>([
    [{}, 'e\u0301 \u00a0x\t\ty \r\n\r\n\r\n z\u0000\u200b', 'é x y\n\nz'],
    [{ unicode: 'NFD' }, 'é', 'e\u0301'],
    [{ unicode: 'NFKC' }, 'ﬁ Ⅳ ２', 'fi IV 2'],
    [{ ...bare, nonPrintables: 'remove' }, 'a\r\nb\rc\u0007\ufeffd\t e\u200d\u200cf', 'a\nb\ncd\t e\u200d\u200cf'],
    [{ ...bare, whitespace: 'collapse' }, '  a  \t b \n\n\n\n c', 'a \t b\n\nc'],
    [{ ...bare, tabs: 'space' }, 'a\tb  c', 'a b  c'],
    [{ case: { type: 'lower' } }, 'ÀB Straße İ', 'àb straße i\u0307'],
    [
      { case: { type: 'truecase', forms } },
      'The nasa. "The end." Dr. The\nIPHONE Zed',
      'the nasa. "the end." Dr. The\niPhone Zed',
    ],
    [{ punctuation: 'strip' }, "¿Don't—you, e.g. well-known 1,000.5?", "Don't you e g well-known 1,000.5"],
    [{ punctuation: 'separate' }, 'Hi, "you"... (it\'s 3.5)!?', 'Hi , " you " ... ( it\'s 3.5 ) ! ?'],
    [
      { sentences: 'lines' },
      'Dr. Who met J. Doe. "Yes?" She left… Él no. and so',
      'Dr. Who met J. Doe.\n"Yes?"\nShe left…\nÉl no. and so',
    ],
    [bare, ' a \r\n\u0000 ', ' a \r\n\u0000 '],
  ])('%j: %j becomes %j', (options, text, expected) => {
    expect(createPreprocessor(options)(text)).toBe(expected);
  });

  test('every step and all together: twice is once', () => {
    const options = fc.record(
      {
        unicode: fc.constantFrom('NFC', 'NFD', 'NFKC', 'none'),
        nonPrintables: fc.constantFrom('remove', 'keep'),
        whitespace: fc.constantFrom('collapse', 'keep'),
        tabs: fc.constantFrom('space', 'keep'),
        case: fc.constantFrom({ type: 'preserve' }, { type: 'lower' }, { type: 'truecase', forms }),
        punctuation: fc.constantFrom('keep', 'strip', 'separate'),
        sentences: fc.constantFrom('keep', 'lines'),
      },
      { requiredKeys: [] },
    ) as fc.Arbitrary<PreprocessOptions>;
    const pieces = ['The', 'the', 'NASA', 'nasa', 'Ab', 'ab', 'e', '\u0301', '\u0307', 'İ', 'ß', 'ﬁ', 'Ω', '\u00ad'];
    const marks = ['.', '. ', '? ', '…', '"', "'", '’', '-', '(', ')', '¿', '。', '1', '\u037e', '\u00b7', '،'];
    const spaces = [' ', '  ', '\t', '\n', '\r\n', '\r', '\u00a0', '\u2028', '\u3000', '\u0000', '\u200b', '\ufeff'];
    const others = ['🙂', '\u200d', '日', '\u1100', '\u1161', '\ud800', '㎐', '℀', '\u0344', '\u1fbd', '\u2026'];
    const piece = fc.oneof(
      fc.constantFrom(...pieces, ...marks, ...spaces, ...others),
      fc.string({ unit: anyCharacter }),
    );
    const text = fc.array(piece, { maxLength: 14 }).map((list) => list.join(''));
    fc.assert(
      fc.property(options, text, (config, raw) => {
        const process = createPreprocessor(config);
        const once = process(raw);
        return process(once) === once;
      }),
      { numRuns: 5000 },
    );
  });

  test.each([
    '.',
    '. ',
    '."',
    '." ',
    ' ',
    '\n',
    " ' '",
    '"',
    "'",
    '\u200b',
    'e\u0301',
    'A.',
    '1.',
    'a-',
    '。',
    '\u00a0\n',
  ])('time grows with the length: %j many times', (piece) => {
    const config = { sentences: 'lines', punctuation: 'separate', case: { type: 'truecase', forms } } as const;
    const preprocess = createPreprocessor(config);
    const growth = measureGrowth((count) => preprocess(`A.${piece.repeat(count)}b`), 5000, 4);
    // Between 4, linear, and 16, quadratic.
    expect(growth).toBeLessThan(10);
  });

  test('options are checked', () => {
    expect(() => createPreprocessor({ unicode: 'nfc' } as never)).toThrow(
      /unicode: expected one of "NFC".*Did you mean "NFC"/,
    );
    expect(() => createPreprocessor({ lowercase: true } as never)).toThrow(/lowercase: unknown key/);
  });

  test('a stored configuration is complete and plain', () => {
    const stored = JSON.stringify(preprocessConfigSchema.parse({}));
    expect(JSON.parse(stored)).toEqual({
      unicode: 'NFC',
      nonPrintables: 'remove',
      whitespace: 'collapse',
      tabs: 'space',
      case: { type: 'preserve' },
      punctuation: 'keep',
      sentences: 'keep',
    });
  });

  test('a source is processed as it is read, each time anew', async () => {
    const source = preprocessTexts(['A  b', 'C'], { case: { type: 'lower' } });
    for (let pass = 0; pass < 2; pass++) {
      const documents: string[] = [];
      for await (const text of source) documents.push(text);
      expect(documents).toEqual(['a b', 'c']);
    }
  });
});

describe('learnPreprocess', () => {
  const text = 'We saw Paris.\r\nWe saw Paris again, we did. Paris saw\u00a0us. Again we went';

  test('learns the forms of words from uniform text, and leaves what is given', async () => {
    const config = await learnPreprocess(text, { case: { type: 'truecase' } });
    expect(config).toMatchObject({ unicode: 'NFC', case: { type: 'truecase', forms: ['saw', 'Paris', 'we'] } });
    expect(createPreprocessor(config)('We went. Paris, SAW we.')).toBe('we went. Paris, SAW we.');
    const given: PreprocessOptions = { case: { type: 'truecase', forms: ['a'] } };
    expect((await learnPreprocess(text, given)).case).toEqual(given.case);
    expect((await learnPreprocess(text, {})).case).toEqual({ type: 'preserve' });
  });

  test('without the forms there is no truecasing', () => {
    expect(() => createPreprocessor({ case: { type: 'truecase' } } as never)).toThrow(/case\.forms: missing/);
  });
});

describe('trainTruecase', () => {
  test('counts words within sentences only, and keeps the commonest form', async () => {
    const text = 'The sun and Ana. Now the sun and ana. Yes the Ana.\nNow, The THE the';
    expect(await trainTruecase(text)).toEqual(['the', 'Ana', 'and', 'sun']);
    expect(await trainTruecase([text, text], { minCount: 4, maxForms: 2 })).toEqual(['the', 'Ana']);
  });
});
