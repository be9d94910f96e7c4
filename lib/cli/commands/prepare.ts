import { Command } from 'commander';
import { formatBytes, formatInteger, show } from '../../core/index.js';
import { prepare, prepareConfigSchema } from '../../data/index.js';
import type { PairAudit, PrepareConfig, PreparedManifest } from '../../data/index.js';
import { buildTokenizer, learnedPreprocess, preprocessed } from '../../text/index.js';
import { answer, columns, countOf } from '../answer.js';
import type { JsonFlag } from '../answer.js';
import { openTexts, reportMalformed, sourceSection } from '../inputs/texts.js';
import { interruptibly } from '../interruption.js';
import type { Output } from '../output.js';
import { ReadingProgress } from '../reading-progress.js';
import { readSettings, withSettings } from '../settings/settings.js';
import type { SettingsSection } from '../settings/settings.js';
import { tokenizerConfigOf, tokenizerSection } from '../settings/tokenizer-settings.js';

/** Settings that turn text into token files. */
export const prepareSections: readonly SettingsSection[] = [
  sourceSection,
  tokenizerSection,
  { name: 'prepare', title: 'Preparation', schema: prepareConfigSchema },
];

const GLUED = ['note', 'nothing stands between documents: set --prepare.separator to part them'] as const;

interface Flags extends JsonFlag {
  out: string;
  replace?: boolean;
}

/** `palabra prepare`: a text encoded once, for many trainings. */
export function prepareCommand(output: Output): Command {
  const command = new Command('prepare')
    .description('Clean, split and encode text once, for many trainings.')
    .argument('[files...]', 'files or patterns, as corpus/**/*.txt')
    .requiredOption('--out <folder>', 'the folder to make')
    .option('--replace', 'take the place of a folder that is there')
    .option('--json', 'print the manifest as JSON')
    .addHelpText('after', "\nExample: palabra prepare 'corpus/**/*.txt' --out data --tokenizer char")
    .action(async (files: string[], flags: Flags) => {
      const settings = await readSettings(prepareSections, { ...flags });
      const manifest = await prepareTexts(files, flags.out, { ...settings, replace: flags.replace === true }, output);
      answer(output, flags, manifest, () => describe(flags.out, manifest));
    });
  return withSettings(command, prepareSections);
}

/** What {@link prepareTexts} goes by: sections of settings, unchecked. */
export interface PrepareWork {
  source?: unknown;
  tokenizer?: unknown;
  prepare?: unknown;
  replace: boolean;
}

/** Trains or opens the tokenizer and writes a prepared folder. */
export async function prepareTexts(
  files: readonly string[],
  directory: string,
  { source: texts, tokenizer: settings, prepare: config, replace }: PrepareWork,
  output: Output,
): Promise<PreparedManifest> {
  const source = await openTexts(files, texts);
  const { preprocess: asked, ...rest } = (config ?? {}) as PrepareConfig;
  const preprocess = asked && (await learnedPreprocess(source, asked));
  const uniform = preprocess === undefined ? source : preprocessed(source, preprocess);
  const tokenizer = await buildTokenizer(tokenizerConfigOf(settings), uniform);
  const options = { ...rest, ...(preprocess && { preprocess }), directory, tokenizer, replace };
  const progress = new ReadingProgress({ isTTY: process.stderr.isTTY, write: output.err });
  try {
    return await interruptibly((signal) => prepare(source, { ...options, signal, onProgress: progress.update }));
  } finally {
    progress.finish();
    reportMalformed(source, output);
  }
}

function describe(folder: string, manifest: PreparedManifest): string {
  const { source, tokenizer, parts, audit } = manifest;
  const sizes = (['train', 'validation', 'test'] as const).flatMap((name) => {
    const part = parts[name];
    if (part === undefined) return [];
    return [[name, `${countOf(part.tokens, 'token')} of ${countOf(part.documents, 'document')}`] as const];
  });
  const shared = (audit?.pairs ?? []).map(
    (pair) => [`${pair.heldOut} in ${pair.reference}`, sharedText(pair)] as const,
  );
  return columns([
    ['text', `${countOf(source.documents, 'document')}, ${formatBytes(source.bytes)}`],
    ['tokenizer', `${tokenizer.type}, ${countOf(tokenizer.size, 'token')}`],
    ...sizes,
    ...shared,
    ...(isGlued(manifest) ? [GLUED] : []),
    ['folder', folder],
  ]);
}

/** Whether nothing tells a model where a document ends. */
function isGlued({ source, tokenizer, boundaries }: PreparedManifest): boolean {
  return source.documents > 1 && boundaries.separator === '' && ['byte', 'char'].includes(tokenizer.type);
}

/** What a part says that another says too. */
function sharedText({ compared, exact, near, windows, examples: [first] }: PairAudit): string {
  if (exact + near + windows.duplicates === 0) return `nothing of ${countOf(compared, 'passage')}`;
  const share = Number(((100 * windows.duplicates) / Math.max(1, windows.count)).toPrecision(2));
  const found = `${formatInteger(exact)} whole and ${formatInteger(near)} nearly of ${countOf(compared, 'passage')}`;
  const example = first === undefined ? '' : `; as ${show(first.text)}`;
  return `${found}, ${share} % of runs as long as a sentence${example}`;
}
