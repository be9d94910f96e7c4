import type { Machine } from './machine.js';
import type { Row } from './rows.js';

/** A row in one line for people. */
export function formatRow({ name, ours, unit, mark, peer, ratio, agrees, notes }: Row): string {
  const parts = [`${name}: ${ours} ${unit}`];
  if (peer !== undefined) parts.push(`peer ${peer}`, `ratio ${ratio ?? NaN}`);
  if (mark !== undefined) parts.push(`mark ${mark}`);
  if (agrees === false) parts.push('THE TWO DISAGREE: the ratio does not count');
  return [...parts, ...Object.entries(notes).map(([key, value]) => `${key} ${value}`)].join(', ');
}

/** All rows as a table of Markdown, headed by the machine. */
export function formatTable(rows: readonly Row[], { cpu, cores, instructionSets, load }: Machine): string {
  const sets = instructionSets.join(', ');
  const head = `On ${cores} cores of ${cpu} (${sets}), load ${load.toFixed(1)} at the end:`;
  const lines = rows.map(({ name, ours, unit, peer, ratio, mark, agrees }) =>
    toLine([name, `${ours} ${unit}`, peer ?? '', agrees === false ? 'disagree' : (ratio ?? ''), mark ?? '']),
  );
  const titles = ['what', 'palabra', 'peer', 'ratio', 'mark'];
  return [head, '', toLine(titles), toLine(titles.map(() => '---')), ...lines].join('\n');
}

const toLine = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
