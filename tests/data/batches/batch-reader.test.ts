import { closeSync, ftruncateSync, mkdtempSync, openSync, readdirSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isPalabraError } from '../../../lib/core/index.js';
import { DirectReader, PrefetchReader } from '../../../lib/data/batches/batch-reader.js';
import { PackedDataset, StreamDataset, WindowDataset, openTokenFile, writeTokenFile } from '../../../lib/data/index.js';
import type { BatchPlan, BatchPlans, BatchPosition, Corpus, TokenDataset, TokenFile } from '../../../lib/data/index.js';
import { openDataAddon } from '../../../lib/native/data.js';
import { ByteTokenizer, CharTokenizer } from '../../../lib/text/index.js';
import { expectSame } from '../../helpers/expect-same.js';

const addon = openDataAddon();
const bytes = new ByteTokenizer();
const wide = new CharTokenizer(Array.from({ length: 70_000 }, (_, i) => String.fromCodePoint(0x10000 + i)));
const LENGTH = 2000;
const starts = [0, 300, 310, 1200];
let directory: string;
let files: { narrow: TokenFile; wide: TokenFile };

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'palabra-reader-'));
  const tokens = (size: number) => Uint32Array.from({ length: LENGTH }, (_, i) => (i * 7919) % size);
  await writeTokenFile(join(directory, 'narrow'), { tokens: tokens(256), starts }, bytes);
  await writeTokenFile(join(directory, 'wide'), { tokens: tokens(70_000), starts }, wide);
  files = { narrow: openTokenFile(join(directory, 'narrow')), wide: openTokenFile(join(directory, 'wide')) };
});

afterAll(() => {
  files.narrow.close();
  files.wide.close();
  rmSync(directory, { recursive: true, force: true });
});

const plansOf = (batches: readonly BatchPlan[]): BatchPlans => ({
  count: batches.length,
  epochAfter: (given) => given / batches.length,
  plan: (batch) => batches[batch]!,
});

const openThreads = (): number => readdirSync('/proc/self/task').length;

/** Any plan over the files: spans side by side in rows of any number. */
const plan = fc
  .array(
    fc.record({ start: fc.nat(LENGTH - 60), count: fc.integer({ min: 1, max: 50 }), gap: fc.nat(3), from: fc.nat(50) }),
    { maxLength: 12 },
  )
  .map((drawn): BatchPlan => {
    let at = 0;
    const spans = drawn.map(({ start, count, gap, from }) => {
      at += gap + count;
      return { start, count, position: at - count, firstTarget: Math.min(from, count) };
    });
    return { shape: [1, at + 2], spans, examples: [] };
  });

