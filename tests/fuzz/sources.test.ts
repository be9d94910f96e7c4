import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { Random, isPalabraError } from '../../lib/core/index.js';
import { csvFiles, jsonLines, parquetFiles, textLines } from '../../lib/data/index.js';
import type { FileSource } from '../../lib/data/index.js';
import { SourceFolder, all } from '../data/sources/files.js';
import { cpuMs } from '../helpers/cpu-time.js';

/** Files for each format; `PALABRA_FUZZ_FILES=100000` for a long run. */
const FILES = Number(process.env.PALABRA_FUZZ_FILES ?? 10_000);
/** What one file may take, in milliseconds of processor time: no measure of speed, but what only a hang takes. */
const PATIENCE = 5000;

const LIMITS = { fileBytes: 2 ** 26, documentBytes: 2 ** 22 };
const json = Array.from({ length: 30 }, (_, i) =>
  JSON.stringify({ id: i, text: `línea ${i} "🙂"\n`, more: [[i], {}] }),
);
const csv = Array.from({ length: 30 }, (_, i) => `${i},"a ""q"" ñ\n${i}",b`);

type Format = [name: string, bytes: Uint8Array, open: (path: string, onMalformed: 'error' | 'report') => FileSource];

const formats: Format[] = [
  ['JSON Lines', Buffer.from(json.join('\n')), (path, onMalformed) => jsonLines(path, { onMalformed, limits: LIMITS })],
  [
    'CSV',
    Buffer.from(['id,text,b', ...csv].join('\r\n')),
    (path, onMalformed) => csvFiles(path, { column: 'text', onMalformed, limits: LIMITS }),
  ],
  ['gzip', gzipSync(json.join('\n')), (path, onMalformed) => jsonLines(path, { onMalformed, limits: LIMITS })],
  [
    'zstd',
    readFileSync('tests/data/sources/fixtures/words.txt.zst'),
    (path, onMalformed) => textLines(path, { onMalformed, limits: LIMITS }),
  ],
  ...['snappy', 'zstd-v2', 'gzip', 'brotli', 'lz4', 'plain'].map((name): Format => [
    `parquet, ${name}`,
    readFileSync(`tests/data/sources/fixtures/${name}.parquet`),
    (path, onMalformed) => parquetFiles(path, { field: 'few', onMalformed, limits: LIMITS }),
  ]),
];

/** The file with some of its bytes flipped, cut, doubled, moved or replaced. */
function mutated(bytes: Uint8Array, random: Random): Uint8Array {
  let result: Uint8Array = Uint8Array.from(bytes);
  for (let left = random.integer(6) + 1; left > 0 && result.length > 0; left--) {
    const at = random.integer(result.length);
    const length = random.integer(20);
    const [head, tail] = [result.subarray(0, at), result.subarray(at)];
    const noise = Uint8Array.from({ length }, () => random.integer(256));
    const ways = [
      () => result.with(at, result[at]! ^ (1 << random.integer(8))),
      () => result.with(at, [0, 255, 34, 10, 44, 123, 91, 92][random.integer(8)]!),
      () => Buffer.concat([head, tail.subarray(length)]),
      () => Buffer.concat([head, noise, tail]),
      () => Buffer.concat([head, tail.subarray(0, length), tail]),
      () => (random.integer(4) === 0 ? head : Buffer.concat([head, noise, tail.subarray(length)])),
    ];
    result = ways[random.integer(ways.length)]!();
  }
  return result;
}

async function outcome(source: FileSource): Promise<string> {
  try {
    const documents = await all(source);
    const { report } = source;
    return documents.length === report.documents && documents.every((text) => !/\p{Surrogate}/u.test(text))
      ? 'read'
      : 'wrong';
  } catch (error) {
    return isPalabraError(error) ? error.code : `other: ${String(error)}`;
  }
}

describe('damaged files', () => {
  test.each(formats)(`${FILES} of %s: documents or a PalabraError, soon`, async (name, bytes, open) => {
    using folder = new SourceFolder();
    const counts: Record<string, number> = {};
    let slowest = 0;
    for (let index = 0; index < FILES; index++) {
      const random = new Random(index).split(name);
      const path = folder.write('file', mutated(bytes, random));
      const start = cpuMs();
      const found = await outcome(open(path, index % 2 === 0 ? 'report' : 'error'));
      slowest = Math.max(slowest, cpuMs() - start);
      counts[found] = (counts[found] ?? 0) + 1;
    }
    expect(Object.keys(counts).filter((key) => !['read', 'PAL_DATA'].includes(key))).toEqual([]);
    expect(Object.keys(counts)).toContain('read');
    expect(slowest).toBeLessThan(PATIENCE);
  });
});
