import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitSentences } from '../../../lib/text/index.js';

describe('splitSentences', () => {
  test.each([
    ['', []],
    ['No end', ['No end']],
    ['One. Two! Three? Four', ['One.', 'Two!', 'Three?', 'Four']],
    ['He said "Stop." Then left.', ['He said "Stop."', 'Then left.']],
    ['Mr. Smith met J. K. Doe vs. Them etc. Right?', ['Mr. Smith met J. K. Doe vs. Them etc. Right?']],
    ['It cost 3.50 dollars. 7 of them', ['It cost 3.50 dollars.', '7 of them']],
    ['Wait... What?! Really?! (Yes.) no', ['Wait...', 'What?!', 'Really?!', '(Yes.) no']],
    ['¿Sí? ¡Claro! La Sra. Gil vino.', ['¿Sí?', '¡Claro!', 'La Sra. Gil vino.']],
    ['a . The " dog " . It barked .', ['a .', 'The " dog " .', 'It barked .']],
    ['今日は。明日も！はい', ['今日は。', '明日も！', 'はい']],
    ['line one\n\n line two. Three', ['line one', 'line two.', 'Three']],
  ])('%j', (text, sentences) => {
    expect(splitSentences(text)).toEqual(sentences);
  });

  test('nothing is lost but white space', () => {
    const text = fc
      .array(fc.constantFrom('A', 'b', '.', '! ', '?', ' ', '\n', '"', '。', 'Mr', '\u00a0'))
      .map((list) => list.join(''));
    const bare = (value: string): string => value.replace(/\s/g, '');
    fc.assert(fc.property(text, (value) => expect(bare(splitSentences(value).join(''))).toBe(bare(value))));
  });
});
