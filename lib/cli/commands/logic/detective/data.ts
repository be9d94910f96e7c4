import { join } from 'node:path';
import { Command } from 'commander';
import { createDirectory, formatInteger, throwFileError } from '../../../../core/index.js';
import { describeFallacies, drawFallacies, writeLines, writeStatistics } from '../../../../logic/index.js';
import type { FallacyStatistics } from '../../../../logic/index.js';
import { withInterruption } from '../../../interruption.js';
import type { Output } from '../../../output.js';
import { formatColumns, printResult } from '../../../print-result.js';
import type { JsonFlag } from '../../../print-result.js';
import { readNumber } from '../data/run-stage.js';

interface Flags extends JsonFlag {
  out: string;
  count?: number;
  held?: number;
  seed?: number;
  fold?: number;
}

/** `palabra logic detective data --out FOLDER`. */
export function createDetectiveDataCommand(output: Output): Command {
  return new Command('data')
    .description('Make texts with the fallacies that they commit, to train on and held out.')
    .requiredOption(
      '--out <folder>',
      'gets train.jsonl, templates.jsonl, words.jsonl and both.jsonl; counts beside each',
    )
    .option('--count <number>', 'texts to train on (3600)', readNumber)
    .option('--held <number>', 'held-out texts: of unseen templates, unseen words, both (240 each)', readNumber)
    .option('--seed <number>', 'the texts depend on it and the fold alone (42)', readNumber)
    .option('--fold <number>', 'the tenth of the templates that is held out, 0 to 9 (0)', readNumber)
    .option('--json', 'print the statistics as JSON')
    .addHelpText('after', '\nExample: palabra logic detective data --out fallacies --count 3600')
    .action(async ({ out, json, ...options }: Flags) => {
      const statistics = await withInterruption((signal) => writeData(out, { ...options, signal }));
      printResult(output, json === undefined ? {} : { json }, statistics, (found) => describeFiles(found, out));
    });
}

async function writeData(
  out: string,
  options: Omit<Flags, 'out'> & { signal: AbortSignal },
): Promise<Record<string, FallacyStatistics>> {
  await createDirectory(out).catch((cause: unknown) => throwFileError('--out', out, cause));
  const { train, held } = await drawFallacies(options);
  const statistics: Record<string, FallacyStatistics> = {};
  for (const [name, records] of Object.entries({ train, ...held })) {
    const path = join(out, `${name}.jsonl`);
    await writeLines(path, records);
    statistics[name] = describeFallacies(records);
    await writeStatistics(path, statistics[name]);
  }
  return statistics;
}

function describeFiles(statistics: Readonly<Record<string, FallacyStatistics>>, out: string): string {
  return formatColumns([
    ...Object.entries(statistics).map(([name, { records, byTemplate, byLabel }]): [string, string] => [
      name,
      `${formatInteger(records)} texts of ${Object.keys(byLabel).length} labels by ${Object.keys(byTemplate).length} templates`,
    ]),
    ['folder', out],
  ]);
}
