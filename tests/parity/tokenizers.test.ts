import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../lib/core/index.js';
import { generateRecord } from '../../lib/logic/index.js';
import { trainLogicTokenizer } from '../../lib/tasks/index.js';
import { BpeTokenizer, WordTokenizer, loadGpt2Tokenizer, parseTokenizer } from '../../lib/text/index.js';
import type { Normalizer, Tokenizer } from '../../lib/text/index.js';
import { normalize } from '../../lib/text/tokenizers/normalizers/normalizer.js';
import { describeWithPython, python } from '../helpers/python.js';
import { anyText } from '../helpers/text.js';

const SCRIPT = 'tests/parity/tokenizer_files.py';

const own = ['README.md', 'tests/parity/tokenizer_files.py', 'lib/text/index.ts', 'lib/core/errors/errors.ts'];

/** Text to train on: the project's own, with some of other scripts. */
const corpus = [
  ...own.filter((path) => existsSync(path)).map((path) => readFileSync(path, 'utf8')),
  'El ingenioso hidalgo don Quijote de la Mancha. ¿Qué dices? ¡Año nuevo! '.repeat(20),
  'Съешь ещё этих мягких французских булок, да выпей чаю. '.repeat(20),
  '色は匂へど散りぬるを我が世誰ぞ常ならむ。'.repeat(20),
];

/** Sentences with their formulas. */
const records = Array.from({ length: 200 }, (_, index) => generateRecord(index, { seed: 4 }));

/** What tokenizers tend to differ on. */
const traps = [
  '',
  ' ',
  '  a  b ',
  "I'm it's WE'LL they'RE 'ſ x'ſ 's'",
  'a\r\n\r\n  b\n \n\n',
  '\t\tif (x) {\n\t\t\treturn 12345678;\n\t}',
  '\u0085\u00a0\u2003\u3000\ufeff\u200b x',
  '<END> <|endoftext|> <unk><s></s><UNK> <PAD> <0x41> </w> ab</w>',
  '¬p ∧ (q ∨ r) → s ↔ ¬¬t ∀∈⊢',
  'ΑΣ ΣΑΣ Σ İ ẞ ß ﬁ ½ ① Ⅻ ٣٤٥ १२३४',
  'e\u0301 é \u1112\u1161\u11ab 한글 ｶﾞ',
  '👩‍👩‍👧‍👦🏳️‍🌈 😀😀',
  '\u0378\u{1fffe}\u{10ffff}\ufffd\uffff\u0000\u0001',
  'a'.repeat(3000),
  '▁▁a ▁ b▁',
  'quijote quien aqui->qui -> x->y',
  '    ->>-> [x](y)é ÉÉE Quixote aQUI',
  ' 12 a1  2b\n\n3 x ½٣',
  ' '.repeat(100),
];

/** Ideographs of Unicode 17: letters here, but not yet to their library, where some tokenizers cut at letters. */
const newLetters = /[\u{323b0}-\u{33479}]/u;

const anything = fc.sample(anyText, { numRuns: 400, seed: 20 }).filter((text) => !newLetters.test(text));
const texts = [...traps, ...corpus, ...anything];

/**
 * Texts for tokenizers of words. Their library cuts words with an older Unicode than Node's, so they are made of
 * characters that both know; and what is spelled like a special token is a word to it, but never to us.
 */
const wordTexts = [
  ...[...traps, ...corpus].filter((text) => !text.includes('<PAD>')),
  ...fc.sample(fc.string({ unit: 'grapheme', maxLength: 80 }), { numRuns: 400, seed: 20 }),
];
const textsFor = (name: string): string[] => (/words|whitespace/.test(name) ? wordTexts : texts);

interface Answer {
  ids: number[][];
  decoded: string[];
}

/** What Hugging Face's library makes of texts with a file. */
function ask(requests: { file: string; texts: string[] }[]): Answer[] {
  return python(SCRIPT, { args: ['encode'], input: requests }).json as Answer[];
}

