import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Random } from '../../../lib/core/index.js';
import { openGguf } from '../../../lib/tensor/index.js';
import { dequantizeReference } from '../../../lib/tensor/gguf/dequantize-reference.js';
import { tensorTypes } from '../../../lib/tensor/gguf/tensor-types.js';
import { freedAfterEach } from '../../helpers/freed.js';
import { toBytes, writeGguf } from '../../helpers/gguf.js';
import type { FileToWrite } from '../../helpers/gguf.js';

freedAfterEach();

const folder = mkdtempSync(join(tmpdir(), 'palabra-gguf-'));
afterAll(() => rmSync(folder, { recursive: true }));

function write(file: FileToWrite | Uint8Array): string {
  const path = join(folder, 'file.gguf');
  writeFileSync(path, ArrayBuffer.isView(file) ? file : writeGguf(file));
  return path;
}

/** One row of a type, read back. */
function decodeRow(type: string, bytes: Uint8Array, width: number): number[] {
  using file = openGguf(write({ tensors: [{ name: 'x', type, shape: [width], bytes }] }));
  return file.tensor('x').tolist() as number[];
}

const packed = Object.values(tensorTypes).filter(({ elements }) => elements > 1);

describe('files', () => {
  test.each([2, 3])('version %i: values and tensors by name', (version) => {
    const path = write({
      version,
      metadata: {
        'general.architecture': { text: 'llama' },
        count: { uint32: 4_294_967_295 },
        eps: { float32: 0.5 },
        flag: { boolean: true },
        'empty text': { text: '' },
        words: { texts: ['a', 'é🦙', ''] },
        kinds: { int32s: [-1, 3] },
      },
      tensors: [
        { name: 'a', type: 'F32', shape: [2, 3], bytes: toBytes([1, 2, 3, 4, 5, 6]) },
        { name: 'b', type: 'F32', shape: [], bytes: toBytes([7]) },
      ],
    });
    using file = openGguf(path);
    const { metadata } = file;
    expect([file.version, file.names, file.shape('a'), file.type('a')]).toEqual([version, ['a', 'b'], [2, 3], 'F32']);
    expect(Object.fromEntries(metadata.values)).toEqual({
      ...{ 'general.architecture': 'llama', count: 4_294_967_295, eps: 0.5, flag: true, 'empty text': '' },
      ...{ words: ['a', 'é🦙', ''], kinds: [-1, 3] },
    });
    expect(file.tensor('a').tolist()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(file.tensor('b').tolist()).toBe(7);
    expect(file.rows('a', 1, 2).tolist()).toEqual([[4, 5, 6]]);
  });

  test.each([8, 32, 64, 4096])('the data start at the next multiple of %i', (alignment) => {
    for (let length = 0; length < 40; length++) {
      const bytes = toBytes([length, 1]);
      const path = write({
        alignment,
        metadata: { pad: { text: 'x'.repeat(length) } },
        tensors: ['a', 'b'].map((name) => ({ name, type: 'F32', shape: [2], bytes })),
      });
      using file = openGguf(path);
      expect([file.tensor('a').tolist(), file.tensor('b').tolist()]).toEqual([
        [length, 1],
        [length, 1],
      ]);
    }
  });

  test('the bytes of a row of 896 × 4864 in Q4_K are those of 19 blocks of 144', () => {
    const bytes = new Uint8Array(896 * 19 * 144);
    expect(bytes.length).toBe(2_451_456);
    using file = openGguf(write({ tensors: [{ name: 'x', type: 'Q4_K', shape: [896, 4864], bytes }] }));
    expect(file.rows('x', 895, 896).shape).toEqual([1, 4864]);
  });

  test('rows are those of the whole tensor', () => {
    const random = new Random(5);
    const bytes = Uint8Array.from({ length: 7 * 3 * 144 }, () => random.integer(64));
    using file = openGguf(write({ tensors: [{ name: 'x', type: 'Q4_K', shape: [7, 768], bytes }] }));
    const whole = file.tensor('x').tolist() as number[][];
    expect(file.rows('x', 2, 5).tolist()).toEqual(whole.slice(2, 5));
    expect(file.rows('x', 7, 7).shape).toEqual([0, 768]);
    expect(() => file.rows('x', 6, 8)).toThrow('rows 0 to 7 of "x", received 6 to 8');
  });

  test('what is closed or not there is an error that names it', () => {
    const file = openGguf(write({ tensors: [{ name: 'weight', type: 'F32', shape: [1], bytes: toBytes([1]) }] }));
    expect(() => file.tensor('weigth')).toThrow('"weight"');
    file.close();
    expect(() => file.tensor('weight')).toThrow(expect.objectContaining({ code: 'PAL_DISPOSED' }));
    expect(() => openGguf(join(folder, 'none.gguf'))).toThrow(expect.objectContaining({ code: 'PAL_FILE' }));
    expect(() => openGguf(folder)).toThrow('to be a file');
  });
});

describe('packed numbers', () => {
  test('Q4_0: the low half of byte j is element j, the high half element j + 16', () => {
    const values = decodeRow('Q4_0', Uint8Array.of(0x00, 0x40, 0xf1, ...new Uint8Array(15).fill(0x88)), 32);
    expect([values[0], values[16], values[1], values[17]]).toEqual([-14, 14, 0, 0]);
  });

  test('Q8_0 with a subnormal scale', () => {
    const values = decodeRow('Q8_0', Uint8Array.of(0x01, 0x00, 0x80, 0x7f, ...new Uint8Array(30)), 32);
    expect(values.slice(0, 3)).toEqual([-128 * 2 ** -24, 127 * 2 ** -24, 0]);
  });

  test('Q4_K: a scale and a minimum for each 32 numbers', () => {
    const block = new Uint8Array(144);
    block.set([0x00, 0x3c, 0x00, 0x38, 1, 2, 3, 4, 5, 6, 7, 8, 0x21, 0x43, 0x65, 0x87]); // d = 1, dmin = 0.5
    block.fill(0x53, 16);
    const values = decodeRow('Q4_K', block, 256);
    const scales = [1, 2, 3, 4, 1, 3, 5, 7];
    const minima = [5, 6, 7, 8, 2, 4, 6, 8];
    const expected = scales.map((scale, sub) => scale * (sub % 2 === 0 ? 3 : 5) - 0.5 * minima[sub]!);
    expect(expected.map((_, sub) => values[32 * sub])).toEqual(expected);
  });

  test.each(packed)('$name as the reference has it, bit by bit', ({ name, elements, bytes: blockBytes }) => {
    const random = new Random(7).split(name);
    const blocks = 501;
    const bytes = Uint8Array.from({ length: blocks * blockBytes }, () => random.integer(256));
    using file = openGguf(write({ tensors: [{ name: 'x', type: name, shape: [blocks * elements], bytes }] }));
    const found = file.tensor('x').data() as Float32Array;
    const expected = dequantizeReference(bytes, name);
    expect(found.length).toBe(expected.length);
    const differing = Array.from(found).findIndex((value, i) => !Object.is(value, expected[i]));
    expect([differing, found[differing]]).toEqual([-1, expected[differing]]);
    expect(new Set(found).size).toBeGreaterThan(500);
  });

  test('no blocks at all', () => {
    expect(decodeRow('Q6_K', new Uint8Array(0), 0)).toEqual([]);
  });
});
