/** TensorBoard's events: tensorflow/core/util/event.proto and framework/summary.proto, the parts in use. */
import { maskedCrc32c } from './crc32c.js';
import { bytesField, doubleField, doublesField, floatField, integerField, message } from './protobuf.js';

/** How many values of a tensor lie in each of several ranges. */
export interface Histogram {
  minimum: number;
  maximum: number;
  count: number;
  sum: number;
  sumOfSquares: number;
  /** The upper end of each range, rising. */
  limits: ArrayLike<number>;
  /** How many values lie in each. */
  counts: ArrayLike<number>;
}

/** What an event holds besides its time. */
export type EventContent =
  | { type: 'version' }
  /** A new start: a reader forgets what older files say of this step and later ones. */
  | { type: 'start'; step: number }
  | { type: 'scalars'; step: number; values: Readonly<Record<string, number>> }
  | { type: 'histogram'; step: number; tag: string; histogram: Histogram }
  | { type: 'text'; step: number; tag: string; text: string };

/** The numbers that the format gives to a start, to strings in tensors, and to the two plug-ins. */
const SESSION_START = 1;
const DT_STRING = 7;

/** An event as a record of an event file: length, its checksum, the event, its checksum. */
export function eventRecord(content: EventContent, wallTimeSeconds: number): Uint8Array {
  return record(message(doubleField(1, wallTimeSeconds), ...fieldsOf(content)));
}

function fieldsOf(content: EventContent): Uint8Array[] {
  if (content.type === 'version') return [bytesField(3, 'brain.Event:2')];
  const step = integerField(2, content.step);
  switch (content.type) {
    case 'start':
      return [step, bytesField(7, integerField(1, SESSION_START))];
    case 'scalars':
      return [step, bytesField(5, message(...Object.entries(content.values).map(scalarValue)))];
    case 'histogram':
      return [step, bytesField(5, histogramValue(content.tag, content.histogram))];
    case 'text':
      return [step, bytesField(5, textValue(content.tag, content.text))];
  }
}

function scalarValue([tag, value]: [string, number]): Uint8Array {
  return bytesField(1, message(bytesField(1, tag), floatField(2, value)));
}

function histogramValue(tag: string, histogram: Histogram): Uint8Array {
  const { minimum, maximum, count, sum, sumOfSquares, limits, counts } = histogram;
  const heads = [minimum, maximum, count, sum, sumOfSquares].map((value, index) => doubleField(index + 1, value));
  const histo = message(...heads, doublesField(6, limits), doublesField(7, counts));
  return bytesField(1, message(bytesField(1, tag), bytesField(5, histo)));
}

function textValue(tag: string, text: string): Uint8Array {
  const shape = bytesField(2, integerField(1, 1)); // one axis of size 1
  const tensor = message(integerField(1, DT_STRING), bytesField(2, shape), bytesField(8, text));
  const metadata = bytesField(1, bytesField(1, 'text')); // the plug-in's name
  return bytesField(1, message(bytesField(1, `${tag}/text_summary`), bytesField(9, metadata), bytesField(8, tensor)));
}

function record(event: Uint8Array): Uint8Array {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(event.length));
  head.writeUInt32LE(maskedCrc32c(head.subarray(0, 8)), 8);
  const foot = Buffer.alloc(4);
  foot.writeUInt32LE(maskedCrc32c(event));
  return Buffer.concat([head, event, foot]);
}
