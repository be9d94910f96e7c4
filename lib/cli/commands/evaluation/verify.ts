import { Command } from 'commander';
import { deferSchema, parseConfig } from '../../../core/index.js';
import type { TokenBatch } from '../../../data/index.js';
import { verify } from '../../../evaluation/index.js';
import type { VerifyReport } from '../../../evaluation/index.js';
import type { LanguageModel } from '../../../models/interface/index.js';
import { printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import { isRun, openModel, resolveRunFolder } from '../../inputs/model-folder.js';
import { readRunData, buildTrainerData } from '../../inputs/run-data.js';
import type { Output } from '../../output.js';
import { readSettings, withSettings } from '../../settings/settings.js';

const schema = deferSchema((z) =>
  z.strictObject({
    length: z.int().min(2).exactOptional().describe('Tokens of a sequence. Default: 16.'),
    noiseSteps: z.int().min(0).default(100).describe('Training steps of the noise control; 0 leaves it out.'),
    learningRate: z.number().gt(0).default(0.01).describe('Step size of the noise control.'),
    seed: z.int().min(0).default(0).describe('Which random sequences are tried.'),
  }),
);
const sections = [{ name: '', title: 'How much is tried', schema }];
const EXIT_FAILED = 1;

/** `palabra verify`: whether a model's loss can be trusted. */
export function createVerifyCommand(output: Output, end: (code: number) => void): Command {
  const command = new Command('verify')
    .description(
      'Check that a model sees no later tokens, no other rows and no other documents; exit code 1 if it does.',
    )
    .argument('<model>', 'a model folder or a run folder')
    .option('--json', 'print JSON')
    .action(async (folder: string, flags: JsonFlag) => {
      const options = parseConfig('verify', schema, await readSettings(sections, { ...flags }));
      using opened = await openModel(folder, output);
      const { model } = opened;
      const report = await verify(model, { ...options, ...(await readBatch(folder, model)) });
      printResult(output, flags, report, describe);
      if (!report.passed) end(EXIT_FAILED);
    });
  return withSettings(command, sections);
}

/** A batch that the run of the model trains on. */
async function readBatch(folder: string, model: LanguageModel): Promise<{ rows?: TokenBatch }> {
  const run = resolveRunFolder(folder);
  if (!isRun(run)) return {};
  using data = await readRunData(run);
  const { train } = buildTrainerData(model.config.contextLength, data);
  for (const rows of train.batches({ batchSize: 4, order: 'shuffled' })) return { rows };
  return {};
}

function describe({ passed, checks }: VerifyReport): string {
  const lines = checks.map(({ name, verdict, explanation }) => `${verdict.padEnd(8)} ${name}: ${explanation}`);
  return [...lines, passed ? 'Nothing speaks against this model.' : 'A loss of this model means nothing.'].join('\n');
}
