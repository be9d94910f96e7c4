import { readFile } from 'node:fs/promises';
import { basename, join, relative, resolve } from 'node:path';
import { createDirectory, deferSchema, throwFileError, parseConfig, raise, writeFileAtomic } from '../../core/index.js';
import { MixedDataset, buildDataset, datasetConfigSchema, openPrepared } from '../../data/index.js';
import type { Corpus, Dataset, DatasetConfig, Prepared, SplitName, TokenFile } from '../../data/index.js';
import type { TrainerData } from '../../training/config/index.js';
import { parseJson } from './parse-json.js';

/** The file of a run folder that tells where its data are and how they become batches. */
const FILE = 'data.json';

/** Places of a row for models without a limit: some sentences. */
const DEFAULT_LENGTH = 100;

const schema = deferSchema((z) => {
  const prepared = z.string().describe('The prepared folder, relative to the run folder.');
  const source = { prepared, dataset: datasetConfigSchema };
  return z.strictObject({
    ...source,
    mix: z
      .array(z.strictObject({ ...source, weight: z.number().min(0) }))
      .min(1)
      .exactOptional()
      .describe('All sources of a run that draws from several by turns, the first among them.'),
  });
});

/** A prepared text, and how it becomes batches. */
export interface RunSource {
  prepared: Prepared;
  dataset: DatasetConfig;
}

/** One of several sources of a run. */
export interface MixedRunSource extends RunSource {
  /** The prepared folder. */
  folder: string;
  weight: number;
}

/** The data of a run; of several sources the first, and all of them as `mix`. Disposing of them closes their files. */
export interface RunData extends RunSource, Disposable {
  mix: readonly MixedRunSource[] | undefined;
}

/** The data of a run as one: the only or the first source, and all of them where there are several. */
export function joinSources({ prepared, dataset }: RunSource, mix?: readonly MixedRunSource[]): RunData {
  const dispose = (): void => {
    for (const source of mix ?? [{ prepared }]) source.prepared.close();
  };
  return { prepared, dataset, mix, [Symbol.dispose]: dispose };
}

