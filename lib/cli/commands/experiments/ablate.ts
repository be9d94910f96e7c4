import { join, resolve } from 'node:path';
import { Command } from 'commander';
import {
  ExperimentFolder,
  analyzeStudy,
  getJournalPath,
  parseStudy,
  readJournal,
  readPlan,
  renderStudy,
  runStudy,
} from '../../../experiments/index.js';
import type { JournalEntry, StudyConfig, StudyReport } from '../../../experiments/index.js';
import type { Output } from '../../output.js';
import { printResult } from '../../print-result.js';
import { readConfigFile } from '../../settings/config-file.js';
import {
  EXIT_INTERRUPTED,
  addLooks,
  formatEnd,
  formatStart,
  readBase,
  refuseUnfinished,
  toPlain,
  writeReports,
} from './experiment-command.js';
import type { ExperimentTools, RunFlags } from './experiment-command.js';
import { ExperimentData, resolveData } from './experiment-data.js';
import type { ExecuteCommand } from './experiment-data.js';
import { StudyTrainer } from './study-work.js';

/** `palabra ablate`: arms that differ in some settings, trained with the same seeds and compared in pairs. */
export function createAblateCommand(output: Output, end: (code: number) => void, execute: ExecuteCommand): Command {
  const ablate = new Command('ablate').description('Compare arms of a study with a baseline, seed by seed.');
  ablate
    .command('run')
    .description('Run a study, or go on with it; its file is registered by its hash before the first run.')
    .argument('<file>', 'arms, seeds and what decides, as YAML or JSON')
    .option('--out <folder>', 'the folder of the study. Default: runs/ and its name')
    .option('--json', 'print the report as JSON')
    .action(async (file: string, flags: RunFlags) => end(await run(file, flags, { output, execute })));
  addLooks(ablate, output, report, renderStudy);
  return ablate;
}

async function run(file: string, flags: RunFlags, { output, execute }: ExperimentTools): Promise<number> {
  const config = parseStudy(await readConfigFile(file)); // 1. what is to be compared
  const base = await readBase(file, config.base);
  const folder = resolve(flags.out ?? join('runs', config.name));
  using opened = await ExperimentFolder.open(folder, toPlain({ kind: 'study', config, base })); // 2. registered
  using data = new ExperimentData({ folder, data: resolveData(file, config.data), execute, output });
  const trainer = await StudyTrainer.create({ config, base, folder, data, execute, tell: output.err }); // 3. every arm fits
  const { journal } = opened;
  if (findParameters(journal.entries) === undefined) {
    journal.append({ type: 'counted', parameters: trainer.parameters });
  }
  const runs = await runStudy(config, {
    journal,
    execute: (leg) => trainer.run(leg),
    onStart: (leg, place) => output.err(formatStart(leg.stage, leg.run, place)),
    onEnd: (leg, ended) =>
      output.err(formatEnd(leg.stage, leg.run, ended, leg.work === 'test' ? config.primary : 'validation/loss')),
  }); // 4. every arm with each seed, then the test data
  if (runs === undefined) {
    output.err('stopped; go on with the same command\n');
    return EXIT_INTERRUPTED;
  }
  const found = analyzeStudy(config, runs, trainer.parameters); // 5. what came of it
  await writeReports(folder, found, renderStudy(found));
  printResult(output, flags, found, renderStudy);
  return 0;
}

/** The report of an ended study, made anew of its plan and journal. */
async function report(folder: string): Promise<StudyReport> {
  const { config } = readPlan(folder) as unknown as { config: StudyConfig };
  const entries = readJournal(getJournalPath(folder));
  const journal = { entries, append: () => undefined };
  const runs = await runStudy(config, { journal, execute: () => Promise.resolve({ status: 'interrupted' }) });
  return runs === undefined ? refuseUnfinished(folder, 'ablate') : analyzeStudy(config, runs, findParameters(entries));
}

/** Trainable values by arm, as a journal knows them. */
function findParameters(entries: readonly JournalEntry[]): Readonly<Record<string, number>> | undefined {
  return entries.find(({ type }) => type === 'counted')?.parameters as Readonly<Record<string, number>> | undefined;
}
