import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { arange, loadSafetensors, openSafetensors, saveSafetensors, scope, zeros } from '../../lib/tensor/index.js';
import { storedTypes } from '../helpers/element-types.js';
import { describeWithPython, python } from '../helpers/python.js';

/** Prints for each tensor its dtype, shape and bytes, and the metadata. */
const READ = `
import json, sys, torch
from safetensors import safe_open
with safe_open(sys.argv[1], "pt") as f:
    tensors = {}
    for name in f.keys():
        t = f.get_tensor(name)
        raw = t.contiguous().flatten().view(torch.uint8).tolist() if t.numel() else []
        tensors[name] = [str(t.dtype).removeprefix("torch."), list(t.shape), raw]
    print(json.dumps({"tensors": tensors, "metadata": f.metadata()}))
`;

/** Writes a tensor of each dtype named on stdin. */
const WRITE = `
import json, sys, torch
from safetensors.torch import save_file
dtypes = json.load(sys.stdin)
tensors = {"s." + d: torch.tensor(1).to(getattr(torch, d)) for d in dtypes}
tensors |= {"m." + d: torch.arange(-3, 5).to(getattr(torch, d)).reshape(2, 4) for d in dtypes}
tensors |= {"ñ.empty": torch.zeros(0, 3)}
save_file(tensors, sys.argv[1], metadata={"format": "pt", "note": "é€😀\\n"})
`;

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'palabra-interop-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

describeWithPython('the Python package safetensors', () => {
  test('reads what we write, bit by bit', async () => {
    const path = join(directory, 'ours.safetensors');
    const tensors = scope(() => ({
      ...Object.fromEntries(storedTypes.map((dtype) => [`ñ.${dtype}`, arange(-3, 5).to(dtype).reshape([2, 4])])),
      scalar: arange(1).reshape([]),
      empty: zeros([0, 3]),
    }));
    await saveSafetensors(path, tensors, { metadata: { format: 'pt', note: 'é€😀\n"' } });
    const read = python(READ, { args: [path] }).json;
    const expected = Object.entries(tensors).map(([name, t]) => {
      const bits = t.bits();
      return [name, [t.dtype, t.shape, [...new Uint8Array(bits.buffer, bits.byteOffset, bits.byteLength)]]];
    });
    for (const made of Object.values(tensors)) made.dispose();
    expect(read).toEqual({ tensors: Object.fromEntries(expected), metadata: { format: 'pt', note: 'é€😀\n"' } });
  });

  test.each([{ map: false }, { map: true }])('writes what we read with %j', (options) => {
    const path = join(directory, 'theirs.safetensors');
    python(WRITE, { args: [path], input: storedTypes });
    using reader = openSafetensors(path);
    expect(reader.metadata).toEqual({ format: 'pt', note: 'é€😀\n' });
    const loaded = loadSafetensors(path, options);
    expect(Object.keys(loaded)).toHaveLength(2 * storedTypes.length + 1);
    expect(loaded['ñ.empty']!.shape).toEqual([0, 3]);
    scope(() => {
      for (const dtype of storedTypes) {
        const [matrix, scalar] = [loaded[`m.${dtype}`]!, loaded[`s.${dtype}`]!];
        expect([matrix.dtype, matrix.shape, scalar.shape]).toEqual([dtype, [2, 4], []]);
        expect(matrix.bits()).toEqual(arange(-3, 5).to(dtype).reshape([2, 4]).bits());
        expect(scalar.bits()).toEqual(arange(1, 2).to(dtype).reshape([]).bits());
      }
    });
    for (const made of Object.values(loaded)) made.dispose();
  });
});
