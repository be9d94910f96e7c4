import { Command } from 'commander';
import { diagnoseRun, selectExitCode, formatDiagnosis, sampleRun } from '../../../training/diagnostics/index.js';
import type { Diagnosis } from '../../../training/diagnostics/index.js';
import { importRecorded } from '../../inputs/run-imports.js';
import { printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import type { Output } from '../../output.js';

interface Flags extends JsonFlag {
  strict?: boolean;
  prompt?: string[];
}

/** `palabra diagnose`: what went wrong in a run, and what to do. */
export function createDiagnoseCommand(output: Output, end: (code: number) => void): Command {
  return new Command('diagnose')
    .description('Say what went wrong in a run, and what to do.')
    .argument('<run>', 'the folder of the run')
    .option('--strict', 'end with exit code 2 when something makes the run worthless')
    .option('--prompt <text...>', 'generate from these beginnings and judge the texts as well')
    .option('--json', 'print JSON')
    .action(async (run: string, flags: Flags) => {
      if (flags.prompt !== undefined) await importRecorded(run, output);
      const samples = flags.prompt === undefined ? [] : await sampleRun(run, flags.prompt, { seed: 0 });
      const found = await diagnoseRun(run, { samples });
      printResult(output, flags, found, describe);
      end(selectExitCode(found, { strict: flags.strict === true }));
    });
}

function describe(found: readonly Diagnosis[]): string {
  return found.length === 0 ? 'Nothing is wrong with this run.' : found.map(formatDiagnosis).join('\n\n');
}
