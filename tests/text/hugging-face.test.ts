import { describe, expect, test } from '@jest/globals';
import { StreamDecoder, parseTokenizer } from '../../lib/text/index.js';

const byteLevel = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const model = { type: 'BPE', vocab: { a: 0, b: 1, ab: 2, Ġ: 3, '<s>': 4 }, merges: [['a', 'b']] };

/** A small `tokenizer.json`, with some fields in place of others. */
function file(fields: object = {}, ofModel: object = {}): object {
  const base = { version: '1.0', added_tokens: [], normalizer: null, pre_tokenizer: byteLevel, post_processor: null };
  return { ...base, decoder: { type: 'ByteLevel' }, ...fields, model: { ...model, ...ofModel } };
}

function added(content: string, id: number, fields: object = {}): object {
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return { id, content, ...flags, special: true, ...fields };
}

const encoded = (data: object, text: string): number[] => [...parseTokenizer(data).encode(text)];

describe('reads', () => {
  test('hand-worked', () => {
    const tokenizer = parseTokenizer(file({ added_tokens: [added('<s>', 4), added('<end>', 5)] }));
    expect([tokenizer.type, tokenizer.size, tokenizer.specialTokens]).toEqual(['bpe', 6, { '<s>': 4, '<end>': 5 }]);
    expect([...tokenizer.encode('ab ba')]).toEqual([2, 3, 1, 0]);
    expect(tokenizer.decode([2, 3, 1, 5])).toBe('ab b<end>');
  });

  test('merges written as one string, as older files have them', () => {
    expect(encoded(file({}, { merges: ['a b'] }), 'ab')).toEqual([2]);
  });

  test('a later rank of the same pair', () => {
    const vocab = { a: 0, b: 1, c: 2, ab: 3, bc: 4 };
    const merges = [['a', 'b'], ['b', 'c'], ['a', 'b']]; // prettier-ignore
    expect(encoded(file({}, { vocab, merges }), 'abc')).toEqual([0, 4]);
  });

  test('whole pieces before merges, where the model says so', () => {
    const vocab = { a: 0, b: 1, ba: 2 };
    expect(encoded(file({}, { vocab, merges: [] }), 'ba')).toEqual([1, 0]);
    expect(encoded(file({}, { vocab, merges: [], ignore_merges: true }), 'ba')).toEqual([2]);
  });

  test('pieces cut in several steps, and a space between tokens without a decoder', () => {
    const vocab = { a: 0, b: 1, ab: 2, '!': 3, '[UNK]': 4 };
    const steps = [{ type: 'Whitespace' }, { type: 'Split', pattern: { String: '!' }, behavior: 'Isolated' }];
    const pre_tokenizer = { type: 'Sequence', pretokenizers: steps };
    const data = file({ pre_tokenizer, decoder: null }, { vocab, unk_token: '[UNK]', byte_fallback: false });
    expect(encoded(data, 'ab a b!! x')).toEqual([2, 0, 1, 3, 3, 4]);
    expect(parseTokenizer(data).decode([2, 0, 3])).toBe('ab a !');
  });

  test('the marker of words’ ends as a space, that of the last one as nothing, in a stream too', () => {
    const suffixed = { vocab: { a: 0, b: 1, 'b</w>': 2, 'ab</w>': 3 }, merges: [['a', 'b</w>']], end_of_word_suffix: '</w>' }; // prettier-ignore
    const decoder = { type: 'BPEDecoder', suffix: '</w>' };
    const tokenizer = parseTokenizer(file({ pre_tokenizer: { type: 'WhitespaceSplit' }, decoder }, suffixed));
    expect([...tokenizer.encode(' ab  bb ')]).toEqual([3, 1, 2]);
    expect(tokenizer.decode([3, 1, 2])).toBe('ab bb');
    const stream = new StreamDecoder(tokenizer);
    expect([3, 1, 2].map((id) => stream.push(id))).toEqual(['', 'ab ', 'b']);
    expect(stream.flush() + stream.push(3) + stream.flush()).toBe('bab');
    expect(() => stream.push(4)).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT' }));
  });

  test('tokens that are found in text, the longest first', () => {
    const tokens = [added('a', 0, { special: false }), added('aa', 5, { special: false })];
    expect(encoded(file({ added_tokens: tokens }), 'aaab')).toEqual([5, 0, 1]);
  });

  test('a token called __proto__', () => {
    const data = JSON.parse(JSON.stringify(file()).replace('"ab":2', '"__proto__":2').replace('[["a","b"]]', '[]'));
    expect(parseTokenizer(data).decode([2])).toBe('__proto__');
  });

  test('and keeps what it does not use', () => {
    const post = { type: 'TemplateProcessing', single: [], pair: [], special_tokens: {} };
    const data = file({ post_processor: post, padding: { length: 1 } });
    expect(parseTokenizer(data).toJSON()).toMatchObject({ post_processor: post, padding: { length: 1 } });
  });
});

