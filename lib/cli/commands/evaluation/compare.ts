import { Command } from 'commander';
import { parseConfig, raise, show } from '../../../core/index.js';
import type { SplitName } from '../../../data/index.js';
import { compareModels, splitBlocks, renderComparison, getText } from '../../../evaluation/index.js';
import type { CompareModelsOptions, ComparedModel, ScoredDocument } from '../../../evaluation/index.js';
import { readDocuments, createSplitOption } from '../../inputs/documents.js';
import { findUnknownToken } from '../../../text/index.js';
import type { Tokenizer } from '../../../text/index.js';
import { openModel } from '../../inputs/model-folder.js';
import type { OpenModel } from '../../inputs/model-folder.js';
import { findModels } from '../../inputs/model-folders.js';
import type { FoundModel } from '../../inputs/model-folders.js';
import { readPrompts } from '../../inputs/prompts.js';
import { sourceSection } from '../../inputs/texts.js';
import type { Output } from '../../output.js';
import { writeReport } from '../../report-files.js';
import type { ReportFlags } from '../../report-files.js';
import { resolveEvaluationOptions, evaluationSection } from '../../settings/evaluation-settings.js';
import { readSettings, withSettings } from '../../settings/settings.js';

const sections = [{ ...evaluationSection, without: ['goals'] }, sourceSection];

interface Flags extends ReportFlags {
  prompts?: string;
  pictures: boolean;
  text: string[];
  split: SplitName;
}

/** `palabra compare`: models side by side on the same text, with tests of their differences. */
export function createCompareCommand(output: Output): Command {
  const command = new Command('compare')
    .description("Compare models on the same text: files, or a split of the first one's run.")
    .argument('<models...>', 'two or more model folders, run folders, or folders of them, as runs/first/checkpoints')
    .option('--text <files...>', 'files or patterns; the split of the first run without them', [])
    .addOption(createSplitOption('test'))
    .option('--prompts <file>', 'prompts to continue, one a line; ten of its own without it')
    .option('--no-pictures', 'leave the pictures out of the page')
    .option('--out <folder>', 'write the report as JSON, CSV, text and a page')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: palabra compare runs/lstm runs/gpt --text corpus/test.txt --out report')
    .action((folders: string[], flags: Flags) => compareFolders(folders, flags, output));
  return withSettings(command, sections);
}

async function compareFolders(paths: readonly string[], flags: Flags, output: Output): Promise<void> {
  const settings = await readSettings(sections, { ...flags });
  const checked = parseConfig('compare', evaluationSection.schema, settings.evaluation ?? {}, 'evaluation');
  expectNoGoals(checked);
  const found = await findModels(paths);
  const opened: OpenModel[] = [];
  try {
    for (const { path } of found) opened.push(await openModel(path, output));
    const request = { ...flags, files: flags.text, source: settings.source };
    const { documents } = await readDocuments(found[0]!.path, opened[0]!, request, output);
    const prompts = await readPrompts(opened, documents, flags.prompts);
    const { goals: _, ...options } = resolveEvaluationOptions(checked);
    const models = opened.map((model, i) => createComparedModel(model, found[i]!));
    const comparison = await compareModels(models, {
      ...options,
      prompts,
      documents: selectDocuments(documents, opened),
    });
    const { pictures } = flags;
    await writeReport('comparison', (format) => renderComparison(comparison, format, { pictures }), flags, output);
  } finally {
    for (const model of opened) model[Symbol.dispose]();
  }
}

function createComparedModel({ model, tokenizer }: OpenModel, { name, epoch }: FoundModel): ComparedModel {
  return { name, model, tokenizer, ...(epoch !== undefined && { epoch: Number(epoch.toFixed(3)) }) };
}

/** A file of settings may hold what the command line doesn't offer. */
function expectNoGoals({ goals }: { goals: object }): void {
  if (Object.keys(goals).length === 0) return;
  const fix = 'Hold each model against goals by palabra evaluate.';
  raise('PAL_CONFIG', { where: 'compare', expected: 'settings without evaluation.goals', received: show(goals), fix });
}

/** Documents that all models can read: as ids where they have one tokenizer, else as texts; a single one in blocks. */
function selectDocuments(
  documents: readonly ScoredDocument[],
  models: readonly OpenModel[],
): CompareModelsOptions['documents'] {
  const [first, ...others] = models.map(({ tokenizer }) => JSON.stringify(tokenizer.toJSON()));
  const { tokenizer } = models[0]!;
  if (others.some((other) => other !== first)) return convertToTexts(documents, tokenizer);
  const [one] = documents;
  if (documents.length !== 1 || one === undefined) return documents;
  return typeof one === 'string' ? one : splitBlocks(one, tokenizer);
}

function convertToTexts(documents: readonly ScoredDocument[], tokenizer: Tokenizer): string[] | string {
  const unknown = findUnknownToken(tokenizer);
  const lost = documents.some((one) => typeof one !== 'string' && Array.from(one.ids).some((id) => id === unknown));
  if (lost) refuseLost();
  const texts = documents.map(getText);
  return texts.length === 1 ? texts[0]! : texts;
}

function refuseLost(): never {
  const fix = 'Name text files by --text.';
  const received = 'the tokens of the first run, with words that its vocabulary has not';
  raise('PAL_DATA', { where: 'palabra compare', expected: 'a text for models of several tokenizers', received, fix });
}
