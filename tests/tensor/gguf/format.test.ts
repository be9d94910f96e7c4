import { describe, expect, test } from '@jest/globals';
import { parseGguf } from '../../../lib/tensor/gguf/format.js';
import type { GgufHeader } from '../../../lib/tensor/gguf/format.js';
import { ByteWriter, createSource, createTiny, writeGguf } from '../../helpers/gguf.js';

function parse(bytes: Uint8Array): GgufHeader {
  return parseGguf(createSource(bytes));
}

/** Magic, version and counts. */
function start(tensors: number | bigint, values: number | bigint, version = 3): ByteWriter {
  return new ByteWriter().uint32(0x46554747).uint32(version).uint64(tensors).uint64(values);
}

/** One tensor of given sizes, type and place. */
function oneTensor(sizes: readonly (number | bigint)[], type = 0, place: number | bigint = 0, name = 'x'): ByteWriter {
  const out = start(1, 0).text(name).uint32(sizes.length);
  for (const size of sizes) out.uint64(size);
  return out.uint32(type).uint64(place);
}

const key = (type: number): ByteWriter => start(0, 1).text('k').uint32(type);
const two = [0, 8].map((place) => new ByteWriter().text('x').uint32(1).uint64(4).uint32(0).uint64(place).join());

const hostile: [name: string, bytes: ByteWriter, message: string][] = [
  ['nothing', new ByteWriter(), 'before byte 0: expected 4 more bytes'],
  ['another format', new ByteWriter().uint32(0x04034b50).uint64(0), 'a file that starts with "GGUF"'],
  ['version 1', start(0, 0, 1), 'version 2 or 3'],
  ['big-endian', start(0, 0, 3 * 2 ** 24), 'received 3, written in big-endian order'],
  ['2^63 tensors', start(2n ** 63n, 0), 'tensors below 2^53, received 9223372036854775808'],
  ['more tensors than bytes', start(1000, 0), 'tensors of at most 0'],
  ['more keys than bytes', start(0, 2n ** 40n), 'keys of at most 0, received 1099511627776'],
  [
    'a key of 2^63 bytes',
    start(0, 1)
      .uint64(2n ** 63n)
      .uint64(0),
    'the length of a key below 2^53',
  ],
  ['a key beyond the file', start(0, 1).uint64(500).uint64(0), 'the length of a key of at most 8'],
  ['a text of 2^62 bytes', key(8).uint64(2n ** 62n), 'the key "k", before byte 45'],
  ['a text that is no UTF-8', key(8).uint64(2).bytes(Uint8Array.of(0xc3, 0x28)), 'a text in UTF-8'],
  ['a kind that is not known', key(13).uint64(0), 'a kind of value from 0 to 12'],
  ['a truth value of 2', key(7).bytes(Uint8Array.of(2)), 'true or false as 1 or 0'],
  [
    'a list of 2^61 items',
    key(9)
      .uint32(4)
      .uint64(2n ** 61n),
    'the items of a list below 2^53',
  ],
  [
    'a list beyond the file',
    key(9)
      .uint32(12)
      .uint64(2 ** 30),
    'the items of a list of at most 0',
  ],
  ['lists in lists', key(9).uint32(9).uint64(1), 'received a list in a list'],
  [
    'a key twice',
    start(0, 2).text('k').uint32(4).uint32(1).text('k').uint32(4).uint32(1),
    'every key once, received "k" twice',
  ],
  [
    'an alignment of 0',
    new ByteWriter().bytes(writeGguf({ metadata: { 'general.alignment': { uint32: 0 } } })),
    'a power of two from 8',
  ],
  [
    'an alignment of 24',
    new ByteWriter().bytes(writeGguf({ metadata: { 'general.alignment': { uint32: 24 } } })),
    'received 24',
  ],
  [
    'an alignment of 2^30',
    new ByteWriter().bytes(writeGguf({ metadata: { 'general.alignment': { uint32: 2 ** 30 } } })),
    'received 1073741824',
  ],
  [
    'an alignment that is a text',
    new ByteWriter().bytes(writeGguf({ metadata: { 'general.alignment': { text: '32' } } })),
    '"general.alignment"',
  ],
  ['five axes', oneTensor([1, 1, 1, 1, 1]), 'at most 4 axes'],
  [
    '2^32 axes',
    start(1, 0)
      .text('x')
      .uint32(2 ** 32 - 1)
      .uint64(0)
      .uint64(0),
    'at most 4 axes',
  ],
  ['a product that wraps to 0 in 64 bits', oneTensor([2n ** 32n, 2n ** 32n]), 'less than 2^53 numbers'],
  ['a product that wraps with a 0 behind', oneTensor([2n ** 32n, 2n ** 32n, 0]), 'less than 2^53 numbers'],
  ['a type that is not known', oneTensor([32], 99), 'received number 99'],
  ['a type that is not read', oneTensor([256], 16), 'received IQ2_XXS'],
  ['a row that is no whole block', oneTensor([896, 2], 12), 'rows of a multiple of 256 numbers for Q4_K, received 896'],
  ['a place off the alignment', oneTensor([1], 0, 4), 'a place at a multiple of 32, received 4'],
  ['a place of 2^63', oneTensor([1], 0, 2n ** 63n), 'a place below 2^53'],
  [
    'a tensor beyond the file',
    oneTensor([8]).padTo(32).bytes(new Uint8Array(31)),
    'bytes 0 to 32 of the data, received 31 bytes of data',
  ],
  ['no data at all', oneTensor([8]), 'received 0 bytes of data'],
  [
    'a tensor twice',
    start(2, 0).bytes(two[0]!).bytes(two[1]!).padTo(32).bytes(new Uint8Array(64)),
    'every tensor once, received "x" twice',
  ],
  [
    'two tensors in one place',
    start(2, 0)
      .text('x')
      .uint32(1)
      .uint64(8)
      .uint32(0)
      .uint64(0)
      .text('y')
      .uint32(1)
      .uint64(8)
      .uint32(0)
      .uint64(0)
      .padTo(32)
      .bytes(new Uint8Array(64)),
    'inside "x"',
  ],
];