describe('PrefetchReader', () => {
  test.each(['narrow', 'wide'] as const)('%s ids: reads what its slow twin reads', (width) => {
    fc.assert(
      fc.property(fc.array(plan, { minLength: 1, maxLength: 6 }), fc.nat(1000), (batches, padding) => {
        const plans = plansOf(batches);
        const fast = new PrefetchReader(addon, files[width], plans, padding);
        const slow = new DirectReader(files[width], plans, padding);
        for (let i = 0; i < batches.length; i++) expect(fast.read(i)).toEqual(slow.read(i));
        fast.release();
      }),
    );
  });

  test('the very last token of the file is a target', () => {
    const last = plansOf([{ shape: [1, 3], spans: [{ start: LENGTH - 4, count: 3, position: 0 }], examples: [0] }]);
    const fast = new PrefetchReader(addon, files.wide, last, 0);
    expect(fast.read(0)).toEqual(new DirectReader(files.wide, last, 0).read(0));
  });

  test('any order of reads gives the same batches', () => {
    const batches = Array.from({ length: 12 }, (_, i): BatchPlan => {
      return { shape: [1, 4], spans: [{ start: i * 11, count: 4, position: 0 }], examples: [i] };
    });
    const plans = plansOf(batches);
    fc.assert(
      fc.property(fc.array(fc.nat(11), { maxLength: 20 }), (order) => {
        const [fast, slow] = [
          new PrefetchReader(addon, files.narrow, plans, 0),
          new DirectReader(files.narrow, plans, 0),
        ];
        for (const batch of order) expect(fast.read(batch)).toEqual(slow.read(batch));
        fast.release();
      }),
    );
  });

  test('datasets over a file: saved anywhere, continued with the same batches', () => {
    const kinds: ((corpus: Corpus<TokenFile>) => TokenDataset<TokenFile>)[] = [
      ({ tokens }) => new WindowDataset(tokens, { length: 33, stride: 20 }),
      (corpus) => new PackedDataset(corpus, { length: 64 }),
      ({ tokens }) => new StreamDataset(tokens, { length: 17 }),
    ];
    const kind = fc.constantFrom(...kinds);
    fc.assert(
      fc.property(
        kind,
        fc.integer({ min: 1, max: 6 }),
        fc.nat(40),
        fc.nat(40),
        (make, batchSize, before, elsewhere) => {
          const dataset = make({ tokens: files.narrow, starts });
          const options = { batchSize, order: 'shuffled', seed: before } as const;
          const [sequence, resumed] = [dataset.batches(options), dataset.batches(options)];
          for (let i = 0; i < before; i++) sequence.next();
          for (let i = 0; i < elsewhere; i++) resumed.next();
          resumed.restore(JSON.parse(JSON.stringify(sequence.save())) as BatchPosition);
          for (let i = 0; i < 5; i++) expectSame(resumed.next(), sequence.next());
        },
      ),
      { numRuns: 60 },
    );
  });

  test('ends its thread at the end of a sequence, and when it is released', () => {
    const before = openThreads();
    const dataset = new WindowDataset(files.narrow, { length: 50 });
    const options = { batchSize: 4, order: 'sequential' } as const;
    const sequence = dataset.batches(options);
    sequence.next();
    expect(openThreads()).toBe(before + 1);
    expect([...sequence]).toHaveLength(9);
    expect(openThreads()).toBe(before);
    const descriptors = readdirSync('/proc/self/fd').length;
    for (let i = 0; i < 50; i++) expect([...dataset.batches(options)]).toHaveLength(10);
    expect(openThreads()).toBe(before);
    expect(readdirSync('/proc/self/fd')).toHaveLength(descriptors);
  });

  test('leaving a loop ends the thread; the sequence goes on where it was', () => {
    const before = openThreads();
    const dataset = new WindowDataset(files.narrow, { length: 50 });
    const sequence = dataset.batches({ batchSize: 4, order: 'sequential' });
    for (const batch of sequence) if (batch.examples!.includes(8)) break;
    expect(openThreads()).toBe(before);
    expect(sequence.next().value!.examples).toEqual([12, 13, 14, 15]);
    expect([...sequence]).toHaveLength(6);
  });

  test('places beyond 2^32 tokens', () => {
    const path = join(directory, 'large');
    const length = 2 ** 32 + 2 ** 20;
    const descriptor = openSync(path, 'w');
    ftruncateSync(descriptor, 2 * length);
    const tail = Uint16Array.from({ length: 100 }, (_, i) => i + 1);
    writeSync(descriptor, tail, 0, 200, 2 * (length - 100));
    closeSync(descriptor);
    using file = openTokenFile(path, { raw: 2 });
    const dataset = new WindowDataset(file, { length: 64 });
    const sequence = dataset.batches({ batchSize: 1, order: 'sequential' });
    sequence.restore({ ...sequence.save(), batches: dataset.size - 1 });
    const batch = sequence.next().value!;
    expect(batch.inputs[62]).toBe(99);
    expect(batch.targets[62]).toBe(100);
    const slow = new DirectReader(file, dataset.plans({ batchSize: 1, order: 'sequential', seed: 0 }), 0);
    expect(slow.read(dataset.size - 1)).toEqual(batch);
  });

  test('a file that is cut or damaged is an error at its batch; an intact batch is read after it', async () => {
    const path = join(directory, 'cut');
    await writeTokenFile(path, { tokens: new Uint16Array(10_000), starts: [0] }, bytes);
    using file = openTokenFile(path);
    const dataset = new WindowDataset(file, { length: 1000 });
    truncateSync(path, 128 + 2 * 4500);
    const sequence = dataset.batches({ batchSize: 1, order: 'sequential' });
    for (let i = 0; i < 4; i++) expect(sequence.next().value!.shape).toEqual([1, 1000]);
    const saved = sequence.save();
    expect(() => sequence.next()).toThrow(expect.objectContaining({ code: 'PAL_DATA' }));
    expect(sequence.save()).toEqual(saved);
    sequence.restore({ ...saved, batches: 2 });
    expect(sequence.next().value!.examples).toEqual([2]);
  });

  test('a closed file is not read on', () => {
    const file = openTokenFile(join(directory, 'narrow'));
    const sequence = new WindowDataset(file, { length: 10 }).batches({ batchSize: 1, order: 'random' });
    sequence.next();
    file.close();
    expect(() => sequence.next()).toThrow(expect.objectContaining({ code: 'PAL_DISPOSED' }));
  });

  test('ids beyond the vocabulary are found', () => {
    const { descriptor, offset } = files.wide;
    const reader = addon.openTokens(descriptor, offset, LENGTH, 4, 7920);
    addon.requestBatch(reader, 1, 0, Uint32Array.of(1, 0, 1, 0, 0));
    expect(() => addon.takeBatch(reader)).toThrow('expected ids below the vocabulary size 7920');
    addon.requestBatch(reader, 1, 0, Uint32Array.of(0, 0, 1, 0, 0));
    expect(addon.takeBatch(reader)).toEqual({ inputs: Int32Array.of(0), targets: Int32Array.of(7919) });
  });
});

