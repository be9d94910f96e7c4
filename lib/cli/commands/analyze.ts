import { Command } from 'commander';
import { writeFileAtomic } from '../../core/index.js';
import { analysisHtml, analysisOptionsSchema, analysisText, analyzeCorpus } from '../../text/index.js';
import type { AnalysisOptions } from '../../text/index.js';
import { answer } from '../answer.js';
import type { JsonFlag } from '../answer.js';
import { addTextOptions, malformedNote, openTexts } from '../inputs/texts.js';
import type { TextFlags } from '../inputs/texts.js';
import type { Output } from '../output.js';
import { readSettings, withSettings } from '../settings/settings.js';

const sections = [{ name: '', title: 'Analysis', schema: analysisOptionsSchema }];

interface Flags extends TextFlags, JsonFlag {
  html?: string;
}

/** `palabra analyze`: what a corpus is like, before a model is trained on it. */
export function analyzeCommand(output: Output): Command {
  const command = new Command('analyze')
    .description('Say what a corpus is like, and what to choose for it.')
    .argument('<files...>', 'files or patterns, as corpus/**/*.txt')
    .option('--html <file>', 'write a page with pictures as well')
    .option('--json', 'print JSON')
    .action((files: string[], flags: Flags) => analyze(files, flags, output));
  return withSettings(addTextOptions(command), sections);
}

async function analyze(files: readonly string[], flags: Flags, output: Output): Promise<void> {
  const options = (await readSettings(sections, { ...flags })) as AnalysisOptions;
  const source = openTexts(files, flags);
  const analysis = await analyzeCorpus(source, options);
  const note = malformedNote(source);
  if (note !== undefined) output.err(`${note}\n`);
  if (flags.html !== undefined) await writeFileAtomic(flags.html, analysisHtml(analysis));
  answer(output, flags, analysis, analysisText);
}
