import { Command } from 'commander';
import { augmentRecords } from '../../../../logic/index.js';
import type { AugmentOptions } from '../../../../logic/index.js';
import type { Output } from '../../../output.js';
import { readNumber, runStage } from './run-stage.js';
import type { StageFlags } from './run-stage.js';

interface Flags extends StageFlags, AugmentOptions {}

/** `palabra logic augment FILE… --out FILE`. */
export function createAugmentCommand(output: Output): Command {
  return new Command('augment')
    .description('Make more records of clean ones: other words for connectives, other orders, two sentences as one.')
    .argument('<files...>', 'clean records')
    .requiredOption('--out <file>', 'all records, those that were made last; counts go to FILE.stats.json')
    .option('--max-per-example <number>', 'the most that are made of one record (2)', readNumber)
    .option(
      '--compositions <number>',
      'the most that are made of two, at most a tenth of the records (500)',
      readNumber,
    )
    .option('--rewrites', 'give sentences equivalent formulas too, so that one has several targets')
    .option('--seed <number>', 'draws what is made (42)', readNumber)
    .option('--json', 'print the statistics as JSON')
    .addHelpText('after', '\nExample: palabra logic augment clean.jsonl --out augmented.jsonl')
    .action(async (files: string[], { out, json, ...options }: Flags) => {
      const flags = { out, ...(json === undefined ? {} : { json }) };
      await runStage(files, flags, output, (records) => augmentRecords(records, options));
    });
}
