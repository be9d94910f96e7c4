import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { compare, edited } from './compare.js';

const FOLDER = '../shared/data';
const reason = existsSync(FOLDER) ? '' : ` (skipped: ${FOLDER} is not there)`;
const describeWithText = reason === '' ? describe : describe.skip;

describeWithText(`real text${reason}`, () => {
  const articles = (file: string): string[] =>
    readFileSync(`${FOLDER}/${file}`, 'utf8')
      .split('\n')
      .filter((line) => line.length > 300);

  test('wikitext: hardly a false alarm between its own splits; planted duplicates are found', async () => {
    const [train, held] = [articles('wikitext-2/valid.txt'), articles('wikitext-2/test.txt')];
    const random = new Random(8);
    const near = train.slice(0, 400).map((text) => edited(text, 0.1, random));
    const clean = await compare(train, held);
    expect(clean.exact).toBe(0);
    expect(clean.near).toBeLessThanOrEqual(2);
    expect(clean.compared).toBeGreaterThan(1500);
    expect(clean.windows.duplicates / clean.windows.count).toBeLessThan(0.001);
    const planted = await compare(train, [...train.slice(400, 600), ...near], { examples: 1000 });
    expect(planted.exact).toBeGreaterThanOrEqual(200);
    const found = new Set(planted.examples.map(({ document }) => document));
    expect(found.size).toBeGreaterThanOrEqual(200 + 0.95 * 400);
  });

  test('tinyshakespeare: its last tenth is not in the rest', async () => {
    const text = readFileSync(`${FOLDER}/tinyshakespeare.txt`, 'utf8');
    const cut = Math.round(text.length * 0.9);
    const pair = await compare([text.slice(0, cut)], [text.slice(cut)]);
    expect(pair.near).toBe(0);
    expect(pair.windows.duplicates / pair.windows.count).toBeLessThan(0.001);
  });
});
