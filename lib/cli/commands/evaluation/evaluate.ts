import { Command } from 'commander';
import { parseConfig } from '../../../core/index.js';
import type { SplitName } from '../../../data/index.js';
import { evaluateModel, renderEvaluation } from '../../../evaluation/index.js';
import { createSplitOption, readDocuments } from '../../inputs/documents.js';
import { openModel } from '../../inputs/model-folder.js';
import { readPrompts } from '../../inputs/prompts.js';
import { sourceSection } from '../../inputs/texts.js';
import type { Output } from '../../output.js';
import { writeReport } from '../../report-files.js';
import type { ReportFlags } from '../../report-files.js';
import { resolveEvaluationOptions, evaluationSection } from '../../settings/evaluation-settings.js';
import { readSettings, withSettings } from '../../settings/settings.js';

const sections = [evaluationSection, sourceSection];
const EXIT_MISSED = 1;

interface Flags extends ReportFlags {
  prompts?: string;
  split: SplitName;
}

/** `palabra evaluate`: perplexity, BLEU and what a model writes, on text it has not seen. */
export function createEvaluateCommand(output: Output, end: (code: number) => void): Command {
  const command = new Command('evaluate')
    .description("Measure a model on text files, or on a split of its run's data.")
    .argument('<model>', 'a model folder or a run folder')
    .argument('[files...]', 'files or patterns; the split of the run without them')
    .addOption(createSplitOption('test'))
    .option('--prompts <file>', 'prompts to continue, one a line; ten of its own without it')
    .option('--out <folder>', 'write the report as JSON, CSV, text and a page')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: palabra evaluate runs/first --evaluation.metrics all --out report')
    .action(async (folder: string, files: string[], flags: Flags) =>
      end(await evaluateFolder(folder, files, flags, output)),
    );
  return withSettings(command, sections);
}

async function evaluateFolder(folder: string, files: readonly string[], flags: Flags, output: Output): Promise<number> {
  const settings = await readSettings(sections, { ...flags });
  const checked = parseConfig('evaluate', evaluationSection.schema, settings.evaluation ?? {}, 'evaluation');
  using opened = await openModel(folder, output);
  const { documents, name } = await readDocuments(folder, opened, { ...flags, files, source: settings.source }, output);
  const prompts = await readPrompts([opened], documents, flags.prompts);
  const options = { ...resolveEvaluationOptions(checked), prompts, documents };
  const report = await evaluateModel(opened.model, opened.tokenizer, options);
  if (flags.json !== true) output.out(`Text: ${name}\n\n`);
  await writeReport('evaluation', (format) => renderEvaluation(report, format), flags, output);
  return report.passed ? 0 : EXIT_MISSED;
}
