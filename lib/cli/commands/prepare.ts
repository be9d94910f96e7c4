import { Command } from 'commander';
import { formatBytes, formatInteger } from '../../core/index.js';
import { prepare, prepareConfigSchema } from '../../data/index.js';
import type { PrepareConfig, PreparedManifest } from '../../data/index.js';
import { buildTokenizer, tokenizerConfigSchema } from '../../text/index.js';
import type { Tokenizer, TokenizerConfig } from '../../text/index.js';
import { answer, columns } from '../answer.js';
import type { JsonFlag } from '../answer.js';
import { addTextOptions, malformedNote, openTexts } from '../inputs/texts.js';
import type { TextFlags } from '../inputs/texts.js';
import type { Output } from '../output.js';
import { readSettings, withSettings } from '../settings/settings.js';
import type { SettingsSection } from '../settings/settings.js';

/** Settings that turn text into token files. */
export const prepareSections: readonly SettingsSection[] = [
  { name: 'tokenizer', title: 'Tokenizer', schema: tokenizerConfigSchema },
  { name: 'prepare', title: 'Preparation', schema: prepareConfigSchema },
];

interface Flags extends TextFlags, JsonFlag {
  out: string;
  replace?: boolean;
}

/** `palabra prepare`: a text encoded once, for many trainings. */
export function prepareCommand(output: Output): Command {
  const command = new Command('prepare')
    .description('Clean, split and encode text once, for many trainings.')
    .argument('<files...>', 'files or patterns, as corpus/**/*.txt')
    .requiredOption('--out <folder>', 'the folder to make')
    .option('--replace', 'take the place of a folder that is there')
    .option('--json', 'print the manifest as JSON')
    .addHelpText('after', "\nExample: palabra prepare 'corpus/**/*.txt' --out data --tokenizer char")
    .action(async (files: string[], flags: Flags) => {
      const settings = await readSettings(prepareSections, { ...flags });
      const manifest = await prepareTexts(files, flags.out, { ...settings, flags }, output);
      answer(output, flags, manifest, () => describe(flags.out, manifest));
    });
  return withSettings(addTextOptions(command), prepareSections);
}

/** What {@link prepareTexts} goes by. */
export interface PrepareWork {
  tokenizer?: unknown;
  prepare?: unknown;
  flags: TextFlags & { replace?: boolean };
}

/** Trains or opens the tokenizer and writes a prepared folder. */
export async function prepareTexts(
  files: readonly string[],
  directory: string,
  { tokenizer: settings, prepare: config, flags }: PrepareWork,
  output: Output,
): Promise<PreparedManifest> {
  const source = openTexts(files, flags);
  const tokenizer: Tokenizer = await buildTokenizer((settings ?? { type: 'bpe' }) as TokenizerConfig, source);
  const replace = flags.replace === true;
  const manifest = await prepare(source, { ...(config as PrepareConfig), directory, tokenizer, replace });
  const note = malformedNote(source);
  if (note !== undefined) output.err(`${note}\n`);
  return manifest;
}

function describe(folder: string, { source, tokenizer, parts }: PreparedManifest): string {
  const sizes = (['train', 'validation', 'test'] as const).flatMap((name) => {
    const part = parts[name];
    if (part === undefined) return [];
    return [[name, `${formatInteger(part.tokens)} tokens of ${formatInteger(part.documents)} documents`] as const];
  });
  return columns([
    ['text', `${formatInteger(source.documents)} documents, ${formatBytes(source.bytes)}`],
    ['tokenizer', `${tokenizer.type}, ${formatInteger(tokenizer.size)} tokens`],
    ...sizes,
    ['folder', folder],
  ]);
}
