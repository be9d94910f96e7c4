import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Random, Turns } from '../../../lib/core/index.js';
import { checkContamination } from '../../../lib/data/index.js';
import type { Corpus } from '../../../lib/data/index.js';
import { ContaminationWork } from '../../../lib/data/contamination/contamination-work.js';
import { measureShingleOverlap } from '../../../lib/data/contamination/containment.js';
import { findExactDuplicates } from '../../../lib/data/contamination/exact.js';
import { ByteTokenizer } from '../../../lib/text/index.js';

const work = (): ContaminationWork => new ContaminationWork(new Turns('test'), 0, () => {});

function corpusOf(documents: readonly (readonly number[])[]): Corpus {
  const starts: number[] = [];
  let length = 0;
  for (const document of documents) {
    starts.push(length);
    length += document.length;
  }
  return { tokens: Uint16Array.from(documents.flat()), starts };
}

const shingles = (document: readonly number[], length: number): Set<string> =>
  new Set(
    Array.from({ length: Math.max(0, document.length - length + 1) }, (_, i) => document.slice(i, i + length).join()),
  );

const documents = fc.array(fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 12 }), { maxLength: 12 });

describe('the comparison of parts', () => {
  test('finds the exact duplicates that a plain search finds', async () => {
    await fc.assert(
      fc.asyncProperty(documents, documents, fc.integer({ min: 1, max: 5 }), async (own, others, shortest) => {
        const found = await findExactDuplicates(corpusOf(own), corpusOf(others), shortest, work());
        for (const [i, document] of own.entries()) {
          const copy = found[i]!;
          const there = others.some((other) => other.join() === document.join()) && document.length >= shortest;
          expect(copy >= 0).toBe(there);
          if (copy >= 0) expect(others[copy]).toEqual(document);
        }
      }),
    );
  });

  test('counts the shingles that a plain search counts', async () => {
    await fc.assert(
      fc.asyncProperty(documents, documents, fc.integer({ min: 1, max: 4 }), async (own, others, length) => {
        const row = corpusOf(own);
        const units = { starts: row.starts, end: (i: number) => row.starts[i + 1] ?? row.tokens.length };
        const overlap = await measureShingleOverlap(row.tokens, units, corpusOf(others), length, work());
        for (const [i, document] of own.entries()) {
          const wanted = shingles(document, length);
          const shared = others.map((other) => [...shingles(other, length)].filter((one) => wanted.has(one)).length);
          expect(overlap.shingles[i]).toBe(wanted.size);
          expect(overlap.found[i]).toBe(Math.max(0, ...shared));
        }
      }),
    );
  });

  test('a shingle that very many documents have costs no more than many', async () => {
    const same = Array.from({ length: 20_000 }, (_, i) => [1, 2, 3, 4, 5, 6, 7, 8, 100 + (i % 5000)]);
    const parts = { train: corpusOf(same), test: corpusOf(same.slice(0, 10_000)) };
    const { pairs } = await checkContamination(parts, { tokenizer: new ByteTokenizer(), shingle: 4, examples: 0 });
    expect(pairs[0]).toMatchObject({ compared: 10_000, exact: 10_000 });
  });

  test('leaves the thread to others, tells how far it is, and stops', async () => {
    const random = new Random(1);
    const row = (length: number): Corpus => ({
      tokens: Uint16Array.from({ length }, () => random.integer(256)),
      starts: Float64Array.from({ length: length / 10 }, (_, i) => 10 * i),
    });
    const parts = { train: row(400_000), test: row(100_000) };
    let turns = 0;
    const count = setInterval(() => turns++, 0);
    const seen: number[] = [];
    const tokenizer = new ByteTokenizer();
    await checkContamination(parts, { tokenizer, examples: 0, onProgress: (done, total) => seen.push(done / total) });
    clearInterval(count);
    expect(turns).toBeGreaterThan(2);
    expect(seen.length).toBeGreaterThan(2);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBeLessThanOrEqual(1);
    const stop = new AbortController();
    const stopped = checkContamination(parts, {
      tokenizer,
      signal: stop.signal,
      onProgress: () => stop.abort('enough'),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'PAL_ABORTED', cause: 'enough' });
  });
});
