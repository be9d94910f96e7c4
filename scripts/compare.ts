/**
 * Models side by side on text that none of them has seen: a table here, a page with pictures in a file.
 *
 *   npm exec tsx scripts/compare.ts -- --data test.txt --page comparison.html runs/lstm runs/gpt
 */
import { readFile, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import {
  compareModels,
  generationPresets,
  isPalabraError,
  loadModel,
  renderComparison,
  splitTextBlocks,
} from 'palabra';
import type { ComparedModel } from 'palabra';

const { values: options, positionals: folders } = parseArgs({
  options: { data: { type: 'string' }, page: { type: 'string' }, stride: { type: 'string' } },
  allowPositionals: true,
});
const stop = new AbortController();
process.once('SIGINT', () => stop.abort());

async function open(folder: string): Promise<ComparedModel> {
  const { model, tokenizer } = await loadModel(folder);
  if (tokenizer === undefined) throw new Error(`${folder} has no tokenizer.json`);
  return { name: basename(folder), model, tokenizer };
}

async function main(data: string): Promise<void> {
  // 1. The models, strictly: every weight in its place.
  const models = await Promise.all(folders.map(open));

  // 2. The same text, openings out of it, settings and seed for all.
  const documents = splitTextBlocks(await readFile(data, 'utf8'));
  const prompts = documents.slice(0, 4).map((text) => text.trim().split(/\s+/u).slice(0, 6).join(' '));
  const comparison = await compareModels(models, {
    documents,
    prompts,
    settings: { balanced: { ...generationPresets.balanced, maxTokens: 60, samples: 2 } },
    scoring: options.stride === undefined ? {} : { stride: Number(options.stride) },
    signal: stop.signal,
  });

  // 3. What came of it.
  console.log(renderComparison(comparison, 'text'));
  if (options.page !== undefined) await writeFile(options.page, renderComparison(comparison, 'html'));
}

if (options.data === undefined || folders.length < 2) {
  console.error('usage: tsx scripts/compare.ts --data FILE [--stride N] [--page FILE] MODEL MODEL [MODEL ...]');
  process.exit(2);
}
await main(options.data).catch((error: unknown) => {
  if (!isPalabraError(error)) throw error;
  console.error(error.code === 'PAL_ABORTED' ? '\nstopped' : error.message);
  process.exitCode = error.code === 'PAL_ABORTED' ? 130 : 1;
});
