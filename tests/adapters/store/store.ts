import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import type { AdapterStore, VersionRecord } from '../../../lib/adapters/index.js';
import { describeTraining, writeAdapter } from './adapter-files.mjs';

/** A folder for one test, which does not exist yet. */
export function useFolder(): { readonly path: string } {
  const folder = { path: '' };
  let around = '';
  beforeEach(() => {
    around = mkdtempSync(join(tmpdir(), 'palabra-store-'));
    folder.path = join(around, 'lora_adapters');
  });
  afterEach(() => rmSync(around, { recursive: true, force: true }));
  return folder;
}

/** One run that ends in a promotion; its adapter holds the number of the run. */
export async function promoteRun(store: AdapterStore, run: number): Promise<VersionRecord> {
  const staged = await store.stage({ key: `plan-${run}` });
  writeAdapter(staged.folder, run);
  return await store.promote(staged, { metadata: describeTraining(run) });
}

/** One run that ends in a rejection. */
export async function rejectRun(store: AdapterStore, run: number): Promise<VersionRecord> {
  const staged = await store.stage({ key: `plan-${run}` });
  writeAdapter(staged.folder, run);
  return await store.reject(staged, { metadata: describeTraining(run), reasons: ['worse'] });
}

/** The pointers as scripts read them. */
export function readPointers(folder: string): { current: string | null; previous: string | null; generation: number } {
  return JSON.parse(readFileSync(join(folder, 'pointers.json'), 'utf8')) as ReturnType<typeof readPointers>;
}
