/** `npm run bench -- NAME … [--json] [--quick]`: runs benchmarks, all when none is named, and prints their rows. */
import { machine } from './machine.js';
import { benchmarks } from './rows.js';
import type { Row } from './rows.js';

const words = process.argv.slice(2);
const flags = ['--json', '--quick'];
const names = words.filter((word) => !flags.includes(word)).map((word) => word.toLowerCase());
const unknown = names.filter((name) => !(name in benchmarks));

/** A row in one line for people. */
function line({ name, ours, unit, mark, peer, ratio, notes }: Row): string {
  const parts = [`${name}: ${ours} ${unit}`];
  if (peer !== undefined) parts.push(`peer ${peer}`, `ratio ${ratio ?? NaN}`);
  if (mark !== undefined) parts.push(`mark ${mark}`);
  return [...parts, ...Object.entries(notes).map(([key, value]) => `${key} ${value}`)].join(', ');
}

/** Runs the benchmarks one after another. */
async function main(): Promise<void> {
  const settings = { quick: words.includes('--quick') };
  const rows: Row[] = [];
  for (const name of names.length > 0 ? names : Object.keys(benchmarks)) {
    const found = (await benchmarks[name]?.(settings)) ?? [];
    rows.push(...found);
    if (!words.includes('--json')) for (const row of found) console.log(line(row));
  }
  if (words.includes('--json')) console.log(JSON.stringify({ machine: machine(), rows }, undefined, 2));
}

if (unknown.length > 0) {
  console.error(`bench: expected names of ${Object.keys(benchmarks).join(', ')}, received ${unknown.join(', ')}.`);
  process.exitCode = 2;
} else {
  if (!words.includes('--json')) console.log(JSON.stringify(machine()));
  await main();
}
