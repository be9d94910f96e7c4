/** TensorBoard's events: tensorflow/core/util/event.proto and framework/summary.proto, the parts in use. */
import { computeMaskedCrc32c } from './crc32c.js';
import type { Histogram } from '../histograms/histogram.js';
import { encodeBytes, encodeDouble, encodeDoubles, encodeFloat, encodeInteger, encodeMessage } from './protobuf.js';

/** The content of an event besides its time. */
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

/**
 * An event as a record of an event file: length, its checksum, the event, its checksum.
 * @param content - what happened, at which step
 * @param wallTimeSeconds - since 1970
 * @returns the bytes of the record
 */
export function encodeEvent(content: EventContent, wallTimeSeconds: number): Uint8Array {
  return frameRecord(encodeMessage(encodeDouble(1, wallTimeSeconds), ...encodeFields(content)));
}

function encodeFields(content: EventContent): Uint8Array[] {
  if (content.type === 'version') return [encodeBytes(3, 'brain.Event:2')];
  const step = encodeInteger(2, content.step);
  switch (content.type) {
    case 'start':
      return [step, encodeBytes(7, encodeInteger(1, SESSION_START))];
    case 'scalars':
      return [step, encodeBytes(5, encodeMessage(...Object.entries(content.values).map(encodeScalar)))];
    case 'histogram':
      return [step, encodeBytes(5, encodeHistogram(content.tag, content.histogram))];
    case 'text':
      return [step, encodeBytes(5, encodeText(content.tag, content.text))];
  }
}

function encodeScalar([tag, value]: [string, number]): Uint8Array {
  return encodeBytes(1, encodeMessage(encodeBytes(1, tag), encodeFloat(2, value)));
}

function encodeHistogram(tag: string, histogram: Histogram): Uint8Array {
  const { minimum, maximum, count, sum, sumOfSquares, limits, counts } = histogram;
  const heads = [minimum, maximum, count, sum, sumOfSquares].map((value, index) => encodeDouble(index + 1, value));
  const histo = encodeMessage(...heads, encodeDoubles(6, limits), encodeDoubles(7, counts));
  return encodeBytes(1, encodeMessage(encodeBytes(1, tag), encodeBytes(5, histo)));
}

function encodeText(tag: string, text: string): Uint8Array {
  const shape = encodeBytes(2, encodeInteger(1, 1)); // one axis of size 1
  const tensor = encodeMessage(encodeInteger(1, DT_STRING), encodeBytes(2, shape), encodeBytes(8, text));
  const metadata = encodeBytes(1, encodeBytes(1, 'text')); // the plug-in's name
  return encodeBytes(
    1,
    encodeMessage(encodeBytes(1, `${tag}/text_summary`), encodeBytes(9, metadata), encodeBytes(8, tensor)),
  );
}

function frameRecord(event: Uint8Array): Uint8Array {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(event.length));
  head.writeUInt32LE(computeMaskedCrc32c(head.subarray(0, 8)), 8);
  const foot = Buffer.alloc(4);
  foot.writeUInt32LE(computeMaskedCrc32c(event));
  return Buffer.concat([head, event, foot]);
}