describe('refuses what it does not know', () => {
  const split = { type: 'Split', pattern: { Regex: '\\w+' }, behavior: 'Isolated', invert: false };
  test.each<[string, object, string]>([
    ['another model', file({}, { type: 'Unigram' }), 'expected model: BPE or WordLevel, received Unigram'],
    ['another normalizer', file({ normalizer: { type: 'Nmt' } }), 'expected normalizer: NFC, NFD'],
    [
      'a regular expression',
      file({ pre_tokenizer: split }),
      'expected pre_tokenizer: a Split by an expression that means the same here',
    ],
    ['joining', file({ pre_tokenizer: { ...split, pattern: { Regex: 'a' }, behavior: 'MergedWithNext' } }), 'behavior: Isolated, Removed or Contiguous'], // prettier-ignore
    ['WordPiece', file({}, { type: 'WordPiece' }), 'expected model: BPE or WordLevel, received WordPiece'],
    ['another behaviour', file({ pre_tokenizer: { ...split, behavior: 'Removed' } }), 'expected pre_tokenizer'],
    ['scripts', file({ pre_tokenizer: { type: 'UnicodeScripts' } }), 'received {"type":"UnicodeScripts"'],
    ['bytes before a cut', file({ pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'ByteLevel' }, split] } }), 'expected pre_tokenizer: ByteLevel, Metaspace'], // prettier-ignore
    ['another decoder', file({ decoder: { type: 'CTC' } }), 'expected decoder: ByteLevel'],
    [
      'a decoder without its suffix',
      file({ decoder: { type: 'BPEDecoder', suffix: '' } }),
      'expected decoder: ByteLevel',
    ],
    ['bytes of a part', file({ decoder: { type: 'Sequence', decoders: [{ type: 'Fuse' }, { type: 'ByteFallback' }] } }), 'received {"type":"ByteFallback"}'], // prettier-ignore
    ['some bytes alone', file({ pre_tokenizer: null }, { byte_fallback: true, vocab: { ...model.vocab, '<0x41>': 5 } }), 'byte_fallback: tokens for all 256 bytes, or for none, received 1 tokens'], // prettier-ignore
    ['two templates', file({ post_processor: { type: 'Sequence', processors: [0, 1].map((id) => ({ type: 'BertProcessing', cls: ['a', id], sep: ['b', id] })) } }), 'one step that adds tokens'], // prettier-ignore
    ['a post-processor', file({ post_processor: { type: 'Other' } }), 'expected post_processor: ByteLevel, Template'],
    ['truncation', file({ truncation: { max_length: 5 } }), 'expected truncation: null'],
    ['dropout', file({}, { dropout: 0.1 }), 'expected model, dropout: null or 0, received 0.1'],
    ['prefixes', file({}, { continuing_subword_prefix: '##' }), 'continuing_subword_prefix: null, received ##'],
    ['tokens of whole words', file({ added_tokens: [added('a', 0, { special: false, single_word: true })] }), 'flags'],
  ])('%s', (_name, data, message) => {
    expect(() => parseTokenizer(data)).toThrow(expect.objectContaining({ code: 'PAL_UNSUPPORTED' }));
    expect(() => parseTokenizer(data)).toThrow(message);
  });

  test.each<[string, object, string]>([
    ['a merge without a token', file({}, { merges: [['a', 'x']] }), 'merges: tokens of the vocabulary, received "x"'],
    ['a merge without a result', file({}, { merges: [['b', 'a']] }), 'received "ba"'],
    ['a merge of three', file({}, { merges: ['a b c'] }), 'model, merges: two tokens, received "a b c"'],
    ['no merges', file({}, { merges: undefined }), 'expected model: merges, received none'],
    ['a gap', file({}, { vocab: { a: 0, b: 1, ab: 3 } }), 'expected ids: no gaps, received none at 2'],
    [
      'an id twice',
      file({}, { vocab: { a: 0, b: 1, ab: 1 } }),
      'expected ids: one token each, received ["b","ab"] at 1',
    ],
    ['an id that is none', file({}, { vocab: { a: -1 } }), 'model.vocab'],
    [
      'an unknown token without an id',
      file({}, { unk_token: '?' }),
      'unk_token: a token of the vocabulary, received "?"',
    ],
    ['an added token with another id', file({ added_tokens: [added('a', 9)] }), 'the id of the vocabulary for "a"'],
    ['a model that is none', { model: 7 }, 'model: expected an object, received 7'],
  ])('%s', (_name, data, message) => {
    expect(() => parseTokenizer(data)).toThrow(expect.objectContaining({ code: 'PAL_CONFIG' }));
    expect(() => parseTokenizer(data)).toThrow(message);
  });
});