describe('damaged and hostile files', () => {
  test.each(hostile)('%s', (_name, out, message) => {
    const bytes = out.join();
    expect(bytes.length).toBeLessThan(300);
    let read = 0;
    const source = createSource(bytes);
    const counting = { ...source, read: (at: number, length: number) => ((read += length), source.read(at, length)) };
    expect(() => parseGguf(counting)).toThrow(
      expect.objectContaining({ code: 'PAL_CHECKPOINT', message: expect.stringContaining(message) }),
    );
    expect(read).toBeLessThanOrEqual(bytes.length);
  });

  test('a file cut anywhere is an error, and only the padding at its end may be missing', () => {
    const whole = createTiny();
    expect(parse(whole).tensors.size).toBe(20);
    for (let length = 0; length < whole.length; length += length < 2500 ? 1 : 97)
      expect(() => parse(whole.subarray(0, length))).toThrow('memory.gguf');
  });
});

describe('files that are right', () => {
  test('without anything', () => {
    const { metadata, tensors } = parse(start(0, 0).join());
    expect([metadata.values.size, tensors.size]).toEqual([0, 0]);
  });

  test('names that objects inherit, and an empty one', () => {
    const names = ['__proto__', 'toString', ''];
    const tensors = names.map((name) => ({ name, type: 'F32', shape: [2], bytes: new Uint8Array(8) }));
    const metadata = Object.fromEntries(names.map((name) => [`${name}.`, { text: name }]));
    expect([...parse(writeGguf({ tensors, metadata })).tensors.keys()]).toEqual(names);
  });

  test('an empty tensor, and one of no axes', () => {
    const tensors = [
      { name: 'empty', type: 'Q4_0', shape: [0, 32], bytes: new Uint8Array(0) },
      { name: 'scalar', type: 'F32', shape: [], bytes: new Uint8Array(4) },
    ];
    const found = [...parse(writeGguf({ tensors })).tensors.values()];
    expect(found.map(({ shape, begin, end }) => [shape, end - begin])).toEqual([
      [[0, 32], 0],
      [[], 4],
    ]);
  });
});
