import { mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  arange,
  loadSafetensors,
  memory,
  openSafetensors,
  saveSafetensors,
  scope,
  tensor,
  zeros,
} from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { storedTypes } from '../helpers/element-types.js';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'palabra-safetensors-'));
  path = join(directory, 'm.safetensors');
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Writes a file by hand. */
function writeRaw(header: string, data: Uint8Array): void {
  const json = new TextEncoder().encode(header);
  const length = new Uint8Array(BigUint64Array.of(BigInt(json.length)).buffer);
  writeFileSync(path, Buffer.concat([length, json, data]));
}

describe.each([{ map: false }, { map: true }])('reading with %j', (options) => {
  test.each(storedTypes)('%s: values come back bit by bit', async (dtype) => {
    const saved = scope(() => ({
      full: arange(-3, 5).to(dtype).reshape([2, 4]),
      scalar: tensor(1).to(dtype),
      empty: zeros([0, 3], { dtype }),
    }));
    await saveSafetensors(path, saved);
    const loaded = loadSafetensors(path, options);
    expect(Object.keys(loaded).sort()).toEqual(['empty', 'full', 'scalar']);
    for (const name of ['full', 'scalar', 'empty'] as const) {
      expect(loaded[name]!.dtype).toBe(dtype);
      expect(loaded[name]!.shape).toEqual(saved[name].shape);
      expect(loaded[name]!.bits()).toEqual(saved[name].bits());
    }
    for (const made of [...Object.values(saved), ...Object.values(loaded)]) made.dispose();
  });

  test('writing into a loaded tensor leaves the file as it was', async () => {
    const x = arange(4);
    await saveSafetensors(path, { x });
    const before = readFileSync(path);
    const loaded = loadSafetensors(path, options).x!;
    loaded.add_(1);
    expect(loaded.tolist()).toEqual([1, 2, 3, 4]);
    expect(readFileSync(path).equals(before)).toBe(true);
    loaded.dispose();
    x.dispose();
  });

  test('tensors outlive the reader and the file', async () => {
    const x = arange(1000);
    await saveSafetensors(path, { x });
    const reader = openSafetensors(path, options);
    const loaded = reader.tensor('x');
    reader.close();
    reader.close();
    rmSync(path);
    expect(loaded.sum().item()).toBe(499_500);
    expect(() => reader.tensor('x')).toThrow(expect.objectContaining({ code: 'PAL_DISPOSED' }));
    loaded.dispose();
    x.dispose();
  });

  test('unaligned tensors of other writers are read', () => {
    writeRaw(
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} ',
      new Uint8Array(Float32Array.of(1.5, -2).buffer),
    );
    const { a } = loadSafetensors(path, options);
    expect(a!.add(a!).tolist()).toEqual([3, -4]);
    a!.dispose();
  });

  test('a boolean that is neither 0 nor 1 is refused, and nothing is left behind', () => {
    writeRaw(
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"BOOL","shape":[3],"data_offsets":[1,4]}}',
      Uint8Array.of(9, 1, 0, 2),
    );
    const before = memory.stats().liveSlots;
    expect(() => loadSafetensors(path, options)).toThrow(
      expect.objectContaining({ code: 'PAL_CHECKPOINT', message: expect.stringContaining('received 2 at byte 2') }),
    );
    expect(memory.stats().liveSlots).toBe(before);
  });

  test('an element type that tensors lack fails when it is read, not before', () => {
    writeRaw(
      '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U16","shape":[1],"data_offsets":[1,3]}}',
      Uint8Array.of(9, 1, 0),
    );
    using reader = openSafetensors(path, options);
    using a = reader.tensor('a');
    expect(a.tolist()).toEqual([9]);
    expect(() => reader.tensor('b')).toThrow(expect.objectContaining({ code: 'PAL_DTYPE' }));
  });

  test.each([
    ['F4', 2, 1],
    ['F6_E3M2', 4, 3],
    ['F8_E8M0', 1, 1],
    ['F8_E4M3FNUZ', 1, 1],
    ['F8_E5M2FNUZ', 1, 1],
    ['F8_E5M2', 1, 1],
    ['U64', 1, 8],
  ])('%s is named as what tensors lack; the others are read', (dtype, count, bytes) => {
    writeRaw(
      `{"__metadata__":null,"x":{"dtype":"${dtype}","shape":[${count}],"data_offsets":[0,${bytes}]},` +
        `"y":{"dtype":"U8","shape":[1],"data_offsets":[${bytes},${bytes + 1}]}}`,
      new Uint8Array(bytes + 1).fill(7),
    );
    using reader = openSafetensors(path, options);
    using y = reader.tensor('y');
    expect(y.tolist()).toEqual([7]);
    expect(reader.shape('x')).toEqual([count]);
    const error = expect.objectContaining({ code: 'PAL_DTYPE', message: expect.stringContaining(dtype) });
    expect(() => reader.tensor('x')).toThrow(error);
    expect(() => reader.dtype('x')).toThrow(error);
    expect(() => loadSafetensors(path, options)).toThrow(error);
  });
});

