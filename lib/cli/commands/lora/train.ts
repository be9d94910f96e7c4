import type { Command } from 'commander';
import { Option } from 'commander';
import { withInterruption } from '../../interruption.js';
import { openModel } from '../../inputs/model-folder.js';
import type { Output } from '../../output.js';
import { formatColumns, printResult } from '../../print-result.js';
import { formatExplained } from '../../settings/explain.js';
import { withSettings } from '../../settings/settings.js';
import { createStoreCommand } from './store-flag.js';
import type { StoreFlags } from './store-flag.js';
import { readRun, trainSections } from './train-settings.js';
import type { RunFlags } from './train-settings.js';
import { TrainingDisplay } from './training-display.js';

interface TrainFlags extends StoreFlags, RunFlags {
  data: string;
  explain?: boolean;
}

const EXIT_CODES = `
Exit codes: 0 promoted or nothing to do, 3 promoted without some file, 4 rejected by the quality gate, 1 it failed.
What was killed goes on where it was, by the same command.

Example: palabra lora train models/SmolLM2 --data data --adapter.r 16 --adapter.targetModules '["q_proj", "v_proj"]'`;

/** `palabra lora train`: improves the adapter of a store by the files of a folder that it has not seen. */
export function createTrainAdapterCommand(output: Output, end: (code: number) => void): Command {
  const command = createStoreCommand(
    'train',
    'Improve the current version by data that it has not seen, if a gate lets it.',
  )
    .argument('<model>', 'the folder of the base')
    .requiredOption('--data <folder>', 'files of instructions in JSON Lines')
    .option('--order <files...>', 'files that come first, in this order')
    .addOption(new Option('--mode <mode>', 'how files are mixed').choices(['mixed', 'sequential']))
    .option('--epochs <n>', 'passes over each file (default: 3)', Number)
    .option('--learning-rate <rate>', 'its peak (default: 2e-4)', Number)
    .option('--batch-size <n>', 'rows of an update (default: 16)', Number)
    .option('--accumulation <n>', 'micro-batches of an update (default: 8)', Number)
    .option('--length <n>', 'positions of a row (default: 512)', Number)
    .option('--seed <n>', 'draws first weights, orders and dropout (default: 0)', Number)
    .addOption(new Option('--precision <dtype>', 'of matrix products').choices(['float32', 'bfloat16']))
    .option('--regression-file <file>', 'general text on which it may not become worse')
    .option('--force', 'train what was trained before, too')
    .option('--promote-anyway', 'promote a version that the gate rejects, and record it')
    .option('--explain', 'train nothing: show every setting, its value and where that comes from')
    .addHelpText('after', EXIT_CODES)
    .action((folder: string, flags: TrainFlags) =>
      withInterruption(async (signal) => end(await train(folder, flags, signal, output))),
    );
  return withSettings(command, trainSections);
}

async function train(folder: string, flags: TrainFlags, signal: AbortSignal, output: Output): Promise<number> {
  const { options, explained } = await readRun(flags);
  if (flags.explain === true) {
    printResult(output, flags, explained, formatExplained);
    return 0;
  }
  // Loaded when it is called: the trainer comes with it.
  const { selectRunExitCode, trainAdapters } = await import('../../../tasks/index.js');
  using opened = await openModel(folder, output);
  const { model, tokenizer, chatTemplate: template } = opened;
  const { json = false, store } = flags;
  const display = new TrainingDisplay(output);
  const report = await trainAdapters({
    ...{ model, tokenizer, template, baseModel: folder, signal },
    ...options,
    store,
    onPlan: (plan) => display.showPlan(plan),
    onStage: (stage, steps) => display.showStage(stage, steps),
    onStep: (step) => display.showStep(step),
  }).finally(() => display.finish());
  printResult(output, { json }, report, ({ status, version, steps, reasons, datasets_trained: files, error }) => {
    const rows: [string, string][] = [
      ['status', status],
      ['version', version ?? 'none made'],
      ['steps', String(steps)],
      ...files.map((file): [string, string] => [
        file.dataset,
        file.error ?? `${file.status}, ${file.examples} examples`,
      ]),
      ...reasons.map((reason): [string, string] => ['against', reason]),
      ...(error === undefined ? [] : [['error', error] satisfies [string, string]]),
    ];
    return formatColumns(rows);
  });
  return selectRunExitCode(report.status);
}
