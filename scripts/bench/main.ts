/**
 * `npm run bench -- NAME … [--json|--markdown] [--quick]`: runs benchmarks, all when none is named, and prints their rows.
 * Ends with status 1 where ours and a peer computed something else, whatever the times.
 */
import { benchmarks } from './benchmarks.js';
import { machine } from './machine.js';
import type { Row } from './rows.js';
import { formatRow, formatTable } from './table.js';

const words = process.argv.slice(2);
const [json, markdown, quick] = ['--json', '--markdown', '--quick'].map((flag) => words.includes(flag));
const names = words.filter((word) => !['--json', '--markdown', '--quick'].includes(word));
const unknown = names.filter((name) => !(name.toLowerCase() in benchmarks));

/** Runs the benchmarks one after another. */
async function main(): Promise<void> {
  const rows: Row[] = [];
  for (const name of names.length > 0 ? names : Object.keys(benchmarks)) {
    console.error(`${name} …`);
    const found = (await benchmarks[name.toLowerCase()]?.({ quick: quick ?? false })) ?? [];
    rows.push(...found);
    if (!json && !markdown) for (const row of found) console.log(formatRow(row));
  }
  if (json) console.log(JSON.stringify({ machine: machine(), rows }, undefined, 2));
  if (markdown) console.log(formatTable(rows, machine()));
  const disagreeing = rows.filter(({ agrees }) => agrees === false);
  for (const { name } of disagreeing)
    console.error(`bench: expected equal results of both sides, found others: ${name}.`);
  if (disagreeing.length > 0) process.exitCode = 1;
}

if (unknown.length > 0) {
  console.error(`bench: expected names of ${Object.keys(benchmarks).join(', ')}, received ${unknown.join(', ')}.`);
  process.exitCode = 2;
} else {
  if (!json && !markdown) console.log(JSON.stringify(machine()));
  await main();
}
