import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Command } from 'commander';
import { deferSchema, throwFileError } from '../../../core/index.js';
import { evaluateDataset, renderValidation, validateModel } from '../../../evaluation/index.js';
import type { LanguageModel } from '../../../models/interface/index.js';
import { readModelEvaluation } from '../../../training/index.js';
import { readRunRecord } from '../../../training/diagnostics/index.js';
import type { RunRecord } from '../../../training/diagnostics/index.js';
import { readRunDocuments } from '../../inputs/documents.js';
import { openModel, resolveModelFolder, resolveRunFolder } from '../../inputs/model-folder.js';
import { readPrompts } from '../../inputs/prompts.js';
import { findDecidingSet, hasSplit, readRunData, buildTrainerData } from '../../inputs/run-data.js';
import { getLossHistory } from '../../inputs/run-history.js';
import type { Output } from '../../output.js';
import { writeReport } from '../../report-files.js';
import type { ReportFlags } from '../../report-files.js';
import { readSettings, withSettings } from '../../settings/settings.js';
import type { SettingsSection } from '../../settings/settings.js';

const goalsSection: SettingsSection = {
  name: '',
  title: 'Goals',
  schema: deferSchema((z) =>
    z.strictObject({
      perplexityGoal: z.number().gt(1).exactOptional().describe('The highest validation perplexity that will do.'),
      repetitionGoal: z.number().min(0).max(1).exactOptional().describe('The highest share of repeated trigrams.'),
    }),
  ),
};

const EXIT_FAILED = 1;

/** `palabra validate`: whether the model of a run is what its record says, and good enough. */
export function createValidateCommand(output: Output, end: (code: number) => void): Command {
  const command = new Command('validate')
    .description(
      "Recompute a run's perplexity, let its model write, and go through a checklist; exit code 1 if it fails.",
    )
    .argument('<run>', 'the folder of the run, or of one of its checkpoints')
    .option('--out <folder>', 'write the report as JSON, CSV, text and a page')
    .option('--json', 'print JSON')
    .action(async (run: string, flags: ReportFlags) => end(await validate(run, flags, output)));
  return withSettings(command, [goalsSection]);
}

async function validate(path: string, flags: ReportFlags, output: Output): Promise<number> {
  const goals = await readSettings([goalsSection], { ...flags });
  const run = resolveRunFolder(path);
  const record = await readRunRecord(run);
  using opened = await openModel(path, output);
  const { model, tokenizer } = opened;
  const validation = (await readRunDocuments(run, 'validation')).documents;
  const test = (await hasSplit(run, 'test')) ? (await readRunDocuments(run, 'test')).documents : undefined;
  const history = getLossHistory(record);
  const stored = await readStoredLoss(path, record);
  const report = await validateModel(model, tokenizer, {
    ...goals,
    ...{ validation, ...(test && { test }), prompts: await readPrompts([opened], validation, undefined) },
    ...(stored !== undefined && { stored: Math.exp(stored), recomputed: await recomputePerplexity(run, model) }),
    ...(history.validation.length > 0 && { history }),
    siblings: await listCheckpoints(run),
  });
  await writeReport('validation', (format) => renderValidation(report, format), flags, output);
  return report.passed ? 0 : EXIT_FAILED;
}

/** The loss written down with a checkpoint, or with its model, or the lowest of its run; undefined where there was no evaluation. */
async function readStoredLoss(path: string, { history }: RunRecord): Promise<number | undefined> {
  if (existsSync(join(path, 'manifest.json'))) return (await readLoss(dirname(path), basename(path))).loss;
  const found = await readModelEvaluation(resolveModelFolder(path));
  if (found !== undefined) return found.loss;
  return [...history.evaluations].sort((a, b) => a.loss - b.loss)[0]?.loss;
}

/** The perplexity on the validation split, measured as the trainer does. */
async function recomputePerplexity(run: string, model: LanguageModel): Promise<number> {
  using data = await readRunData(run);
  const validation = findDecidingSet(buildTrainerData(model.config.contextLength, data));
  return validation ? Math.exp((await evaluateDataset(model, validation)).loss) : NaN;
}

/** The checkpoints of a run with the perplexity they were stored with. */
async function listCheckpoints(run: string): Promise<{ name: string; perplexity: number }[]> {
  const folder = join(run, 'checkpoints');
  const names = await readdir(folder).catch((error: unknown) => throwFileError('palabra', folder, error));
  const found = await Promise.all(
    names.filter((name) => name.startsWith('step-')).map((name) => readLoss(folder, name)),
  );
  return found.flatMap(({ name, loss }) => (loss === undefined ? [] : [{ name, perplexity: Math.exp(loss) }]));
}

async function readLoss(folder: string, name: string): Promise<{ name: string; loss: number | undefined }> {
  const path = join(folder, name, 'manifest.json');
  const text = await readFile(path, 'utf8').catch((error: unknown) => throwFileError('palabra', path, error));
  const { loss } = JSON.parse(text) as { loss?: number | null };
  return { name: basename(name), loss: loss ?? undefined };
}
