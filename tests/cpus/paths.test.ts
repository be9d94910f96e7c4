import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

import type { CpuPath } from '../../lib/native/index.js';
import { hasInstructionSet } from '../../lib/native/index.js';
import { lowerSets } from '../helpers/cpu-sets.js';
import { runNode } from './qemu.js';

/** What `palabra doctor --json` says of the paths, in a process with these variables. */
async function paths(env: NodeJS.ProcessEnv): Promise<Record<string, CpuPath>> {
  const libtorch = process.env.PALABRA_LIBTORCH ?? (await folderOfLibtorch());
  const { stdout, stderr } = await runNode(['dist/cli/main.js', 'doctor', '--json'], undefined, {
    PALABRA_LIBTORCH: libtorch,
    ...env,
  });
  const report = JSON.parse(stdout || stderr) as { libtorch?: { paths: CpuPath[] }; problem?: string };
  if (report.libtorch === undefined) throw new Error(report.problem);
  return Object.fromEntries(report.libtorch.paths.map((path) => [path.kind, path]));
}

async function folderOfLibtorch(): Promise<string> {
  const { stdout } = await runNode(['dist/cli/main.js', 'doctor', '--json']);
  return (JSON.parse(stdout) as { libtorch: { folder: string } }).libtorch.folder;
}

const kinds = [
  'vector loops',
  'float32 products',
  'bfloat16 products',
  'float16 products',
  'fastest products',
  'float32 products of 1 row',
  'float32 products of up to 8 rows',
  'float32 products of up to 64 rows',
  'bfloat16 LSTM',
];

describe('the paths of this processor', () => {
  let cache: string;
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'palabra-paths-'));
  });
  afterEach(() => rmSync(cache, { recursive: true }));
  const files = () => readdirSync(join(cache, 'cpu-paths')).map((name) => join(cache, 'cpu-paths', name));

  test('doctor names a path and a reason for each kind of work', async () => {
    const found = await paths({ PALABRA_CACHE: cache });
    expect(Object.keys(found)).toEqual(kinds);
    for (const { path, reason } of Object.values(found)) {
      expect(path).not.toBe('');
      expect(reason).not.toBe('');
    }
  });

  test('what was measured once is remembered', async () => {
    const first = await paths({ PALABRA_CACHE: cache });
    const second = await paths({ PALABRA_CACHE: cache });
    expect(files().length).toBeGreaterThan(0);
    for (const [kind, { path, reason }] of Object.entries(first)) {
      expect(second[kind]!.path).toBe(path);
      if (reason.includes(' ms')) expect(second[kind]!.reason).toContain('as measured before');
    }
  });

  const bfloat16 = hasInstructionSet('avx512_bf16') ? test : test.skip;
  bfloat16('whether bfloat16 is faster is measured among fake tensors too, what it goes by before it', async () => {
    const code = `import { hasFastBfloat16, withFakeTensors } from './dist/tensor/index.js';
      console.log(withFakeTensors(() => hasFastBfloat16('cpu')));`;
    const env = { PALABRA_CACHE: cache, PALABRA_LIBTORCH: process.env.PALABRA_LIBTORCH ?? (await folderOfLibtorch()) };
    const { stdout } = await runNode(['--input-type=module', '-e', code], undefined, env);
    const found = await paths(env);
    expect(stdout.trim()).toBe(String(found['fastest products']!.path === 'bfloat16'));
    for (const kind of ['float32 products', 'bfloat16 products'])
      expect(found[kind]!.reason).toContain('as measured before');
  });

  test('a damaged memory is measured anew', async () => {
    await paths({ PALABRA_CACHE: cache });
    for (const file of files()) writeFileSync(file, readFileSync(file).subarray(0, 40));
    const again = await paths({ PALABRA_CACHE: cache });
    expect(again['bfloat16 products']!.reason).toMatch(/libtorch [\d.]+ ms, in float32 [\d.]+ ms$/);
  });

  test('processes that start together leave whole files', async () => {
    await Promise.all([1, 2, 3].map(() => paths({ PALABRA_CACHE: cache })));
    for (const file of files()) expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });

  test('a cache that cannot be written changes nothing', async () => {
    writeFileSync(join(cache, 'file'), '');
    const found = await paths({ PALABRA_CACHE: join(cache, 'file') });
    expect(Object.keys(found)).toEqual(kinds);
  });

  test('lower sets keep from what needs higher ones', async () => {
    const found = await paths({ PALABRA_CACHE: cache, ...lowerSets.avx2 });
    expect(found['vector loops']).toMatchObject({ path: 'AVX2', reason: expect.stringContaining('needs AVX-512') });
    expect(found['float32 products']!.path).not.toBe('oneDNN matmul');
    expect(found['bfloat16 LSTM']).toMatchObject({ path: 'in float32' });
    expect(found['fastest products']).toMatchObject({
      path: 'float32',
      reason: expect.stringContaining('the only one'),
    });
    expect(found['float32 products of 1 row']!.path).not.toBe('sums by AVX-512');
    const baseline = await paths({ PALABRA_CACHE: cache, ...lowerSets.default });
    expect(baseline['vector loops']).toMatchObject({ path: 'baseline' });
    for (const kind of kinds) expect(baseline[kind]!.path).not.toContain('AVX');
  });

  const avx512 = hasInstructionSet('avx512bw') ? test : test.skip;
  avx512('a path that refuses is left, with its words (needs AVX-512)', async () => {
    const found = await paths({ PALABRA_CACHE: cache, ONEDNN_MAX_CPU_ISA: 'AVX2' });
    expect(found['bfloat16 LSTM']).toMatchObject({
      path: 'in float32',
      reason: expect.stringContaining('could not create a primitive descriptor'),
    });
  });

  test('an unknown capability is refused', async () => {
    await expect(paths({ PALABRA_CPU_CAPABILITY: 'mmx' })).rejects.toThrow(
      'expected default, avx2, avx512 or avx512_bf16, received mmx',
    );
  });
});
