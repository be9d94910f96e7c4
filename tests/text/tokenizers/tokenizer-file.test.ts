import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  BpeTokenizer,
  ByteTokenizer,
  CharTokenizer,
  loadTokenizer,
  saveTokenizer,
  parseTokenizer,
} from '../../../lib/text/index.js';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'palabra-text-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describe('files', () => {
  test('save and load', async () => {
    const tokenizer = await CharTokenizer.train('¡hola!', { unknown: true });
    await saveTokenizer(tokenizer, directory);
    expect(JSON.parse(readFileSync(join(directory, 'tokenizer.json'), 'utf8'))).toEqual({
      type: 'char',
      version: 1,
      unknown: true,
      characters: ['!', 'a', 'h', 'l', 'o', '¡'],
    });
    const loaded = await loadTokenizer(directory);
    expect(loaded).toBeInstanceOf(CharTokenizer);
    expect([...loaded.encode('hola?')]).toEqual([...tokenizer.encode('hola?')]);
    await saveTokenizer(new ByteTokenizer(), directory);
    expect(await loadTokenizer(directory)).toBeInstanceOf(ByteTokenizer);
  });

  test('a tokenizer of Hugging Face’s form', async () => {
    const tokenizer = await BpeTokenizer.train('the cat sat on the mat', { vocabSize: 270, specialTokens: ['<END>'] });
    await saveTokenizer(tokenizer, directory);
    expect(JSON.parse(readFileSync(join(directory, 'tokenizer.json'), 'utf8'))).toMatchObject({
      version: '1.0',
      added_tokens: [{ id: 0, content: '<END>', special: true }],
      model: { type: 'BPE', vocab: { '<END>': 0 } },
    });
    const loaded = await loadTokenizer(directory);
    expect(loaded).toBeInstanceOf(BpeTokenizer);
    expect([...loaded.encode('the bat')]).toEqual([...tokenizer.encode('the bat')]);
  });

  test('a missing or broken file is named', async () => {
    await expect(loadTokenizer(directory)).rejects.toMatchObject({ code: 'PAL_FILE', details: { code: 'ENOENT' } });
    writeFileSync(join(directory, 'tokenizer.json'), '{"type": "byte"');
    await expect(loadTokenizer(directory)).rejects.toMatchObject({
      code: 'PAL_CONFIG',
      details: { path: join(directory, 'tokenizer.json') },
    });
  });
});

describe('parseTokenizer', () => {
  test.each<[unknown, string]>([
    [{ type: 'bytes', version: 1 }, 'type: expected one of "byte", "char", received "bytes". Did you mean "byte"?'],
    [{ type: 'byte', version: 2 }, 'version: expected 1, received 2'],
    [{ type: 'byte', version: 1, extra: 1 }, 'extra: unknown key'],
    [{ type: 'char', version: 1, unknown: false, characters: 'abc' }, 'characters: expected a list, received "abc"'],
    [null, '(top level): expected an object, received null'],
  ])('refuses %j', (data, message) => {
    expect(() => parseTokenizer(data)).toThrow(message);
  });

  test('refuses a vocabulary that is not one', () => {
    const data = { type: 'char', version: 1, unknown: false, characters: ['ab'] };
    expect(() => parseTokenizer(data)).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT' }));
  });
});
