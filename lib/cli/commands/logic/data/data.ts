import { Command } from 'commander';
import { Progress, formatInteger } from '../../../../core/index.js';
import { StopList, generateData } from '../../../../logic/index.js';
import type { DataProgress, LevelShares, StageStatistics } from '../../../../logic/index.js';
import { withInterruption } from '../../../interruption.js';
import type { Output } from '../../../output.js';
import { formatColumns, printResult } from '../../../print-result.js';
import type { JsonFlag } from '../../../print-result.js';
import { readNumber, readShares } from './run-stage.js';

interface Flags extends JsonFlag {
  out: string;
  count?: number;
  seed?: number;
  noise?: number;
  avoid?: string[];
  levels?: Record<string, number>;
  replace?: boolean;
}

/** `palabra logic data --out FOLDER`. */
export function createDataCommand(output: Output): Command {
  return new Command('data')
    .description('Make sentences with their formulas from the grammar, cleaned, balanced and split in every protocol.')
    .requiredOption('--out <folder>', 'the folder to make')
    .option('--count <number>', 'records (30000)', readNumber)
    .option('--seed <number>', 'the records depend on it alone (42)', readNumber)
    .option('--noise <share>', 'sentences with a flaw of typing (0.05)', readNumber)
    .option('--avoid <files...>', 'records whose sentences are never drawn')
    .option('--levels <shares>', 'of each level, as simple=0.33,intermediate=0.34,advanced=0.33 (even)', readShares)
    .option('--replace', 'take the place of a folder that is there')
    .option('--json', 'print the statistics as JSON')
    .addHelpText('after', '\nExample: palabra logic data --out logic-data --count 30000')
    .action(async ({ out, json, avoid, levels, ...options }: Flags) => {
      const stages = await withInterruption(async (signal) => {
        const wanted = {
          ...(avoid && { avoid: await readStopList(avoid) }),
          ...(levels && { levelShares: levels as LevelShares }),
        };
        return generateData(out, { ...options, ...wanted, signal, onProgress: createDisplay(output) });
      });
      printResult(output, json === undefined ? {} : { json }, stages, (found) => describeStages(found, out));
    });
}

/** The sentences of files, as `palabra logic train --avoid` reads them. */
async function readStopList(files: readonly string[]): Promise<StopList> {
  // Loaded when it is called: what trains comes with it.
  const { readLogicExamples } = await import('../../../../tasks/index.js');
  return new StopList((await readLogicExamples(files)).examples.map(({ input }) => input));
}

/** Shows the records that are made, and names the stages after them. */
function createDisplay(output: Output): (progress: DataProgress) => void {
  const stream = { isTTY: process.stderr.isTTY, write: output.err };
  let shown: { stage: string; progress: Progress } | undefined;
  return ({ stage, done, total }) => {
    if (shown?.stage !== stage) {
      shown?.progress.finish();
      shown = { stage, progress: new Progress({ total, label: stage, stream }) };
    }
    shown.progress.update(done);
  };
}

function describeStages(stages: readonly StageStatistics[], out: string): string {
  return formatColumns([
    ...stages.map(({ stage, output, durationMs, ...facts }): [string, string] => {
      const protocol = 'protocol' in facts ? ` ${String(facts.protocol)}` : '';
      return [`${stage}${protocol}`, `${formatInteger(output)} records in ${(durationMs / 1000).toFixed(1)} s`];
    }),
    ['folder', out],
  ]);
}
