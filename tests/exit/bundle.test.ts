import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';

const PROGRAM = `
import { CharTokenizer, Gpt, generate, manualSeed } from 'palabra';
import { softmax, tensor } from 'palabra/tensor';

manualSeed(1);
const tokenizer = await CharTokenizer.train('abc');
const model = new Gpt({ vocabSize: tokenizer.size, contextLength: 8, width: 16, layers: 1, heads: 2 });
let made = 0;
for await (const token of generate(model, tokenizer, 'a', { maxTokens: 3, seed: 1 })) made += token.text.length;
console.log('made', made, softmax(tensor([0, 0]), 0).tolist());
`;

const folder = mkdtempSync(join(tmpdir(), 'palabra-bundle-'));

beforeAll(() => {
  writeFileSync(join(folder, 'program.mjs'), PROGRAM);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('.'), join(folder, 'node_modules', 'palabra'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Bundles the program and runs it. */
async function runBundle(external: string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const outfile = join(folder, 'out', `${external.length > 0 ? 'external' : 'inlined'}.mjs`);
  const settings = { bundle: true, platform: 'node', format: 'esm', logLevel: 'silent' } as const;
  await build({ ...settings, absWorkingDir: folder, entryPoints: ['program.mjs'], outfile, external });
  return spawnSync(process.execPath, [outfile], { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
}

test('a bundle that keeps palabra external runs', async () => {
  expect(await runBundle(['palabra'])).toMatchObject({ status: 0, stdout: 'made 3 [ 0.5, 0.5 ]\n' });
});

test('a bundle with palabra inside ends by the error that says to keep it external', async () => {
  const { status, stderr } = await runBundle([]);
  expect(status).toBe(1);
  expect(stderr).toContain('[PAL_NATIVE_LOAD] palabra: expected an addon for linux-x64');
  expect(stderr).toContain('keep palabra external (`--external:palabra`), native code can not be inlined');
});
