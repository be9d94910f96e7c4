import { createParent, formatInteger } from '../../../../core/index.js';
import { readRecords, writeLines, writeRecords, writeStatistics } from '../../../../logic/index.js';
import type { LogicRecord, StageStatistics } from '../../../../logic/index.js';
import { formatColumns, printResult } from '../../../print-result.js';
import type { JsonFlag } from '../../../print-result.js';
import { withInterruption } from '../../../interruption.js';
import type { Output } from '../../../output.js';

/** The flags of every stage. */
export interface StageFlags extends JsonFlag {
  out: string;
  rejects?: string;
}

/** What a stage leaves. */
export interface StageResult {
  records: readonly LogicRecord[];
  removed?: readonly object[];
  statistics: StageStatistics;
}

/** The option of a count or a share. */
export function readNumber(text: string): number {
  return text.trim() === '' ? NaN : Number(text);
}

/** The option of shares by name, as `simple=0.3,advanced=0.7`. */
export function readShares(text: string): Record<string, number> {
  const parts = text.split(',').map((part) => part.split('=', 2).map((word) => word.trim()));
  return Object.fromEntries(parts.map(([name = '', share = '']) => [name, readNumber(share)]));
}

/** Reads records, does a stage with them, and writes what is left, what was removed and the statistics. */
export async function runStage(
  files: readonly string[],
  flags: StageFlags,
  output: Output,
  work: (records: LogicRecord[], signal: AbortSignal) => StageResult | Promise<StageResult>,
): Promise<void> {
  const statistics = await withInterruption(async (signal) => {
    for (const path of [flags.out, flags.rejects ?? flags.out]) await createParent('palabra logic', path);
    const records: LogicRecord[] = [];
    for (const file of files) records.push(...(await readRecords(file)));
    const result = await work(records, signal);
    await writeRecords(flags.out, result.records);
    if (flags.rejects !== undefined) await writeLines(flags.rejects, result.removed ?? []);
    await writeStatistics(flags.out, result.statistics);
    return result.statistics;
  });
  printResult(output, flags, statistics, (found) => describeStatistics(found, flags.out));
}

/** What a stage did, in two columns. */
export function describeStatistics(statistics: StageStatistics, out: string): string {
  const { input, output, removedByReason } = statistics;
  return formatColumns([
    ['records', `${formatInteger(output)} of ${formatInteger(input)}`],
    ...Object.entries(removedByReason).map(([reason, count]) => [`  ${reason}`, `−${formatInteger(count)}`] as const),
    ...(['byComplexity', 'byConnective', 'byAtoms'] as const).map(
      (name) => [NAMES[name], describeShares(statistics[name], output)] as const,
    ),
    ['file', out],
  ]);
}

const NAMES = { byComplexity: 'levels', byConnective: 'with', byAtoms: 'atoms' } as const;

function describeShares(counts: Readonly<Record<string, number>>, total: number): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${((100 * count) / Math.max(1, total)).toFixed(1)} %`)
    .join(', ');
}