describe('the data part of the addon', () => {
  const { narrow } = { narrow: () => addon.openTokens(files.narrow.descriptor, files.narrow.offset, LENGTH, 2, 256) };

  test('refuses spans outside the batch and the file', () => {
    const request =
      (...span: number[]) =>
      () =>
        addon.requestBatch(narrow(), 10, 0, Uint32Array.from(span));
    const outside = [
      [LENGTH, 0, 1, 0, 0],
      [LENGTH - 1, 0, 1, 0, 0],
      [0, 1, 1, 0, 0],
      [0, 0, 11, 0, 0],
      [0, 0, 5, 6, 0],
      [0, 0, 5, 0, 6],
      [0, 0, 0, 0, 0],
      [0, 0, 1, 2 ** 32 - 1, 0],
      [0, 0, 2 ** 32 - 1, 5, 0],
      [0, 0, 1],
    ];
    for (const span of outside) expect(request(...span)).toThrow(expect.objectContaining({ code: 'PAL_ARGUMENT' }));
  });

  test('holds a bounded number of batches', () => {
    const reader = narrow();
    const request = () => addon.requestBatch(reader, 4, 0, Uint32Array.of(0, 0, 4, 0, 0));
    for (let i = 0; i < 64; i++) request();
    expect(request).toThrow('expected at most 64 batches to wait');
    addon.clearBatches(reader);
    expect(() => addon.takeBatch(reader)).toThrow('a batch to be requested first');
    request();
    expect(addon.takeBatch(reader).inputs).toHaveLength(4);
    addon.closeTokens(reader);
    expect(request).toThrow(expect.objectContaining({ code: 'PAL_ABORTED' }));
  });

  test('random calls do no more than throw an error of ours', () => {
    const reader = narrow();
    const values = fc.oneof(
      fc.integer({ min: -2, max: 3000 }),
      fc.double(),
      fc.constantFrom(
        undefined,
        null,
        'x',
        true,
        {},
        [],
        10n,
        reader,
        new Uint32Array(5),
        new Int32Array(5),
        Symbol('s'),
      ),
    );
    const entries = ['openTokens', 'requestBatch', 'takeBatch', 'clearBatches'] as const;
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...entries), fc.array(values, { maxLength: 6 }), (entry, values) => {
        try {
          (addon[entry] as (...values: unknown[]) => unknown)(...values);
        } catch (error) {
          if (!isPalabraError(error)) throw error;
          refused++;
        }
      }),
      { numRuns: 2000 },
    );
    expect(refused).toBeGreaterThan(1000);
    expect(() => addon.openTokens(2 ** 20, 0, 10, 2, 0)).toThrow(expect.objectContaining({ code: 'PAL_FILE' }));
  });

  test('a descriptor of something that cannot be read in pieces is an error', () => {
    const reader = addon.openTokens(openSync(directory, 'r'), 0, 100, 2, 0);
    addon.requestBatch(reader, 4, 0, Uint32Array.of(0, 0, 4, 0, 0));
    expect(() => addon.takeBatch(reader)).toThrow(expect.objectContaining({ code: 'PAL_FILE' }));
  });
});
