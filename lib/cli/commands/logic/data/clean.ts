import { Command } from 'commander';
import { cleanRecords } from '../../../../logic/index.js';
import type { Output } from '../../../output.js';
import { readNumber, runStage } from './run-stage.js';
import type { StageFlags } from './run-stage.js';

interface Flags extends StageFlags {
  maxTrivialRatio?: number;
  keepNonContingent?: true;
  seed?: number;
}

/** `palabra logic clean FILE… --out FILE`. */
export function createCleanCommand(output: Output): Command {
  return new Command('clean')
    .description('Put records in order and remove those with a fault, each counted by its reason.')
    .argument('<files...>', 'records a line, or JSON objects with raw examples')
    .requiredOption('--out <file>', 'the records left; counts go to FILE.stats.json')
    .option('--rejects <file>', 'what was removed, with the reason')
    .option(
      '--max-trivial-ratio <share>',
      'the most of what is left with two atoms and one connective (0.4)',
      readNumber,
    )
    .option('--keep-non-contingent', 'keep formulas that are always true or never')
    .option('--seed <number>', 'draws which trivial ones stay (42)', readNumber)
    .option('--json', 'print the statistics as JSON')
    .addHelpText('after', '\nExample: palabra logic clean dataset.json --out clean.jsonl --rejects rejected.jsonl')
    .action(async (files: string[], { out, rejects, json, ...options }: Flags) => {
      const flags = { out, ...(rejects === undefined ? {} : { rejects }), ...(json === undefined ? {} : { json }) };
      await runStage(files, flags, output, (records) => cleanRecords(records, options));
    });
}
