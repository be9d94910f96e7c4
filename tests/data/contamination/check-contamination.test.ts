import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Random } from '../../../lib/core/index.js';
import { checkContamination, countDuplicateWindows } from '../../../lib/data/index.js';
import { compare, edited, encoded, tokenizer } from './compare.js';

/** Texts of words that no two of them share by more than chance. */
function invented(count: number, seed: number): string[] {
  const random = new Random(seed);
  const word = (): string => Array.from({ length: 2 + random.integer(7) }, () => letters[random.integer(26)]!).join('');
  const letters = 'abcdefghijklmnopqrstuvwxyz';
  return Array.from({ length: count }, () => Array.from({ length: 40 + random.integer(80) }, word).join(' '));
}

describe('checkContamination', () => {
  test('finds planted duplicates, exact and near, and nothing else', async () => {
    const random = new Random(1);
    const train = invented(400, 2);
    const near = train.slice(0, 100).map((text) => edited(text, 0.06, random));
    const pair = await compare(train, [...invented(200, 3), ...train.slice(100, 150), ...near], { examples: 1000 });
    const unchanged = near.filter((text, i) => text === train[i]).length;
    expect(pair.exact).toBe(50 + unchanged);
    expect(pair.compared).toBe(350);
    const found = pair.examples.filter(({ similarity }) => similarity < 1);
    expect(pair.near).toBe(found.length);
    expect(found.filter(({ document }) => document < 100).length).toBe(found.length);
    expect(found.length).toBeGreaterThanOrEqual(0.95 * (100 - unchanged));
  });

  test('finds a passage in the middle of a long document, at any offset', async () => {
    const [stolen, ...others] = invented(60, 4);
    const [train, test] = [[others.slice(0, 30).join(' '), `xyz ${stolen!}`], [others.slice(30).join(' ')]];
    expect((await compare(train, test)).near).toBe(0);
    const passage = stolen!.repeat(4);
    const pair = await compare(
      [...train, `12345${passage}`],
      [`${test[0]!.slice(0, 7777)} ${passage} ${test[0]!.slice(7777)}`],
    );
    expect(pair.near).toBeGreaterThan(0);
    expect(pair.examples[0]!.document).toBe(2);
    expect(pair.windows.duplicates).toBeGreaterThan(0);
  });

  test('compares every pair of parts and says where duplicates are', async () => {
    const [a, b, c] = invented(3, 5) as [string, string, string];
    const parts = { train: await encoded([a]), validation: await encoded([b]), test: await encoded([c, b]) };
    const report = await checkContamination(parts, { tokenizer });
    expect(report.pairs.map(({ heldOut, reference, exact }) => [heldOut, reference, exact])).toEqual([
      ['validation', 'train', 0],
      ['test', 'train', 0],
      ['test', 'validation', 1],
    ]);
    expect(report.pairs[2]!.examples).toEqual([
      { start: c.length, end: c.length + b.length, document: 0, similarity: 1, text: b.slice(0, 80) },
    ]);
    expect(report.shingle).toBe(25);
  });

  test('short documents and empty parts are no duplicates', async () => {
    const pair = await compare(['a', 'b', ''], ['a', 'b', 'c']);
    expect(pair).toMatchObject({ compared: 0, exact: 0, near: 0, examples: [] });
    expect(await checkContamination({ train: await encoded(['a']) }, { tokenizer })).toMatchObject({ pairs: [] });
  });

  test('refuses options out of range', async () => {
    await expect(compare(['a'], ['a'], { shingle: 0 })).rejects.toThrow('shingle');
    await expect(compare(['a'], ['a'], { threshold: 0 })).rejects.toThrow('threshold');
    await expect(compare(['a'], ['a'], { window: 0 })).rejects.toThrow('length');
  });
});

describe('countDuplicateWindows', () => {
  test('counts what a plain search counts', async () => {
    const row = fc.uint8Array({ min: 0, max: 2, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(row, row, fc.integer({ min: 1, max: 6 }), async (heldOut, reference, length) => {
        const text = String.fromCharCode(...reference);
        const cut = Array.from({ length: Math.floor(heldOut.length / length) }, (_, i) =>
          String.fromCharCode(...heldOut.subarray(i * length, (i + 1) * length)),
        );
        const expected = {
          length,
          count: cut.length,
          duplicates: cut.filter((window) => text.includes(window)).length,
        };
        expect(await countDuplicateWindows(Uint16Array.from(heldOut), Uint16Array.from(reference), length)).toEqual(
          expected,
        );
      }),
    );
  });

  test('blocks of hashes meet without a seam', async () => {
    const random = new Random(1);
    const reference = Uint16Array.from({ length: 200_000 }, () => random.integer(60_000));
    for (const start of [65_530, 65_536, 131_070, 199_990]) {
      const window = reference.slice(start, start + 10);
      expect((await countDuplicateWindows(window, reference, 10)).duplicates).toBe(1);
      window[5]! ^= 1;
      expect((await countDuplicateWindows(window, reference, 10)).duplicates).toBe(0);
    }
  });
});