describe('the reader', () => {
  test('knows names, shapes, types and metadata without reading a tensor', async () => {
    const tensors = scope(() => ({ 'layer.weight': zeros([2, 3]), step: tensor(7n) }));
    await saveSafetensors(path, tensors, { metadata: { format: 'pt', note: 'ñ' } });
    using reader = openSafetensors(path);
    expect(reader.names).toEqual(['step', 'layer.weight']);
    expect(reader.metadata).toEqual({ format: 'pt', note: 'ñ' });
    expect(reader.has('step')).toBe(true);
    expect(reader.has('toString')).toBe(false);
    expect(reader.shape('layer.weight')).toEqual([2, 3]);
    expect(reader.dtype('step')).toBe('int64');
    expect(() => reader.tensor('layer.wieght')).toThrow('Did you mean "layer.weight"?');
    for (const made of Object.values(tensors)) made.dispose();
  });

  test('reads the file that it opened, even when its path names another', async () => {
    const [x, y] = [arange(3), arange(3).add(10)] as [Tensor, Tensor];
    await saveSafetensors(path, { x });
    using reader = openSafetensors(path, { map: true });
    await saveSafetensors(join(directory, 'other'), { x: y });
    renameSync(join(directory, 'other'), path);
    using loaded = reader.tensor('x');
    expect(loaded.tolist()).toEqual([0, 1, 2]);
  });

  test.each<[string, () => void, string]>([
    ['is missing', () => rmSync(path, { force: true }), 'PAL_FILE'],
    ['is empty', () => writeFileSync(path, ''), 'PAL_CHECKPOINT'],
    ['is cut', () => truncateSync(path, readFileSync(path).length - 1), 'PAL_CHECKPOINT'],
    ['is a directory', () => rmSync(path), 'PAL_CHECKPOINT'],
    ['is something else', () => writeFileSync(path, 'PK\u0003\u0004 a zip archive, not weights'), 'PAL_CHECKPOINT'],
  ])('refuses a file that %s', async (name, damage, code) => {
    const x = arange(3);
    await saveSafetensors(path, { x });
    damage();
    const target = name === 'is a directory' ? directory : path;
    expect(() => openSafetensors(target)).toThrow(expect.objectContaining({ code }));
    expect(() => loadSafetensors(target, { map: true })).toThrow(expect.objectContaining({ code }));
    x.dispose();
  });

  test('a file that is shortened after it was opened is an error', async () => {
    const x = arange(100);
    await saveSafetensors(path, { x });
    using reader = openSafetensors(path);
    truncateSync(path, 200);
    expect(() => reader.tensor('x')).toThrow('the file was shortened while it was read');
    x.dispose();
  });
});

describe('the writer', () => {
  test('writes the values at the time of the call', async () => {
    const x = arange(3);
    const written = saveSafetensors(path, { x });
    x.zero_();
    x.dispose();
    expect(await written).toBe(readFileSync(path).length);
    using loaded = loadSafetensors(path).x!;
    expect(loaded.tolist()).toEqual([0, 1, 2]);
  });

  test('writes views by their elements', async () => {
    const { t, s } = scope(() => {
      const x = arange(6).reshape([2, 3]);
      return { t: x.transpose(0, 1), s: x.select(1, 2) };
    });
    await saveSafetensors(path, { t, s });
    const loaded = loadSafetensors(path);
    expect(loaded.t!.tolist()).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    expect(loaded.s!.tolist()).toEqual([2, 5]);
    for (const made of [t, s, ...Object.values(loaded)]) made.dispose();
  });

  test('the same tensors give the same bytes, whatever their order', async () => {
    const [a, b] = [arange(3), zeros([2], { dtype: 'int64' })] as [Tensor, Tensor];
    await saveSafetensors(path, { a, b });
    const first = readFileSync(path);
    await saveSafetensors(path, { b, a });
    expect(readFileSync(path).equals(first)).toBe(true);
    expect(readdirSync(directory)).toEqual(['m.safetensors']);
    a.dispose();
    b.dispose();
  });

  test('no tensors are a file too', async () => {
    await saveSafetensors(path, {});
    expect(loadSafetensors(path)).toEqual({});
    expect(loadSafetensors(path, { map: true })).toEqual({});
  });

  test('keeps the old file when it refuses', async () => {
    const x = arange(3);
    await saveSafetensors(path, { x });
    const pair = zeros([1], { dtype: 'complex128' });
    await expect(saveSafetensors(path, { pair })).rejects.toMatchObject({ code: 'PAL_DTYPE' });
    await expect(saveSafetensors(path, { __metadata__: x })).rejects.toMatchObject({ code: 'PAL_ARGUMENT' });
    await expect(saveSafetensors(path, { x: 1 as never })).rejects.toMatchObject({ code: 'PAL_ARGUMENT' });
    pair.dispose();
    x.dispose();
    await expect(saveSafetensors(path, { x })).rejects.toMatchObject({ code: 'PAL_DISPOSED' });
    expect(Object.keys(loadSafetensors(path))).toEqual(['x']);
  });
});
