import { Command } from 'commander';
import { parseConfig } from '../../core/index.js';
import type { SplitPart } from '../../data/index.js';
import { compareModels, renderComparison } from '../../evaluation/index.js';
import type { ComparedModel } from '../../evaluation/index.js';
import { documentsFor } from '../inputs/documents.js';
import { openModel } from '../inputs/model-folder.js';
import { sourceSection } from '../inputs/texts.js';
import type { Output } from '../output.js';
import { writeReport } from '../report-files.js';
import type { ReportFlags } from '../report-files.js';
import { evaluationOptions, evaluationSection } from '../settings/evaluation-settings.js';
import { readSettings, withSettings } from '../settings/settings.js';
import { splitOption } from './evaluate.js';

const sections = [evaluationSection, sourceSection];

interface Flags extends ReportFlags {
  text: string[];
  split: SplitPart;
}

/** `palabra compare`: models side by side on the same text, with tests of their differences. */
export function compareCommand(output: Output): Command {
  const command = new Command('compare')
    .description("Compare models on the same text: files, or a split of the first one's run.")
    .argument('<models...>', 'two or more model folders or run folders')
    .option('--text <files...>', 'files or patterns; the split of the first run without them', [])
    .addOption(splitOption('test'))
    .option('--out <folder>', 'write the report as JSON, CSV, text and a page')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample: palabra compare runs/lstm runs/gpt --text corpus/test.txt --out report')
    .action((folders: string[], flags: Flags) => run(folders, flags, output));
  return withSettings(command, sections);
}

async function run(folders: readonly string[], flags: Flags, output: Output): Promise<void> {
  const settings = await readSettings(sections, { ...flags });
  const checked = parseConfig('compare', evaluationSection.schema, settings.evaluation ?? {}, 'evaluation');
  const opened = await Promise.all(folders.map(openModel));
  const request = { ...flags, files: flags.text, source: settings.source };
  const { documents } = await documentsFor(folders[0]!, opened[0]!, request, output);
  const { goals: _, ...options } = evaluationOptions(checked);
  const models = opened.map(({ model, tokenizer }, i): ComparedModel => ({ name: folders[i]!, model, tokenizer }));
  const one = documents.length === 1 ? documents[0]! : documents;
  const comparison = await compareModels(models, { ...options, documents: one });
  for (const { model } of opened) model.dispose();
  await writeReport('comparison', (format) => renderComparison(comparison, format), flags, output);
}
