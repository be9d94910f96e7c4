import { Command } from 'commander';
import { verify } from '../../evaluation/index.js';
import type { VerifyReport } from '../../evaluation/index.js';
import { answer } from '../answer.js';
import type { JsonFlag } from '../answer.js';
import { openModel } from '../inputs/model-folder.js';
import type { Output } from '../output.js';

const EXIT_FAILED = 1;

/** `palabra verify`: whether a model's loss can be trusted. */
export function verifyCommand(output: Output, end: (code: number) => void): Command {
  return new Command('verify')
    .description(
      'Check that a model sees no later tokens, no other rows and no other documents; exit code 1 if it does.',
    )
    .argument('<model>', 'a model folder or a run folder')
    .option('--json', 'print JSON')
    .action(async (folder: string, flags: JsonFlag) => {
      const { model } = await openModel(folder);
      const report = verify(model);
      model.dispose();
      answer(output, flags, report, describe);
      if (!report.passed) end(EXIT_FAILED);
    });
}

function describe({ passed, checks }: VerifyReport): string {
  const lines = checks.map(({ name, verdict, explanation }) => `${verdict.padEnd(8)} ${name}: ${explanation}`);
  return [...lines, passed ? 'Nothing speaks against this model.' : 'A loss of this model means nothing.'].join('\n');
}
