import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { buildModel } from '../../../models/index.js';
import { Diagnostics, TensorBoard, Trainer, readRunConfig } from '../../../training/index.js';
import type { TrainerConfigOptions } from '../../../training/config/index.js';
import type { JsonFlag } from '../../print-result.js';
import { readRunData, buildTrainerData } from '../../inputs/run-data.js';
import { readRunFacts } from '../../inputs/run-facts.js';
import { importRecorded } from '../../inputs/run-imports.js';
import { listImported } from '../../import-modules.js';
import type { Output } from '../../output.js';
import { readSettings, withSettings } from '../../settings/settings.js';
import { createShowOption } from './shown-figures.js';
import { addTrackingFlags, resumeTracking } from './tracking.js';
import type { TrackingFlags } from './tracking.js';
import { trainerSection } from './train-sections.js';
import { trainWithProgress, STRICT, createUntilOption } from './train-with-progress.js';

interface Flags extends JsonFlag, TrackingFlags {
  strict?: boolean;
  allowOtherData?: boolean;
  until?: number;
  show?: string[];
}

const sections = [trainerSection];

/** `palabra resume`: goes on where a run was stopped or broke off. */
export function createResumeCommand(output: Output, end: (code: number) => void): Command {
  const command = new Command('resume')
    .description('Go on with a run where it was stopped or broke off, to the same weights bit by bit.')
    .argument('<run>', 'the folder of the run')
    .option('--strict', STRICT)
    .addOption(createUntilOption())
    .addOption(createShowOption())
    .option('--allow-other-data', 'go on with other data, which begin anew, or another tokenizer')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nA larger budget lengthens a run: palabra resume runs/first --trainer.epochs 20')
    .action(async (run: string, flags: Flags) => end(await resume(run, flags, output)));
  return withSettings(addTrackingFlags(command), sections);
}

async function resume(run: string, flags: Flags, output: Output): Promise<number> {
  const { trainer: settings } = await readSettings(sections, { ...flags });
  using runData = await readRunData(run);
  const { prepared } = runData;
  await importRecorded(run, output);
  const { model: stored } = await readRunConfig(run);
  const model = buildModel(stored.kind, stored.config);
  const diagnostics = new Diagnostics({ facts: readRunFacts(runData) });
  const imports = listImported().map(({ path }) => path);
  const events = existsSync(join(run, 'tensorboard')) ? [new TensorBoard()] : [];
  const options = {
    ...((settings ?? {}) as TrainerConfigOptions),
    model,
    tokenizer: prepared.tokenizer,
    preprocess: prepared.manifest.preprocess,
    data: buildTrainerData(model.config.contextLength, runData),
    callbacks: [...events, ...(await resumeTracking(run, flags)), diagnostics],
    ...(imports.length > 0 && { imports }),
    runDirectory: run,
    allowOtherData: flags.allowOtherData === true,
  };
  const trainer = await Trainer.resume(run, options);
  const followed = {
    folder: run,
    prepared,
    diagnostics,
    json: flags.json === true,
    strict: flags.strict === true,
    until: flags.until,
    show: flags.show,
  };
  try {
    return await trainWithProgress(trainer, options, followed, output);
  } finally {
    model.dispose();
  }
}
