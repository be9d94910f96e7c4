import { existsSync } from 'node:fs';
import { Command } from 'commander';
import { formatBytes, formatInteger, raise, show } from '../../../core/index.js';
import { prepare, prepareConfigSchema } from '../../../data/index.js';
import type { PairContamination, PrepareConfig, PrepareOptions, PreparedManifest } from '../../../data/index.js';
import { buildTokenizer } from '../../../text/index.js';
import type { TokenizerConfig } from '../../../text/index.js';
import { printResult, formatColumns, pluralize } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import { openTexts, reportMalformed, sourceSection } from '../../inputs/texts.js';
import type { Texts } from '../../inputs/texts.js';
import { withInterruption } from '../../interruption.js';
import type { Output } from '../../output.js';
import { ReadingProgress } from '../../reading-progress.js';
import { readSettings, withSettings } from '../../settings/settings.js';
import type { SettingsSection } from '../../settings/settings.js';
import { resolveTokenizerConfig, tokenizerSection } from '../../settings/tokenizer-settings.js';
import { getLearnedFrom, trainSplitTokenizer } from './split-tokenizer.js';

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
  validation?: string;
  test?: string;
}

/** `palabra prepare`: a text encoded once, for many trainings. */
export function createPrepareCommand(output: Output): Command {
  const command = new Command('prepare')
    .description('Clean, split and encode text once, for many trainings.')
    .argument('[files...]', 'files or patterns, as corpus/**/*.txt')
    .requiredOption('--out <folder>', 'the folder to make')
    .option('--validation <files>', 'a validation part of its own: a pattern, or a split of the hub dataset')
    .option('--test <files>', 'the same for the test part')
    .option('--replace', 'take the place of a folder that is there')
    .option('--json', 'print the manifest as JSON')
    .addHelpText('after', "\nExample: palabra prepare 'corpus/**/*.txt' --out data --tokenizer char")
    .action(async (files: string[], flags: Flags) => {
      const settings = await readSettings(prepareSections, { ...flags });
      const { out, replace = false, validation, test } = flags;
      const manifest = await prepareTexts(files, out, { ...settings, replace, heldOut: { validation, test } }, output);
      printResult(output, flags, manifest, () => describe(flags.out, manifest));
    });
  return withSettings(command, prepareSections);
}

/** Inputs of {@link prepareTexts}: sections of settings, unchecked. */
export interface PrepareWork {
  source?: unknown;
  tokenizer?: unknown;
  prepare?: unknown;
  replace: boolean;
  /** Patterns of files, or splits of a dataset of the hub, that are a part of their own. */
  heldOut?: { validation?: string | undefined; test?: string | undefined };
}

/** Trains or opens the tokenizer and writes a prepared folder. */
export async function prepareTexts(
  files: readonly string[],
  directory: string,
  { source: texts, tokenizer: settings, prepare: config, replace, heldOut = {} }: PrepareWork,
  output: Output,
): Promise<PreparedManifest> {
  if (!replace && existsSync(directory)) refuseExisting(directory);
  const source = await openTexts(files, texts);
  const own = {
    validation: await openHeldOut(heldOut.validation, texts),
    test: await openHeldOut(heldOut.test, texts),
  };
  const progress = new ReadingProgress({ isTTY: process.stderr.isTTY, write: output.err });
  try {
    return await withInterruption((signal) => {
      const tokenizer = chooseTokenizer(resolveTokenizerConfig(settings), config, source, { signal, tell: output.err });
      const shown = { onProgress: progress.update, onStage: progress.show };
      const work = { ...((config ?? {}) as PrepareConfig), directory, replace, heldOut: own, signal, ...shown };
      return tokenizer.then((chosen) => prepare(source, { ...work, tokenizer: chosen }));
    });
  } finally {
    progress.finish();
    for (const text of [source, own.validation, own.test]) if (text) reportMalformed(text, output);
  }
}

/** A tokenizer that needs no training part, or the function that trains one. */
async function chooseTokenizer(
  config: TokenizerConfig,
  prepareConfig: unknown,
  source: Texts,
  work: { signal: AbortSignal; tell: (text: string) => void },
): Promise<PrepareOptions['tokenizer']> {
  const uniform = (prepareConfig as PrepareConfig | undefined)?.preprocess === undefined;
  if (getLearnedFrom(config) === 'nothing') return await buildTokenizer(config, source, { signal: work.signal });
  if (getLearnedFrom(config) === 'all' && uniform) return await trainSplitTokenizer(config, source, source, work);
  return (training, whole) => trainSplitTokenizer(config, training, whole, work);
}

/** The texts of a held-out part, of the same kind as the others. */
async function openHeldOut(name: string | undefined, texts: unknown): Promise<Texts | undefined> {
  if (name === undefined) return undefined;
  const config = (texts ?? {}) as Record<string, unknown>;
  return config.type === 'huggingFace'
    ? await openTexts([], { ...config, split: name })
    : await openTexts([name], texts);
}

function refuseExisting(directory: string): never {
  raise('PAL_FILE', {
    where: 'palabra prepare',
    expected: 'a folder that does not exist',
    received: directory,
    fix: 'Choose another --out, or pass --replace.',
    details: { path: directory, code: 'EEXIST' },
  });
}

function describe(folder: string, manifest: PreparedManifest): string {
  const { source, tokenizer, splits, contamination } = manifest;
  const sizes = (['train', 'validation', 'test'] as const).flatMap((name) => {
    const split = splits[name];
    if (split === undefined) return [];
    return [[name, `${pluralize(split.tokens, 'token')} of ${pluralize(split.documents, 'document')}`] as const];
  });
  const shared = (contamination?.pairs ?? []).map(
    (pair) => [`${pair.heldOut} in ${pair.reference}`, describeShared(pair)] as const,
  );
  return formatColumns([
    ['text', `${pluralize(source.documents, 'document')}, ${formatBytes(source.bytes)}`],
    ['tokenizer', `${tokenizer.type}, ${pluralize(tokenizer.size, 'token')}`],
    ...sizes,
    ...shared,
    ...(isGlued(manifest) ? [GLUED] : []),
    ['folder', folder],
  ]);
}

/** Tells whether nothing tells a model where a document ends. */
function isGlued({ source, tokenizer, boundaries }: PreparedManifest): boolean {
  return source.documents > 1 && boundaries.separator === '' && ['byte', 'char'].includes(tokenizer.type);
}

/** Describes the passages that a split shares with another. */
function describeShared({ compared, exact, near, windows, examples: [first] }: PairContamination): string {
  if (exact + near + windows.duplicates === 0) return `nothing of ${pluralize(compared, 'passage')}`;
  const share = Number(((100 * windows.duplicates) / Math.max(1, windows.count)).toPrecision(2));
  const found = `${formatInteger(exact)} whole and ${formatInteger(near)} nearly of ${pluralize(compared, 'passage')}`;
  const example = first === undefined ? '' : `; as ${show(first.text)}`;
  return `${found}, ${share} % of runs as long as a sentence${example}`;
}
