import { raise } from '../../core/index.js';
import { openSource, sourceConfigSchema } from '../../data/index.js';
import type { FileSource, HubDataset, SourceConfig } from '../../data/index.js';
import { pluralize } from '../print-result.js';
import type { Output } from '../output.js';
import type { SettingsSection } from '../settings/settings.js';

/** The source of a command's text; its files are the command's arguments. */
export const sourceSection: SettingsSection = {
  name: 'source',
  title: 'Text',
  schema: sourceConfigSchema,
  without: ['paths'],
  implied: { '': 'files' },
};

/** Documents that can tell what a pass over them left out. */
export type Texts = FileSource | HubDataset;

/**
 * The documents of files, or of a dataset of the Hugging Face hub.
 *
 * @param paths - files or patterns; none for a dataset of the hub
 * @param settings - as {@link sourceSection}; files of any format without them
 */
export async function openTexts(paths: readonly string[], settings?: unknown): Promise<Texts> {
  const config = (settings ?? { type: 'files' }) as SourceConfig;
  if (config.type === 'huggingFace') return await openSource(config);
  if (paths.length === 0) refuseNone();
  return await openSource({ ...config, paths: [...paths] });
}

/** Tells what the last pass over a source left out or repaired, if anything. */
export function reportMalformed({ report }: Texts, output: Output): void {
  const { malformed, repaired, blank } = report;
  if (blank > 0) output.err(`${pluralize(blank, 'blank document')} left out\n`);
  if (repaired > 0) output.err(`U+FFFD stands for bytes that are no UTF-8 in ${pluralize(repaired, 'document')}\n`);
  if (malformed === 0) return;
  const examples = report.examples.slice(0, 3).map(({ path, line, problem }) => `\n  ${path}:${line}: ${problem}`);
  output.err(`${pluralize(malformed, 'malformed line')} left out:${examples.join('')}\n`);
}

function refuseNone(): never {
  raise('PAL_ARGUMENT', {
    where: 'palabra',
    expected: 'text files, or --source huggingFace with --source.name',
    received: 'neither',
  });
}