/** The texts that encode differently, or that decode differently. */
function differences(tokenizer: Tokenizer, asked: string[], answer: Answer) {
  return asked.flatMap((text, index) => {
    const ids = [...tokenizer.encode(text)];
    const sameIds = ids.join() === answer.ids[index]!.join();
    const decoded = tokenizer.decode(ids);
    if (sameIds && decoded === answer.decoded[index]) return [];
    return [{ text, ids, theirs: answer.ids[index], decoded, theirDecoded: answer.decoded[index] }];
  });
}

describeWithPython('tokenizers beside Hugging Face’s', () => {
  const folder = mkdtempSync(join(tmpdir(), 'palabra-tokenizers-'));
  const file = (name: string): string => join(folder, `${name}.json`);
  const read = (name: string): Tokenizer => parseTokenizer(JSON.parse(readFileSync(file(name), 'utf8')));
  let kinds: string[] = [];

  beforeAll(() => {
    kinds = python(SCRIPT, { args: ['train', folder], input: corpus }).json as string[];
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  test('files of theirs give their ids and their text here', () => {
    const answers = ask(kinds.map((kind) => ({ file: file(kind), texts: textsFor(kind) })));
    const found = kinds.flatMap((kind, i) =>
      differences(read(kind), textsFor(kind), answers[i]!).map((one) => ({ kind, ...one })),
    );
    expect(kinds).toHaveLength(31);
    expect(found).toEqual([]);
  });

  test('files of theirs give the same ids off this thread', async () => {
    for (const kind of kinds) {
      const tokenizer = read(kind);
      const text = [...traps, ...corpus].filter((one) => !one.includes('<PAD>')).join('\n');
      if (tokenizer.encodeAsync === undefined) continue;
      expect([...(await tokenizer.encodeAsync(text))]).toEqual([...tokenizer.encode(text)]);
    }
  });

  test('files of theirs, written again here, give the same ids there', () => {
    for (const kind of kinds) writeFileSync(file(`${kind} again`), JSON.stringify(read(kind)));
    const [first, again] = ['', ' again'].map((end) => ask(kinds.map((kind) => ({ file: file(kind + end), texts }))));
    expect(again).toEqual(first);
  });

  test('files of ours give our ids and our text there', async () => {
    const makers: [string, Promise<Tokenizer>][] = [
      ['our bytes', BpeTokenizer.train(corpus, { vocabSize: 1200, specialTokens: ['<END>'], normalize: ['NFC'] })],
      ['our llama-3', BpeTokenizer.train(corpus, { vocabSize: 1200, pattern: 'llama-3' })],
      ['our qwen-2', BpeTokenizer.train(corpus, { vocabSize: 1200, pattern: 'qwen-2' })],
      ['our characters', BpeTokenizer.train(corpus, { vocabSize: 900, base: 'character', unknown: 'token' })],
      ['our fallback', BpeTokenizer.train(corpus, { vocabSize: 900, base: 'character', unknown: 'bytes' })],
      ['our words', WordTokenizer.train(corpus, { words: 500, normalize: ['Lowercase'] })],
      ['our spaced words', WordTokenizer.train(corpus, { words: 500, split: 'spaces' })],
      ['our logic', trainLogicTokenizer(records, { vocabSize: 1200 })],
      ['gpt2', loadGpt2Tokenizer()],
    ];
    const made = await Promise.all(makers.map(async ([name, maker]) => ({ name, tokenizer: await maker })));
    for (const { name, tokenizer } of made) writeFileSync(file(name), JSON.stringify(tokenizer));
    const answers = ask(made.map(({ name }) => ({ file: file(name), texts: textsFor(name) })));
    const found = made.flatMap(({ name, tokenizer }, i) =>
      differences(tokenizer, textsFor(name), answers[i]!).map((one) => ({ name, ...one })),
    );
    expect(found).toEqual([]);
  });

  test('training gives their merges', async () => {
    const theirs = JSON.parse(readFileSync(file('gpt-2'), 'utf8'));
    const ours = await BpeTokenizer.train(corpus, { vocabSize: 1000, minFrequency: 2, specialTokens: ['<END>'] });
    const { model } = JSON.parse(JSON.stringify(ours));
    expect(model.merges).toEqual(theirs.model.merges);
    expect(model.vocab).toEqual(theirs.model.vocab);
    expect(model.merges.length).toBeGreaterThan(700);
  });
});

describeWithPython('normalizers beside Hugging Face’s', () => {
  const names = ['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'StripAccents', 'Strip'];
  const stepOf = (type: string) => ({ type, strip_left: true, strip_right: true }) as Normalizer;

  test('every character, and texts of those that combine, become the same', () => {
    const points = Array.from({ length: 0x11_0000 }, (_, code) => code).filter(
      (code) => code < 0xd800 || code > 0xdfff,
    );
    const telling = points
      .map((code) => String.fromCodePoint(code))
      .filter((point) => /\p{M}/u.test(point) || point.normalize('NFKD') !== point);
    const random = new Random(11);
    const usual = [
      'a',
      'e',
      'Σ',
      ' ',
      '\n',
      '\u0301',
      '\u0323',
      '\u0345',
      '가',
      'ᆨ',
      '😀',
      '\u{105d2}',
      '\u{11382}',
      '\u{1611e}',
    ];
    const pick = (from: readonly string[]) => from[random.integer(from.length)]!;
    const drawn = Array.from({ length: 20_000 }, () =>
      Array.from({ length: 2 + random.integer(6) }, () => pick(random.integer(2) === 0 ? telling : usual)).join(''),
    );
    const request = { names, texts: drawn };
    const answers = python(SCRIPT, { args: ['normalize'], input: request }).json as Record<
      string,
      { characters: Record<string, string>; texts: string[] }
    >;
    const differing = names.flatMap((name) => {
      const { characters, texts: theirs } = answers[name]!;
      const all = [
        ...points
          .map((code) => String.fromCodePoint(code))
          .map((point) => [point, characters[point] ?? point] as const),
        ...drawn.map((text, i) => [text, theirs[i]!] as const),
      ];
      return all.flatMap(([text, expected]) => {
        const found = normalize(text, [stepOf(name)]);
        return found === expected
          ? []
          : [{ name, text: JSON.stringify(text), found: JSON.stringify(found), expected: JSON.stringify(expected) }];
      });
    });
    expect(differing.slice(0, 20)).toEqual([]);
  });
});

/** GPT-2's ranks as tiktoken wants them, and the ids of texts. */
const TIKTOKEN = `
import base64, json, sys, tiktoken
given = json.load(sys.stdin)
ranks = {base64.b64decode(token): rank for rank, token in enumerate(given["ranks"])}
pattern = r"'(?:[sdmt]|ll|ve|re)| ?\\p{L}++| ?\\p{N}++| ?[^\\s\\p{L}\\p{N}]++|\\s++$|\\s+(?!\\S)|\\s"
encoding = tiktoken.Encoding("gpt2", pat_str=pattern, mergeable_ranks=ranks, special_tokens={"<|endoftext|>": 50256})
print(json.dumps([encoding.encode_ordinary(text) for text in given["texts"]]))
`;

describeWithPython('GPT-2’s tokenizer beside tiktoken', () => {
  test('has 50,257 tokens and gives the same ids', async () => {
    const tokenizer = await loadGpt2Tokenizer();
    expect(tokenizer.size).toBe(50_257);
    expect(tokenizer.specialTokens).toEqual({ '<|endoftext|>': 50_256 });
    const ranks = Array.from({ length: 50_256 }, (_, id) => Buffer.from(tokenizer.tokenBytes(id)).toString('base64'));
    const theirs = python(TIKTOKEN, { input: { ranks, texts } }).json as number[][];
    expect(texts.map((text) => [...tokenizer.encode(text)])).toEqual(theirs);
    for (const text of texts) expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });
});
