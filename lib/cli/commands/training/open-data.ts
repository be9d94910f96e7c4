import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig, raise } from '../../../core/index.js';
import { datasetConfigSchema, isPrepared, openPrepared } from '../../../data/index.js';
import type { DatasetConfig } from '../../../data/index.js';
import type { OpenModel } from '../../inputs/model-folder.js';
import { expectSameTokenizer, limitRows } from '../../inputs/pretrained.js';
import { joinSources, openMix } from '../../inputs/run-data.js';
import type { RunData } from '../../inputs/run-data.js';
import type { Output } from '../../output.js';
import type { Settings } from '../../settings/config-file.js';
import { listMix, mixSchema } from '../../settings/mix-settings.js';
import { prepareTexts } from '../data/prepare.js';

/** What a training is made of. */
export interface TrainWork {
  /** Files or patterns, or one prepared folder; none for a mix. */
  data: readonly string[];
  settings: Settings;
  /** The model to go on from; undefined for a new one. */
  start: OpenModel | undefined;
  output: Output;
}

/** The data of a training, and the prepared folder of its only or first source. */
export interface OpenedData {
  runData: RunData;
  folder: string;
}

/** True where the text is prepared already. */
export function isReady({ data, settings: { mix } }: TrainWork): boolean {
  return mix !== undefined || (data.length === 1 && isPrepared(data[0]!));
}

/** Prepared folders as they are; other files go into one inside the run. */
export async function openData(work: TrainWork, run: string): Promise<OpenedData> {
  const { start } = work;
  const { dataset, ...settings } = work.settings;
  const named = parseConfig('dataset', datasetConfigSchema, dataset ?? { type: 'windows' }, 'dataset');
  const limit = (config: DatasetConfig): DatasetConfig => (start === undefined ? config : limitRows(config, start));
  const opened = await (settings.mix === undefined
    ? openSingle(work, limit(named), join(run, 'data'))
    : openSeveral(work, (own = named) => limit(own)));
  const { prepared, mix = [{ prepared }] } = opened.runData;
  if (start !== undefined) for (const source of mix) expectSameTokenizer(source.prepared, start);
  return opened;
}

async function openSingle(work: TrainWork, dataset: DatasetConfig, inside: string): Promise<OpenedData> {
  const { data, settings, output } = work;
  const ready = isReady(work);
  const folder = ready ? data[0]! : inside;
  if (!ready) await prepareTexts(data, folder, { ...settings, replace: true }, output);
  return { runData: joinSources({ prepared: await openPrepared(folder), dataset }), folder };
}

async function openSeveral(
  { data, settings }: TrainWork,
  complete: (own: DatasetConfig | undefined) => DatasetConfig,
): Promise<OpenedData> {
  const sources = listMix(parseConfig('mix', mixSchema, settings.mix, 'mix'));
  if (data.length > 0) refuseData(data);
  const mix = sources.map(({ dataset, ...source }) => ({ ...source, dataset: complete(dataset) }));
  return { runData: await openMix(mix), folder: mix[0]!.folder };
}

/** Works on the data of a training, prepared in a folder that is removed again. */
export async function withTemporaryData<T>(work: TrainWork, use: (runData: RunData) => Promise<T> | T): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'palabra-dry-run-'));
  try {
    const { runData } = await openData(work, folder);
    using data = runData;
    return await use(data);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function refuseData(data: readonly string[]): never {
  raise('PAL_ARGUMENT', {
    where: 'palabra train',
    expected: 'prepared folders as mix, and no other data',
    received: data.join(' '),
    fix: 'Prepare it, and give it a weight: --mix FOLDER=1.',
  });
}
