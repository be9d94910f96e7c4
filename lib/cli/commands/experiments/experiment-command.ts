import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { formatInteger, raise, writeFileAtomic } from '../../../core/index.js';
import { getJournalPath, readJournal } from '../../../experiments/index.js';
import type { LegEnd, LegPlace } from '../../../experiments/index.js';
import type { Output } from '../../output.js';
import { printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import { readConfigFile } from '../../settings/config-file.js';
import type { Settings } from '../../settings/config-file.js';
import { expectSections } from '../../settings/settings.js';
import { trainSections } from '../training/train-sections.js';
import type { ExecuteCommand } from './experiment-data.js';
import { formatStatus, summarizeJournal } from './journal-status.js';

/** Flags of the commands that run an experiment. */
export interface RunFlags extends JsonFlag {
  out?: string;
}

/** What an experiment needs of the command line. */
export interface ExperimentTools {
  output: Output;
  execute: ExecuteCommand;
}

/** The exit code of an end by Ctrl-C. */
export const EXIT_INTERRUPTED = 130;

/**
 * Gives a command `status` and `report`.
 * @param command - `sweep` or `ablate`
 * @param output - of the command
 * @param report - makes the report of a folder
 * @param render - the report as text
 */
export function addLooks<Report>(
  command: Command,
  output: Output,
  report: (folder: string) => Promise<Report>,
  render: (report: Report) => string,
): void {
  const add = (name: string, description: string, action: (folder: string, flags: JsonFlag) => unknown): void => {
    const look = command.command(name).description(description).argument('<folder>', 'the folder of the experiment');
    look
      .option('--json', 'print JSON')
      .action(async (folder: string, flags: JsonFlag) => void (await action(folder, flags)));
  };
  add('status', 'Show how far it is.', (folder, flags) =>
    printResult(output, flags, summarizeJournal(readJournal(getJournalPath(folder))), formatStatus),
  );
  add('report', 'Print the report of one that has ended.', async (folder, flags) =>
    printResult(output, flags, await report(folder), render),
  );
}

/**
 * The settings beneath all runs.
 * @param file - of the experiment, from whose folder a path is seen
 * @param base - a configuration file, or the settings
 * @returns an object a section
 * @throws ConfigError for a section that trainings do not know
 */
export async function readBase(file: string, base: string | Settings): Promise<Settings> {
  const settings = typeof base === 'string' ? await readConfigFile(resolve(file, '..', base)) : base;
  expectSections(trainSections, settings);
  return settings;
}

/** Writes a report into the folder of its experiment, as Markdown and JSON. */
export async function writeReports(folder: string, value: unknown, text: string): Promise<void> {
  await writeFileAtomic(join(folder, 'report.md'), text);
  await writeFileAtomic(join(folder, 'report.json'), `${JSON.stringify(value, null, 2)}\n`);
}

/** Plain data as a file gives it back. */
export function toPlain(value: unknown): Settings {
  return JSON.parse(JSON.stringify(value)) as Settings;
}

/**
 * A line for a leg that begins.
 * @param stage - of the leg
 * @param run - of the leg
 * @param place - among the legs of its stage
 * @param place.number - from 1
 * @param place.legs - of the stage
 * @returns one line
 */
export function formatStart(stage: string, run: string, { number, legs }: LegPlace): string {
  return `${stage}: run ${run} begins, ${formatInteger(number)} of ${formatInteger(legs)}\n`;
}

/**
 * A line for a leg that has ended.
 * @param stage - of the leg
 * @param run - of the leg
 * @param end - of the leg
 * @param figure - the name of the one that is shown
 * @returns one line
 */
export function formatEnd(stage: string, run: string, end: LegEnd, figure: string): string {
  const value = end.status === 'finished' ? end.figures[figure] : undefined;
  return `${stage}: run ${run}: ${value === undefined ? end.status : `${figure} ${value.toPrecision(5)}`}\n`;
}

/**
 * Refuses a report of what has not ended.
 * @param folder - of the experiment
 * @param command - that goes on with it
 * @throws PalabraError of code PAL_FILE always
 */
export function refuseUnfinished(folder: string, command: string): never {
  raise('PAL_FILE', {
    where: `palabra ${command} report`,
    expected: `${folder} to hold an experiment that has ended`,
    received: 'one with runs left',
    fix: `Go on with it: palabra ${command} run. How far it is: palabra ${command} status.`,
    details: { path: folder },
  });
}
