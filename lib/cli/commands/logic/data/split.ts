import { Command } from 'commander';
import { createParent } from '../../../../core/index.js';
import { readRecords, splitRecords, writeSplits, writeStatistics } from '../../../../logic/index.js';
import type { LogicRecord, SplitProtocol, SplitStatistics } from '../../../../logic/index.js';
import { formatColumns, printResult } from '../../../print-result.js';
import type { JsonFlag } from '../../../print-result.js';
import type { Output } from '../../../output.js';
import { describeStatistics, readNumber } from './run-stage.js';

interface Flags extends JsonFlag {
  out: string;
  replace?: boolean;
  protocol?: SplitProtocol;
  validation?: number;
  test?: number;
  seed?: number;
}

/** `palabra logic split FILE… --out FOLDER`. */
export function createSplitCommand(output: Output): Command {
  return new Command('split')
    .description('Split records for training, validation and test, and count what the parts share.')
    .argument('<files...>', 'clean records')
    .requiredOption('--out <folder>', 'the folder to make; counts go to FOLDER.stats.json')
    .option('--protocol <name>', 'P1 at random by source, P2 by unseen patterns, P3 by unseen words (P1)')
    .option('--validation <share>', 'of the records (0.1)', readNumber)
    .option('--test <share>', 'of the records (0.1)', readNumber)
    .option('--seed <number>', 'draws (42)', readNumber)
    .option('--replace', 'take the place of a folder that is there')
    .option('--json', 'print the statistics as JSON')
    .addHelpText('after', '\nExample: palabra logic split clean.jsonl --out unseen-patterns --protocol P2')
    .action(async (files: string[], { out, replace = false, json, ...options }: Flags) => {
      await createParent('palabra logic split', out);
      const records: LogicRecord[] = [];
      for (const file of files) records.push(...(await readRecords(file)));
      const splits = splitRecords(records, options);
      await writeSplits(out, splits, { replace });
      await writeStatistics(out, splits.statistics);
      printResult(output, json === undefined ? {} : { json }, splits.statistics, (found) => describeSplit(found, out));
    });
}

function describeSplit(statistics: SplitStatistics, out: string): string {
  const { bySplit, leakage } = statistics;
  return formatColumns([
    ['protocol', statistics.protocol],
    [
      'parts',
      Object.entries(bySplit)
        .map(([name, count]) => `${name} ${count}`)
        .join(', '),
    ],
    ...leakage.map(({ parts, exact, near, glosses, patternSyntactic, patternSemantic }): [string, string] => [
      parts.join(' and '),
      `${exact} sentences, ${near} nearly, ${glosses} by glosses, ${patternSyntactic} by pattern (${patternSemantic} by meaning)`,
    ]),
  ]).concat('\n', describeStatistics(statistics, out));
}
