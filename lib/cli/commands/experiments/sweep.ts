import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { formatInteger, isPlainSettings } from '../../../core/index.js';
import {
  ExperimentFolder,
  describeSweep,
  getJournalPath,
  parseSweep,
  planSweep,
  readJournal,
  readPlan,
  renderSweep,
  runSweep,
} from '../../../experiments/index.js';
import type { SweepConfig, SweepPlan, SweepReport } from '../../../experiments/index.js';
import type { Output } from '../../output.js';
import { printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import { readConfigFile } from '../../settings/config-file.js';
import type { Settings } from '../../settings/config-file.js';
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
import { SweepTrainer } from './sweep-work.js';
import { nestValues } from './trial-settings.js';

/** A sweep as its file says it. */
interface ReadSweep {
  config: SweepConfig;
  plan: SweepPlan;
  base: Settings;
}

/** `palabra sweep`: many trainings that differ in some settings, and which of them did best. */
export function createSweepCommand(output: Output, end: (code: number) => void, execute: ExecuteCommand): Command {
  const sweep = new Command('sweep').description('Search settings: grid, random or successive halving at one budget.');
  sweep
    .command('run')
    .description('Run a sweep, or go on with it; what is done is not done again.')
    .argument('<file>', 'what is searched, as YAML or JSON')
    .option('--out <folder>', 'the folder of the sweep. Default: runs/ and its name')
    .option('--json', 'print the report as JSON')
    .action(async (file: string, flags: RunFlags) => end(await run(file, flags, { output, execute })));
  sweep
    .command('plan')
    .description('Show the points and the budget of a sweep, and train nothing.')
    .argument('<file>', 'what is searched, as YAML or JSON')
    .option('--json', 'print JSON')
    .action(async (file: string, flags: JsonFlag) => printResult(output, flags, await readSweep(file), formatPlan));
  addLooks(sweep, output, report, renderSweep);
  return sweep;
}

async function run(file: string, flags: RunFlags, { output, execute }: ExperimentTools): Promise<number> {
  const { config, plan, base } = await readSweep(file); // 1. what is to be done
  const folder = resolve(flags.out ?? join('runs', config.name));
  const registered = toPlain({ kind: 'sweep', config, plan, base });
  using opened = await ExperimentFolder.open(folder, registered); // 2. the folder, its plan and its journal
  using data = new ExperimentData({ folder, data: resolveData(file, config.data), execute, output });
  const trainer = await SweepTrainer.create({ config, plan, base, folder, data, execute, tell: output.err }); // 3. every point fits
  const outcome = await runSweep(config, plan, {
    journal: opened.journal,
    execute: (leg) => trainer.run(leg),
    onStart: (leg, place) => output.err(formatStart(leg.stage, leg.run, place)),
    onEnd: (leg, ended) => output.err(formatEnd(leg.stage, leg.run, ended, config.metric.name)),
  }); // 4. stage after stage
  if (outcome === undefined) {
    output.err('stopped; go on with the same command\n');
    return EXIT_INTERRUPTED;
  }
  const found = describeSweep(config, plan, outcome, opened.journal.entries); // 5. what came of it
  await writeReports(folder, found, renderSweep(found));
  printResult(output, flags, found, renderSweep);
  return 0;
}

async function readSweep(file: string): Promise<ReadSweep> {
  const config = parseSweep(await readConfigFile(file));
  const base = await readBase(file, config.base);
  const { trainer } = base;
  const tokens = isPlainSettings(trainer) && typeof trainer.tokens === 'number' ? trainer.tokens : undefined;
  const plan = planSweep(config, tokens);
  for (const point of plan.points) nestValues(point, 'sweep');
  return { config, plan, base };
}

/** The report of an ended sweep, made anew of its plan and journal. */
async function report(folder: string): Promise<SweepReport> {
  const { config, plan } = readPlan(folder) as unknown as ReadSweep;
  const entries = readJournal(getJournalPath(folder));
  const journal = { entries, append: () => undefined };
  const outcome = await runSweep(config, plan, { journal, execute: () => Promise.resolve({ status: 'interrupted' }) });
  return outcome === undefined ? refuseUnfinished(folder, 'sweep') : describeSweep(config, plan, outcome, entries);
}

function formatPlan({ config, plan }: ReadSweep): string {
  const { confirm, tokens, points } = plan;
  const stages = plan.stages.map(
    (stage) =>
      `${stage.name}: ${stage.points} points × ${config.seeds.length} seeds, to ${formatInteger(stage.tokens)} tokens each`,
  );
  const again = confirm
    ? [
        `confirm: the best ${confirm.points} × ${confirm.seeds.length} fresh seeds, ${formatInteger(confirm.tokens)} tokens each`,
      ]
    : [];
  const spent = `${formatInteger(tokens)} tokens in all, of a budget of ${formatInteger(config.budget.tokens)}`;
  return [...stages, ...again, spent, '', ...points.map((point, i) => `${i + 1}: ${JSON.stringify(point)}`)].join('\n');
}
