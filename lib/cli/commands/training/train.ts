import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { formatCount, raise } from '../../../core/index.js';
import { computeDatasetStatistics, formatDatasetStatistics } from '../../../data/index.js';
import { manualSeed } from '../../../tensor/index.js';
import { Diagnostics, TensorBoard, Trainer } from '../../../training/index.js';
import type { TrainerConfigOptions } from '../../../training/config/index.js';
import { printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import { expectOwnShape, listPretrainedSettings, openPretrained } from '../../inputs/pretrained.js';
import type { OpenModel } from '../../inputs/model-folder.js';
import { listImported } from '../../import-modules.js';
import { writeRunData } from '../../inputs/run-data.js';
import type { RunData } from '../../inputs/run-data.js';
import { readRunFacts } from '../../inputs/run-facts.js';
import type { Output } from '../../output.js';
import { createModel } from '../../settings/model-settings.js';
import { trainPresets } from '../../settings/train-presets.js';
import { formatExplained } from '../../settings/explain.js';
import type { SettingsLayer } from '../../settings/layers.js';
import { mixSection } from '../../settings/mix-settings.js';
import { mergeLayers, readLayers, withSettings } from '../../settings/settings.js';
import { describeTraining, checkTraining } from '../../training-check.js';
import type { Assembly } from '../../training-check.js';
import { explainTraining } from './explain.js';
import { findRateWithProgress, formatFoundRate } from './find-rate.js';
import { findMinutes, measureTime } from './measure-time.js';
import { isReady, openData, withTemporaryData } from './open-data.js';
import type { TrainWork } from './open-data.js';
import { resolveTraining } from './resolve-training.js';
import { createShowOption } from './shown-figures.js';
import { addTrackingFlags, createTracking } from './tracking.js';
import type { TrackingFlags } from './tracking.js';
import { trainSections } from './train-sections.js';
import { STRICT, createUntilOption, trainWithProgress } from './train-with-progress.js';

const sections = [...trainSections, mixSection];

/** What holds where no bound is named. */
const DEFAULTS: SettingsLayer = { source: 'default', settings: { trainer: { epochs: 10 } } };
const EXIT_FAILED = 1;

const PRESET = new Option(
  '--preset <name>',
  'settings to start from; --config and other options win. `lstm` is the guided workflow for words',
).choices(Object.keys(trainPresets));

const FROM = new Option(
  '--from <model>',
  'go on from a model with its tokenizer: a model folder, a run, or a folder of Hugging Face',
).conflicts('preset');

interface Flags extends JsonFlag, TrackingFlags {
  run?: string;
  from?: string;
  findRate?: boolean;
  tensorboard: boolean;
  dryRun?: boolean;
  overfitOneBatch?: boolean;
  explain?: boolean;
  strict?: boolean;
  preset?: string;
  until?: number;
  show?: string[];
}

/** `palabra train`: from text files, or a prepared folder, to a run folder with an evaluated model. */
export function createTrainCommand(output: Output, end: (code: number) => void): Command {
  const command = new Command('train')
    .description('Train a language model on text files or on a folder of `palabra prepare`.')
    .argument('[data...]', 'files or patterns, as corpus/**/*.txt, or one prepared folder')
    .option('--run <folder>', 'the folder of the run: settings, metrics, checkpoints, model')
    .addOption(PRESET)
    .addOption(FROM)
    .option('--dry-run', 'train nothing: show layers and memory, pass random tokens, overfit one batch')
    .option('--overfit-one-batch', 'train nothing: overfit one batch')
    .option('--find-rate', 'train nothing: try rising learning rates and suggest one')
    .option('--explain', 'train nothing: show every setting, its value and where that comes from')
    .option('--strict', STRICT)
    .addOption(createUntilOption())
    .addOption(createShowOption())
    .option('--no-tensorboard', 'write no TensorBoard events')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', "\nExample: palabra train 'corpus/**/*.txt' --run runs/first --trainer.epochs 5");
  command.action(async (data: string[], flags: Flags) => {
    using start = flags.from === undefined ? undefined : await openPretrained(flags.from, output);
    const layers = await readLayers(sections, { ...flags }, [
      DEFAULTS,
      ...listPresetLayers(flags),
      ...listStart(start),
    ]);
    if (start !== undefined) for (const { source, settings } of layers) expectOwnShape(source, settings);
    const work = { data, settings: mergeLayers(sections, layers), start, output };
    if (flags.explain === true) await explain(work, flags, layers);
    else if (flags.findRate === true) await tryRates(work, flags);
    else if (flags.dryRun === true || flags.overfitOneBatch === true) end(await dryRun(work, flags));
    else end(await train(work, { ...flags, run: flags.run ?? throwMissingRun(command) }));
  });
  return withSettings(addTrackingFlags(command), sections);
}

function listPresetLayers({ preset }: Flags): SettingsLayer[] {
  return preset === undefined ? [] : [{ source: 'preset', detail: preset, settings: trainPresets[preset]! }];
}

/** What a model that a training goes on from brings along. */
function listStart(start: OpenModel | undefined): SettingsLayer[] {
  return start === undefined
    ? []
    : [{ source: 'preset', detail: start.folder, settings: listPretrainedSettings(start) }];
}

function throwMissingRun(command: Command): never {
  return command.error("error: required option '--run <folder>' not specified");
}

async function train(given: TrainWork, flags: Flags & { run: string }): Promise<number> {
  const { start, output } = given;
  expectFresh(flags.run);
  const { runData, folder } = await openData(given, flags.run); // 1. text to token files
  using data = runData;
  const { prepared } = data;
  const work = addLayers(given, await measureWhereTimed(given, data));
  const { settings } = work;
  const { config, model, sets } = assemble(work, runData); // 2. a model
  const parameters = model.parameterCount();
  output.err(
    `${formatDatasetStatistics(computeDatasetStatistics(sets.train, parameters))}, ${formatCount(parameters)} parameters in all\n`,
  );
  const diagnostics = new Diagnostics({ facts: readRunFacts(data) });
  const options = {
    ...config,
    model,
    tokenizer: prepared.tokenizer,
    chatTemplate: start?.chatTemplate,
    preprocess: prepared.manifest.preprocess,
    data: sets,
    runDirectory: flags.run,
    generation: settings.generation ?? {},
    imports: listImported().map(({ path }) => path),
    callbacks: [...(flags.tensorboard ? [new TensorBoard()] : []), ...createTracking(flags), diagnostics],
  };
  const trainer = new Trainer(options);
  await writeRunData(flags.run, folder, data);
  // 3. training
  const run = {
    folder: flags.run,
    prepared,
    diagnostics,
    json: flags.json === true,
    strict: flags.strict === true,
    until: flags.until,
    show: flags.show,
  };
  try {
    return await trainWithProgress(trainer, options, run, output);
  } finally {
    model.dispose();
  }
}

/** Goes all of the way to the first update, in a folder that is removed again. */
async function dryRun(work: TrainWork, flags: Flags): Promise<number> {
  const { output } = work;
  return await withTemporaryData(work, async (runData) => {
    const assembly = assemble(work, runData);
    const trial = await checkTraining(assembly, { alone: flags.dryRun !== true, log: output.err });
    assembly.model.dispose();
    printResult(output, flags, trial, describeTraining);
    return trial.passed ? 0 : EXIT_FAILED;
  });
}

/** Trains at rising rates, in a folder that is removed again. */
async function tryRates(work: TrainWork, flags: Flags): Promise<void> {
  await withTemporaryData(work, async (runData) => {
    const { config, model, sets: data } = assemble(work, runData);
    printResult(
      work.output,
      flags,
      await findRateWithProgress({ ...config, model, data }, work.output),
      formatFoundRate,
    );
    model.dispose();
  });
}

/** What the time allows, measured where it is all that bounds the training. */
async function measureWhereTimed(work: TrainWork, runData: RunData): Promise<SettingsLayer[]> {
  const minutes = findMinutes(work.settings);
  if (minutes === undefined) return [];
  const { config, model, sets: data } = assemble(work, runData);
  try {
    return [await measureTime({ ...config, model, data }, minutes, work.output)];
  } finally {
    if (work.start === undefined) model.dispose();
  }
}

function addLayers(work: TrainWork, added: readonly SettingsLayer[]): TrainWork {
  const given: SettingsLayer = { source: 'default', settings: work.settings };
  return { ...work, settings: mergeLayers(sections, [given, ...added]) };
}

/** Shows every setting, those that follow from the data among them. */
async function explain(work: TrainWork, flags: Flags, layers: readonly SettingsLayer[]): Promise<void> {
  const { data, output } = work;
  const files = isReady(work) ? undefined : data;
  await withTemporaryData(work, async (runData) => {
    const measured = await measureWhereTimed(work, runData);
    const { settings } = addLayers(work, measured);
    const resolved = resolveTraining(settings, runData);
    const rows = explainTraining({ sections, layers: [...layers, ...measured], settings, files, runData, resolved });
    printResult(output, flags, rows, formatExplained);
  });
}

/** The model and the batches that settings mean. */
function assemble({ settings, start }: TrainWork, runData: RunData): Assembly {
  const { sets, trainer, model } = resolveTraining(settings, runData);
  manualSeed(trainer.config.seed);
  return { config: settings.trainer as TrainerConfigOptions, model: start?.model ?? createModel(model), sets };
}

function expectFresh(run: string): void {
  if (!existsSync(join(run, 'checkpoints'))) return;
  raise('PAL_FILE', {
    where: 'palabra train',
    expected: `${run} without a run`,
    received: 'one with checkpoints',
    fix: `Go on with it: palabra resume ${run}, or choose another --run.`,
    details: { path: run, code: 'EEXIST' },
  });
}
