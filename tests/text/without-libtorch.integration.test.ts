import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

/** Trains, encodes and decodes, then prints what of libtorch or of its bridge this process has loaded. */
const PROGRAM = `
import { readFileSync } from 'node:fs';
const { BpeTokenizer, loadGpt2Tokenizer } = await import('./dist/text/index.js');
const tokenizer = await BpeTokenizer.train('the cat sat on the mat', { vocabSize: 270, minFrequency: 1 });
const gpt2 = await loadGpt2Tokenizer();
const text = tokenizer.decode(await tokenizer.encodeAsync('the rat'));
const maps = readFileSync('/proc/self/maps', 'utf8');
const libraries = [...new Set(maps.match(/[^/ ]+\\.(?:so[.0-9]*|node)$/gm))];
console.log(JSON.stringify({ text, ids: [...gpt2.encode('hello world')], libraries }));
`;

test('tokenizers work where libtorch is absent, and load nothing of it', () => {
  const env = { PATH: process.env.PATH, PALABRA_LIBTORCH: '/nonexistent', PALABRA_CACHE: '/nonexistent' };
  const args = ['--input-type=module', '--eval', PROGRAM];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  const { text, ids, libraries } = JSON.parse(stdout) as { text: string; ids: number[]; libraries: string[] };
  expect([text, ids]).toEqual(['the rat', [31373, 995]]);
  expect(libraries).toContain('palabra.node');
  expect(libraries.filter((name) => /torch|c10|palabra_/.test(name))).toEqual([]);
});
