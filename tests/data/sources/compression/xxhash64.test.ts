import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { XXHash64 } from '../../../../lib/data/sources/compression/xxhash64.js';

const hash = (...pieces: (string | Uint8Array)[]): bigint => {
  const state = new XXHash64();
  for (const piece of pieces) state.update(Buffer.from(piece as Uint8Array));
  return state.digest();
};

/** The published algorithm, word for word, with big integers throughout. */
function reference(bytes: Uint8Array): bigint {
  const [P1, P2, P3, P4, P5] = [
    11400714785074694791n,
    14029467366897019727n,
    1609587929392839161n,
    9650029242287828579n,
    2870177450012600261n,
  ] as const;
  const u64 = (x: bigint): bigint => BigInt.asUintN(64, x);
  const rotl = (x: bigint, r: bigint): bigint => u64((u64(x) << r) | (u64(x) >> (64n - r)));
  const round = (acc: bigint, lane: bigint): bigint => u64(rotl(acc + lane * P2, 31n) * P1);
  const word = (at: number, size: number): bigint =>
    Array.from(bytes.subarray(at, at + size)).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  let at = 0;
  let acc: bigint = P5;
  if (bytes.length >= 32) {
    const lanes: bigint[] = [P1 + P2, P2, 0n, -P1];
    for (; at + 32 <= bytes.length; at += 32) {
      for (let i = 0; i < 4; i++) lanes[i] = round(lanes[i]!, word(at + 8 * i, 8));
    }
    acc = rotl(lanes[0]!, 1n) + rotl(lanes[1]!, 7n) + rotl(lanes[2]!, 12n) + rotl(lanes[3]!, 18n);
    for (const lane of lanes) acc = u64((u64(acc) ^ round(0n, lane)) * P1 + P4);
  }
  acc = u64(acc + BigInt(bytes.length));
  for (; at + 8 <= bytes.length; at += 8) acc = u64(rotl(acc ^ round(0n, word(at, 8)), 27n) * P1 + P4);
  for (; at + 4 <= bytes.length; at += 4) acc = u64(rotl(acc ^ u64(word(at, 4) * P1), 23n) * P2 + P3);
  for (; at < bytes.length; at++) acc = u64(rotl(acc ^ u64(word(at, 1) * P5), 11n) * P1);
  acc = u64((acc ^ (acc >> 33n)) * P2);
  acc = u64((acc ^ (acc >> 29n)) * P3);
  return acc ^ (acc >> 32n);
}

describe('XXHash64', () => {
  test.each([
    ['', 0xef46db3751d8e999n],
    ['a', 0xd24ec4f1a98c6e5bn],
    ['abc', 0x44bc2cf5ad770999n],
    ['The quick brown fox jumps over the lazy dog', 0x0b242d361fda71bcn],
  ])('published value of %j', (text, expected) => {
    expect(hash(text)).toBe(expected);
  });

  test('any bytes in any pieces hash as the algorithm is published', () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(bytes, fc.nat(300), fc.nat(300), (all, a, b) => {
        const [first, second] = [Math.min(a, b), Math.max(a, b)];
        const found = hash(all.subarray(0, first), all.subarray(first, second), all.subarray(second));
        expect(found).toBe(reference(all));
      }),
    );
  });
});
