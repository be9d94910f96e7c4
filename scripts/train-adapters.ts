/**
 * One adapter, improved data set by data set: which of twelve are copies, what each gains, what is forgotten file after
 * file, a poisoned data set, and the way back; --quick takes a part of each.
 *
 *   npm exec tsx scripts/train-adapters.ts -- --quick --out runs/adapters
 */
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { AdapterStore } from 'palabra/adapters';
import { loadGguf, loadModel } from 'palabra/models';
import { trainAdapters } from 'palabra/tasks';
import type { LossComparison, QualityReport, ReadPlan, TrainAdaptersOptions } from 'palabra/tasks';
import { datasetNames, listDatasets, poisonRecords, writeDatasets } from './anthropology.js';

const out = { type: 'string', default: `runs/adapters-${Date.now()}` } as const;
const { values: given } = parseArgs({ options: { quick: { type: 'boolean' }, model: { type: 'string' }, out } });
const fetchGguf = (): string => spawnSync('node', ['scripts/build/smollm.mjs'], { encoding: 'utf8' }).stdout.trim();
const base = await (given.model === undefined ? loadGguf(fetchGguf()) : loadModel(given.model));
const [sets, epochs, batchSize] = given.quick ? [listDatasets(0.05, 2), 1, 2] : [listDatasets(), 2, 4];
const data = join(given.out, 'data');
const options: Omit<TrainAdaptersOptions, 'store'> = {
  ...{ model: base.model, tokenizer: base.tokenizer!, template: base.chatTemplate, data, gate: { prompts: 4 } },
  ...{ adapter: { r: 56, loraAlpha: 112 }, epochs, batchSize, accumulation: 1, length: 256, precision: 'bfloat16' },
  onStage: (stage) => console.error(`${stage} …`),
};
/** Improves the adapter of a store by what is new among the data. */
async function improve(store: string, rest: Partial<TrainAdaptersOptions>): Promise<QualityReport> {
  const report = await trainAdapters({ ...options, ...rest, store: join(given.out, store) });
  const seconds = Math.round((Date.parse(report.end_time) - Date.parse(report.start_time)) / 1000);
  console.log(
    `\n${store}: ${report.duplicates.copies} copies, ${report.steps} steps in ${seconds} s, ${report.status}`,
  );
  for (const reason of report.reasons) console.log(`  against it: ${reason}`);
  return report.quality!;
}
// 1. The first four data sets, then all twelve, file after file; beside them all twelve mixed.
const order = datasetNames.slice(0, 4);
writeDatasets(data, Object.fromEntries(order.map((name) => [name, sets[name]!])));
await improve('sequential', { mode: 'sequential', order, promoteAnyway: true });
writeDatasets(data, sets);
const after = await improve('sequential', { mode: 'sequential', order: datasetNames, promoteAnyway: true });
const onPlan = ({ duplicates: { exact } }: ReadPlan): void =>
  console.log(new Set(exact.map(({ places }) => places.map(({ path }) => basename(path)).join(' = '))));
const mixed = await improve('mixed', { order: datasetNames, promoteAnyway: true, onPlan });
// 2. Losses on held-out answers in nats a token, and what they fell by with 95 % intervals.
const show = ({ loss_before: old, loss_after: loss, improvement, interval: [low, high] }: LossComparison): string =>
  `${old.toFixed(2)} → ${loss.toFixed(2)}, by ${improvement.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
console.log('\nin order: over the base | over the first four || mixed: over the base');
for (const [name, { base: first, current }] of Object.entries(after.datasets)) {
  console.log(`${name}: ${show(first!)} | ${show(current!)} || ${show(mixed.datasets[name]!.base!)}`);
}
console.log(`the first four, after the others in order: ${show(after.earlier!)}`);
// 3. Poison is refused; versions rotate, and an older one comes back whole.
writeDatasets(data, { poison: poisonRecords(sets.premium_1!) });
await improve('sequential', { mode: 'sequential', order: datasetNames });
await using store = await AdapterStore.open(join(given.out, 'sequential'), { write: true });
console.log(`\ncurrent ${store.current!.id}, previous ${store.previous!.id}, ${store.backups().length} backups`);
console.log(`restored: current ${(await store.restore('previous')).id}, previous ${store.previous!.id}`);
