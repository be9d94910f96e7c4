import { Command } from 'commander';
import { createParent, writeFileAtomic } from '../../../core/index.js';
import {
  renderAnalysisHtml,
  analysisOptionsSchema,
  formatAnalysis,
  analyzeCorpus,
  countReferenceWords,
} from '../../../text/index.js';
import type { AnalysisOptions } from '../../../text/index.js';
import { printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import { openTexts, reportMalformed, sourceSection } from '../../inputs/texts.js';
import type { Output } from '../../output.js';
import { readSettings, withSettings } from '../../settings/settings.js';

const sections = [{ name: 'analysis', title: 'Analysis', schema: analysisOptionsSchema }, sourceSection];

interface Flags extends JsonFlag {
  reference?: string;
  html?: string;
}

/** `palabra analyze`: what a corpus is like, before a model is trained on it. */
export function createAnalyzeCommand(output: Output): Command {
  const command = new Command('analyze')
    .description('Say what a corpus is like, and what to choose for it.')
    .argument('[files...]', 'files or patterns, as corpus/**/*.txt')
    .option(
      '--reference <files>',
      'list the terms that tell the text from others: a pattern of texts, or of lists with a word and its count a line',
    )
    .option('--html <file>', 'write a page with pictures as well')
    .option('--json', 'print JSON')
    .action((files: string[], flags: Flags) => analyze(files, flags, output));
  return withSettings(command, sections);
}

async function analyze(files: readonly string[], flags: Flags, output: Output): Promise<void> {
  const settings = await readSettings(sections, { ...flags });
  if (flags.html !== undefined) await createParent('--html', flags.html);
  const source = await openTexts(files, settings.source);
  const analysis = await analyzeCorpus(source, {
    ...(settings.analysis as AnalysisOptions | undefined),
    ...(flags.reference !== undefined && { reference: await countReferenceWords(await openTexts([flags.reference])) }),
  });
  reportMalformed(source, output);
  if (flags.html !== undefined) await writeFileAtomic(flags.html, renderAnalysisHtml(analysis));
  printResult(output, flags, analysis, formatAnalysis);
}
