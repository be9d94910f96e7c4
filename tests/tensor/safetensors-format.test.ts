import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Random, isPalabraError } from '../../lib/core/index.js';
import { formatBytes, getElementBits } from '../../lib/tensor/safetensors/format-dtype.js';
import { LENGTH_BYTES, readHeaderLength, layOutFile, parseHeader } from '../../lib/tensor/safetensors/format.js';
import type { FormatHeader, FormatTensor } from '../../lib/tensor/safetensors/format.js';

const encoder = new TextEncoder();

function parse(json: string | Uint8Array, dataBytes = 0): FormatHeader {
  return parseHeader(typeof json === 'string' ? encoder.encode(json) : json, dataBytes, 'f');
}

/** Length prefix and header of a whole file, as a reader sees them. */
function parseStart(start: Uint8Array, dataBytes: number): FormatHeader {
  const length = readHeaderLength(start.subarray(0, LENGTH_BYTES), start.length + dataBytes, 'f');
  return parseHeader(
    start.subarray(LENGTH_BYTES, LENGTH_BYTES + length),
    start.length - LENGTH_BYTES - length + dataBytes,
    'f',
  );
}

const one = (fields: string): string => `{"a":{${fields}}}`;
const GOOD = one('"dtype":"F32","shape":[2,3],"data_offsets":[0,24]');

