import { Command, Option } from 'commander';
import { parseConfig } from '../../core/index.js';
import type { SplitName } from '../../data/index.js';
import { evaluateModel, renderEvaluation } from '../../evaluation/index.js';
import { documentsFor } from '../inputs/documents.js';
import { openModel } from '../inputs/model-folder.js';
import { openingsFor } from '../inputs/prompts.js';
import { sourceSection } from '../inputs/texts.js';
import type { Output } from '../output.js';
import { writeReport } from '../report-files.js';
import type { ReportFlags } from '../report-files.js';
import { evaluationOptions, evaluationSection } from '../settings/evaluation-settings.js';
import { readSettings, withSettings } from '../settings/settings.js';

const sections = [evaluationSection, sourceSection];
const EXIT_MISSED = 1;

interface Flags extends ReportFlags {
  prompts?: string;
  split: SplitName;
}

/** `palabra evaluate`: perplexity, BLEU and what a model writes, on text it has not seen. */
export function evaluateCommand(output: Output, end: (code: number) => void): Command {
  const command = new Command('evaluate')
    .description("Measure a model on text files, or on a split of its run's data.")
    .argument('<model>', 'a model folder or a run folder')
    .argument('[files...]', 'files or patterns; the split of the run without them')
    .addOption(splitOption('test'))
    .option('--prompts <file>', 'openings to continue, one a line; ten of its own without it')
    .option('--out <folder>', 'write the report as JSON, CSV, text and a page')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: palabra evaluate runs/first --evaluation.metrics all --out report')
    .action(async (folder: string, files: string[], flags: Flags) => end(await run(folder, files, flags, output)));
  return withSettings(command, sections);
}

/** The split of a run. */
export function splitOption(value: SplitName): Option {
  return new Option('--split <name>', 'the split of the run').choices(['train', 'validation', 'test']).default(value);
}

async function run(folder: string, files: readonly string[], flags: Flags, output: Output): Promise<number> {
  const settings = await readSettings(sections, { ...flags });
  const checked = parseConfig('evaluate', evaluationSection.schema, settings.evaluation ?? {}, 'evaluation');
  using opened = await openModel(folder);
  const { documents, name } = await documentsFor(folder, opened, { ...flags, files, source: settings.source }, output);
  const prompts = await openingsFor([opened], documents, flags.prompts);
  const options = { ...evaluationOptions(checked), prompts, documents };
  const report = await evaluateModel(opened.model, opened.tokenizer, options);
  if (flags.json !== true) output.out(`Text: ${name}\n\n`);
  await writeReport('evaluation', (format) => renderEvaluation(report, format), flags, output);
  return report.passed ? 0 : EXIT_MISSED;
}
