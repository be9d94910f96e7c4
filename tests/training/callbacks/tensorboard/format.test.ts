import { describe, expect, test } from '@jest/globals';
import { computeCrc32c, computeMaskedCrc32c } from '../../../../lib/training/callbacks/tensorboard/crc32c.js';
import { encodeEvent } from '../../../../lib/training/callbacks/tensorboard/events.js';
import {
  encodeBytes,
  encodeDoubles,
  encodeFloat,
  encodeInteger,
  encodeMessage,
} from '../../../../lib/training/callbacks/tensorboard/protobuf.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('crc32c', () => {
  const bytes = (make: (index: number) => number) => Uint8Array.from({ length: 32 }, (_, index) => make(index));

  test.each([
    ['zeros', bytes(() => 0), 0x8a9136aa],
    ['ones', bytes(() => 0xff), 0x62a8ab43],
    ['rising', bytes((index) => index), 0x46dd794e],
    ['falling', bytes((index) => 31 - index), 0x113fdb5c],
    ['digits', Buffer.from('123456789'), 0xe3069283],
    ['nothing', new Uint8Array(0), 0],
  ])('the examples of RFC 3720: %s', (_, input, expected) => {
    expect(computeCrc32c(input)).toBe(expected);
  });

  test('masked: turned by 15 bits, moved by a constant', () => {
    const turned = (0xe3069283n >> 15n) | ((0xe3069283n << 17n) & 0xffffffffn);
    expect(computeMaskedCrc32c(Buffer.from('123456789'))).toBe(Number((turned + 0xa282ead8n) & 0xffffffffn));
  });
});

describe('protobuf', () => {
  test('the examples of the encoding guide', () => {
    expect(hex(encodeInteger(1, 150))).toBe('089601');
    expect(hex(encodeBytes(2, 'testing'))).toBe('120774657374696e67');
    expect(hex(encodeBytes(3, encodeInteger(1, 150)))).toBe('1a03089601');
  });

  test('integers of more than 32 bits, fields of two bytes, floats, packed doubles', () => {
    expect(hex(encodeInteger(2, 2 ** 40))).toBe('10808080808020');
    expect(hex(encodeInteger(16, 0))).toBe('800100');
    expect(hex(encodeFloat(2, 1))).toBe('150000803f');
    expect(hex(encodeMessage(encodeDoubles(7, [1, -2])))).toBe('3a10000000000000f03f00000000000000c0');
  });
});

test('a record: length, its checksum, the event, its checksum', () => {
  const record = Buffer.from(encodeEvent({ type: 'version' }, 1.5));
  const length = Number(record.readBigUInt64LE(0));
  expect(record).toHaveLength(length + 16);
  expect(record.readUInt32LE(8)).toBe(computeMaskedCrc32c(record.subarray(0, 8)));
  expect(record.readUInt32LE(12 + length)).toBe(computeMaskedCrc32c(record.subarray(12, 12 + length)));
  expect(record.subarray(12, 12 + length).toString('latin1')).toContain('brain.Event:2');
});