/** Records in a run folder, which is made where it is missing, what the run trains on. */
export async function writeRunData(run: string, prepared: string, { dataset, mix }: RunData): Promise<void> {
  const locate = (folder: string): string => relative(resolve(run), resolve(folder));
  const sources = mix?.map(({ folder, weight, ...source }) => ({
    prepared: locate(folder),
    dataset: source.dataset,
    weight,
  }));
  const value = { prepared: locate(prepared), dataset, ...(sources && { mix: sources }) };
  await createDirectory(run).catch((error: unknown) => throwFileError('palabra', run, error));
  await writeFileAtomic(join(run, FILE), `${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Opens what a run trains on.
 *
 * @throws PalabraError PAL_FILE when the folder is no run of the command line, or its data are gone
 */
export async function readRunData(run: string): Promise<RunData> {
  const path = join(run, FILE);
  const text = await readFile(path, 'utf8').catch((error: unknown) => throwFileError('palabra', path, error));
  const { prepared, dataset, mix } = parseConfig(path, schema, parseJson(path, text));
  if (mix === undefined) return joinSources({ prepared: await openPrepared(resolve(run, prepared)), dataset });
  return await openMix(mix.map(({ prepared: folder, ...source }) => ({ ...source, folder: resolve(run, folder) })));
}

/**
 * Opens the sources of a mix.
 *
 * @param sources - with their prepared folders
 * @throws DataError when they were not encoded by one tokenizer; PalabraError PAL_FILE when one is missing
 */
export async function openMix(sources: readonly Omit<MixedRunSource, 'prepared'>[]): Promise<RunData> {
  const opened: MixedRunSource[] = [];
  try {
    for (const source of sources) opened.push({ ...source, prepared: await openPrepared(source.folder) });
    for (const source of opened) expectOneTokenizer(opened[0]!, source);
  } catch (error) {
    for (const { prepared } of opened) prepared.close();
    throw error;
  }
  return joinSources(opened[0]!, opened);
}

/** The parts of a run's data that have a split, in the order of its sources. */
export function listCorpora({ prepared, mix }: RunData, split: SplitName): Corpus<TokenFile>[] {
  return (mix ?? [{ prepared }]).flatMap((source) => source.prepared[split] ?? []);
}

/** Tells whether the data of a run have a split. */
export async function hasSplit(run: string, split: SplitName): Promise<boolean> {
  using data = await readRunData(run);
  return listCorpora(data, split).length > 0;
}

/** The datasets of a run of the command line; of a mix, validation data by the names of its folders. */
export interface RunDatasets extends TrainerData {
  validation: Dataset | Readonly<Record<string, Dataset>> | undefined;
}

/** The validation set whose loss is that of an evaluation: the only or the first one. */
export function findDecidingSet({ validation }: RunDatasets): Dataset | undefined {
  if (validation === undefined || validation instanceof MixedDataset || 'batches' in validation) {
    return validation as Dataset | undefined;
  }
  return Object.values(validation)[0];
}

/** The places of a row that names no length, for a model that sees so many tokens; undefined where it has no limit. */
export function resolveRowLength(contextLength: number | undefined): number {
  return contextLength ?? DEFAULT_LENGTH;
}

/** Training and validation data for a model that sees so many tokens; undefined where it has no limit. */
export function buildTrainerData(contextLength: number | undefined, { mix, ...source }: RunData): RunDatasets {
  if (mix === undefined) return buildSets(contextLength, source);
  const sets = mix.map((part) => ({ ...buildSets(contextLength, part), name: nameSource(mix, part) }));
  const measured = sets.flatMap(({ name, validation }) => (validation ? [[name, validation] as const] : []));
  return {
    train: new MixedDataset(sets.map(({ train }, index) => ({ dataset: train, weight: mix[index]!.weight }))),
    validation: measured.length === 0 ? undefined : Object.fromEntries(measured),
  };
}

function buildSets(
  contextLength: number | undefined,
  { prepared, dataset }: RunSource,
): { train: Dataset; validation: Dataset | undefined } {
  const { train, validation, tokenizer } = prepared;
  const surroundings = {
    contextLength: resolveRowLength(contextLength),
    paddingToken: tokenizer.specialTokens?.['<PAD>'] ?? 0,
  };
  const plain = createEvaluationConfig(dataset);
  return {
    train: buildDataset(dataset, train, surroundings),
    validation: validation && buildDataset(plain, validation, surroundings),
  };
}

/** The name of a source: that of its folder, or its whole path where another one is called the same. */
function nameSource(mix: readonly MixedRunSource[], { folder }: MixedRunSource): string {
  const name = basename(folder);
  const alone = mix.filter((other) => basename(other.folder) === name).length === 1;
  return alone ? name : folder.replaceAll('/', ':');
}

/** Evaluations read every target once, whatever the training does to draw it often. */
function createEvaluationConfig(dataset: DatasetConfig): DatasetConfig {
  if (dataset.type === 'curriculum') return createEvaluationConfig(dataset.stages.at(-1)!.dataset);
  return dataset.type === 'windows' ? { ...dataset, counted: 'once' } : dataset;
}

function expectOneTokenizer(first: MixedRunSource, { folder, prepared }: MixedRunSource): void {
  const [expected, received] = [first.prepared.manifest.tokenizer, prepared.manifest.tokenizer];
  if (expected.hash === received.hash) return;
  raise('PAL_DATA', {
    where: 'mix',
    expected: `${folder} to be encoded by the tokenizer of ${first.folder}, ${expected.type} of ${expected.size} tokens`,
    received: `another one, ${received.type} of ${received.size} tokens`,
    fix: `Prepare it again with --tokenizer file --tokenizer.directory ${first.folder}.`,
    details: { folder },
  });
}