describe('headers that are right', () => {
  test('hand-worked', () => {
    const { tensors, metadata } = parse(
      '{"__metadata__":{"k":"v","k2":""},"b":{"shape":[],"data_offsets":[24,28],"dtype":"I32"},' +
        '"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}  ',
      28,
    );
    expect([...metadata]).toEqual([
      ['k', 'v'],
      ['k2', ''],
    ]);
    expect([...tensors.values()]).toEqual([
      { name: 'b', dtype: 'I32', shape: [], begin: 24, end: 28 },
      { name: 'a', dtype: 'F32', shape: [2, 3], begin: 0, end: 24 },
    ]);
  });

  test.each<[string, string, number]>([
    ['nothing', '{}', 0],
    ['white space between all parts', '{ "a" :\n{ "dtype"\t: "U8" , "shape" : [ ] , "data_offsets" : [ 0 , 1 ] } }', 1],
    ['an empty tensor', one('"dtype":"F32","shape":[0,7],"data_offsets":[0,0]'), 0],
    ['escapes in names', '{"\\u0061\\n\\"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1],
    ['a name that objects inherit', '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1],
    ['metadata that is null', '{"__metadata__":null,"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1],
    [
      'fields that are not known',
      one('"dtype":"U8","x":[{"y":-1.5e3}," }",null,true],"shape":[1],"data_offsets":[0,1],"z":{}'),
      1,
    ],
    ['four bits an element', one('"dtype":"F4","shape":[4],"data_offsets":[0,2]'), 2],
    ['six bits an element', one('"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]'), 3],
    ['an empty name', '{"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1],
  ])('%s', (_name, json, dataBytes) => {
    expect(() => parse(json, dataBytes)).not.toThrow();
  });

  test('names and texts are decoded', () => {
    const { tensors } = parse('{"\\u0061\\n\\"é":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1);
    expect([...tensors.keys()]).toEqual(['a\n"é']);
  });
});

describe('headers that are refused', () => {
  test.each<[string, string, number, string]>([
    ['no object', '[]', 0, 'expected a header that starts with {, received 91'],
    ['nothing', '', 0, 'expected a header that starts with {, received undefined'],
    ['white space in front', ` ${GOOD}`, 24, 'expected a header that starts with {'],
    ['cut off', GOOD.slice(0, 30), 24, 'expected , or ] at character 30 of the header, received the end'],
    ['more behind', `${GOOD}{}`, 24, 'expected the end of the header at character 57 of the header, received "{}"'],
    ['zeros behind', `${GOOD}\0`, 24, 'expected the end of the header'],
    ['a trailing comma', '{"a":{"dtype":"U8","shape":[1,],"data_offsets":[0,1]}}', 1, 'expected an integer'],
    [
      'the same tensor twice',
      `{${GOOD.slice(1, -1)},${GOOD.slice(1)}`,
      24,
      'expected every name once, received "a" twice',
    ],
    ['the same name in two spellings', `{"\\u0061":${GOOD.slice(5, -1)},${GOOD.slice(1)}`, 24, 'received "a" twice'],
    ['the same field twice', one('"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]'), 1, '"dtype" twice'],
    ['metadata twice', '{"__metadata__":{},"__metadata__":{}}', 0, '"__metadata__" twice'],
    ['a number in the metadata', '{"__metadata__":{"a":1}}', 0, 'expected a text in quotes at character 21'],
    [
      'an unknown field without a value',
      one('"dtype":"U8","shape":[1],"data_offsets":[0,1],"x":}'),
      1,
      'expected a value',
    ],
    ['metadata that is a list', '{"__metadata__":[]}', 0, 'expected { at character 16'],
    ['a text of metadata that is null', '{"__metadata__":{"a":null}}', 0, 'expected a text in quotes'],
    ['a tensor that is null', '{"a":null}', 0, 'expected { at character 5'],
    [
      'four bits in halves of bytes',
      one('"dtype":"F4","shape":[3],"data_offsets":[0,1]'),
      1,
      'expected less than 2^53 bytes',
    ],
    ['a missing field', one('"dtype":"U8","shape":[1]'), 1, 'received not all of them'],
    [
      'an unknown dtype',
      one('"dtype":"F31","shape":[1],"data_offsets":[0,1]'),
      1,
      'expected a known dtype of "a", received "F31"',
    ],
    ['an inherited name as dtype', one('"dtype":"toString","shape":[1],"data_offsets":[0,1]'), 1, 'a known dtype'],
    ['a negative size', one('"dtype":"U8","shape":[-1],"data_offsets":[0,1]'), 1, 'an integer of at least 0'],
    ['a fraction', one('"dtype":"U8","shape":[1.0],"data_offsets":[0,1]'), 1, 'expected , or ]'],
    ['an exponent', one('"dtype":"U8","shape":[1e0],"data_offsets":[0,1]'), 1, 'expected , or ]'],
    ['a leading zero', one('"dtype":"U8","shape":[01],"data_offsets":[0,1]'), 1, 'without leading zeros'],
    ['2^53', one('"dtype":"U8","shape":[9007199254740992],"data_offsets":[0,1]'), 1, 'an integer below 2^53'],
    ['a number of 400 digits', one(`"dtype":"U8","shape":[${'9'.repeat(400)}],"data_offsets":[0,1]`), 1, 'below 2^53'],
    ['true as a size', one('"dtype":"U8","shape":[true],"data_offsets":[0,1]'), 1, 'an integer of at least 0'],
    ['lists in lists', one(`"dtype":"U8","shape":${'['.repeat(100_000)}`), 1, 'an integer of at least 0'],
    ['objects in objects', `${'{"a":'.repeat(100_000)}`, 1, 'values nested at most 100 deep'],
    ['one offset', one('"dtype":"U8","shape":[1],"data_offsets":[0]'), 1, 'expected data_offsets [begin, end] of "a"'],
    ['three offsets', one('"dtype":"U8","shape":[1],"data_offsets":[0,1,2]'), 1, 'data_offsets [begin, end]'],
    ['offsets backwards', one('"dtype":"U8","shape":[1],"data_offsets":[1,0]'), 1, 'data_offsets [begin, end]'],
    [
      'too few bytes',
      one('"dtype":"F32","shape":[2],"data_offsets":[0,4]'),
      4,
      'expected 8 bytes for "a", F32 [2], received 4',
    ],
    [
      'a product beyond 2^53',
      one('"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]'),
      0,
      'expected less than 2^53 bytes',
    ],
    [
      'a product that wraps to 0 in 64 bits',
      one('"dtype":"U8","shape":[4294967296,4294967296,0],"data_offsets":[0,0]'),
      0,
      'less than 2^53',
    ],
    [
      'a hole at the start',
      one('"dtype":"U8","shape":[1],"data_offsets":[1,2]'),
      2,
      'to begin at byte 0, received 1, a hole',
    ],
    ['data behind the last tensor', GOOD, 25, 'expected 24 bytes of data, as the header says, received 25'],
    ['a tensor beyond the file', GOOD, 23, 'expected 24 bytes of data, as the header says, received 23'],
    ['an open text', '{"a', 0, 'expected a text with a closing quote'],
    ['an escape at the end', '{"a\\', 0, 'expected a text with a closing quote'],
    ['an unknown escape', '{"\\x":{}}', 0, 'expected valid escapes'],
    ['a control character in a name', '{"\n":{}}', 0, 'expected valid escapes'],
    ['half a surrogate pair', '{"\\ud800":{}}', 0, 'expected well-formed Unicode'],
  ])('%s', (_name, json, dataBytes, message) => {
    expect(() => parse(json, dataBytes)).toThrow(
      expect.objectContaining({
        code: 'PAL_CHECKPOINT',
        details: { path: 'f' },
        message: expect.stringContaining(message),
      }),
    );
  });

  test.each([
    ['an overlap', 2, 6, 'an overlap'],
    ['a hole', 5, 9, 'a hole'],
  ])('two tensors with %s', (_name, begin, end, message) => {
    const two = `{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[${begin},${end}]}}`;
    expect(() => parse(two, end)).toThrow(message);
  });

  test('bytes that are no UTF-8', () => {
    expect(() => parse(Uint8Array.of(0x7b, 0x22, 0xff, 0x22))).toThrow('expected a header in UTF-8');
  });
});

describe('readHeaderLength', () => {
  const prefix = (length: bigint): Uint8Array => new Uint8Array(BigUint64Array.of(length).buffer);

  test.each<[string, Uint8Array, number, string]>([
    ['an empty file', new Uint8Array(), 0, 'expected a file of at least 8 bytes, received 0 B'],
    ['seven bytes', new Uint8Array(7), 7, 'at least 8 bytes, received 7 B'],
    ['a header beyond the file', prefix(9n), 16, 'expected a header of at most 8 bytes, received 9'],
    ['a header beyond 100 MB', prefix(100_000_001n), 2 ** 40, 'at most 100000000 bytes, received 100000001'],
    ['the largest length', prefix(2n ** 64n - 1n), 2 ** 40, 'received 18446744073709551615'],
  ])('refuses %s', (_name, bytes, fileBytes, message) => {
    expect(() => readHeaderLength(bytes, fileBytes, 'f')).toThrow(
      expect.objectContaining({ code: 'PAL_CHECKPOINT', message: expect.stringContaining(message) }),
    );
  });

  test('accepts the limits', () => {
    expect(readHeaderLength(prefix(8n), 16, 'f')).toBe(8);
    expect(readHeaderLength(prefix(100_000_000n), 2 ** 40, 'f')).toBe(100_000_000);
  });
});

const dtype = fc.constantFrom(...(Object.keys(formatBytes) as (keyof typeof formatBytes)[]));
const name = fc.string({ unit: 'grapheme' }).filter((text) => text !== '__metadata__');
const tensors = fc.uniqueArray(fc.record({ name, dtype, shape: fc.array(fc.nat(5), { maxLength: 4 }) }), {
  selector: (tensor) => tensor.name,
  maxLength: 12,
});
const metadata = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }));

const bytesOf = (tensor: FormatTensor): number =>
  tensor.shape.reduce((product, size) => product * size, formatBytes[tensor.dtype]);

describe('layOutFile', () => {
  test('what is written is read again', () => {
    fc.assert(
      fc.property(tensors, metadata, (list, texts) => {
        const { start, entries } = layOutFile(list, texts);
        const header = parseStart(
          start,
          list.reduce((sum, tensor) => sum + bytesOf(tensor), 0),
        );
        expect([...header.tensors.values()]).toEqual(entries);
        expect(Object.fromEntries(header.metadata)).toEqual({ ...texts });
        expect(entries.map((entry) => entry.name).sort()).toEqual(list.map((tensor) => tensor.name).sort());
      }),
      { numRuns: 300 },
    );
  });

  test('every tensor is aligned to its elements', () => {
    fc.assert(
      fc.property(tensors, (list) => {
        const { start, entries } = layOutFile(list, {});
        for (const entry of entries) expect((8 * (start.length + entry.begin)) % getElementBits(entry.dtype)).toBe(0);
      }),
    );
  });

  test('hand-worked: wide elements first, the header padded with spaces', () => {
    const { start, entries } = layOutFile(
      [
        { name: 'b', dtype: 'U8', shape: [3] },
        { name: 'a', dtype: 'F64', shape: [] },
      ],
      { format: 'pt' },
    );
    expect(new TextDecoder().decode(start.subarray(8))).toBe(
      '{"__metadata__":{"format":"pt"},"a":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[3],"data_offsets":[8,11]}}'.padEnd(
        start.length - 8,
      ),
    );
    expect(start.length % 8).toBe(0);
    expect(entries.map((entry) => entry.name)).toEqual(['a', 'b']);
  });

  test.each<[string, FormatTensor[], Record<string, string>, string]>([
    ['the reserved name', [{ name: '__metadata__', dtype: 'U8', shape: [] }], {}, 'a name other than __metadata__'],
    ['a lone surrogate', [{ name: '\ud800', dtype: 'U8', shape: [] }], {}, 'without lone surrogates'],
    ['metadata that is no text', [], { a: 1 as never }, 'names and metadata to be texts, received 1'],
    [
      'a name twice',
      [
        { name: 'a', dtype: 'U8', shape: [] },
        { name: 'a', dtype: 'I8', shape: [] },
      ],
      {},
      'every name once',
    ],
  ])('refuses %s', (_name, list, texts, message) => {
    expect(() => layOutFile(list, texts)).toThrow(message);
  });
});

describe('mutated files', () => {
  const RUNS = Number(process.env.PALABRA_FUZZ_RUNS ?? 1_000_000);
  const { start } = layOutFile(
    [
      { name: 'layer.0.weight', dtype: 'F32', shape: [4, 3] },
      { name: 'layer.0.bias', dtype: 'F16', shape: [4] },
      { name: 'step', dtype: 'I64', shape: [] },
    ],
    { format: 'pt', note: 'é€😀' },
  );
  const dataBytes = 48 + 8 + 8;
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\',
    '\\u',
    '0',
    '-',
    '9007199254740993',
    'e9',
    ' ',
    '\0',
    '"a"',
    'null',
  ];

  /** Overwrites, removes, repeats or inserts a few bytes. */
  function mutate(random: Random): Uint8Array {
    let bytes: Uint8Array = start.slice();
    for (let edits = 1 + random.integer(4); edits > 0; edits--) {
      const at = random.integer(bytes.length);
      const tail = bytes.subarray(at + random.integer(8));
      const choice = random.integer(4);
      if (choice === 0) bytes[at] = random.integer(256);
      else if (choice === 1) bytes = joined(bytes.subarray(0, at), tail);
      else if (choice === 2)
        bytes = joined(bytes.subarray(0, at), encoder.encode(pieces[random.integer(pieces.length)]), tail);
      else bytes = joined(bytes.subarray(0, at), bytes.subarray(random.integer(at + 1)));
      if (bytes.length === 0) return bytes;
    }
    return random.integer(2) === 0 ? bytes : withOwnLength(bytes);
  }

  function joined(...parts: Uint8Array[]): Uint8Array {
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      bytes.set(part, at);
      at += part.length;
    }
    return bytes;
  }

  function withOwnLength(bytes: Uint8Array): Uint8Array {
    if (bytes.length < LENGTH_BYTES) return bytes;
    new DataView(bytes.buffer).setBigUint64(0, BigInt(bytes.length - LENGTH_BYTES), true);
    return bytes;
  }

  test(`${RUNS} mutated headers: read or refused with a PalabraError, never anything else`, () => {
    const random = new Random(20260101);
    const others: string[] = [];
    let accepted = 0;
    const traces = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    for (let run = 0; run < RUNS; run++) {
      const bytes = mutate(random.split(run));
      try {
        const header = parseStart(bytes, dataBytes);
        accepted++;
        for (const entry of header.tensors.values())
          if (entry.end > bytes.length + dataBytes) others.push(`run ${run}: range`);
      } catch (error) {
        if (!isPalabraError(error)) others.push(`run ${run}: ${String(error)}`);
      }
    }
    Error.stackTraceLimit = traces;
    expect(others).toEqual([]);
    expect(accepted).toBeGreaterThan(0);
    expect(accepted).toBeLessThan(RUNS / 2);
  });
});
