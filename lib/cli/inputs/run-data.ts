import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { createDirectory, deferSchema, throwFileError, parseConfig, raise, writeFileAtomic } from '../../core/index.js';
import { buildDataset, datasetConfigSchema, openPrepared } from '../../data/index.js';
import type { Dataset, DatasetConfig, Prepared, SplitName } from '../../data/index.js';
import type { TrainerData } from '../../training/config/index.js';

/** The file of a run folder that tells where its data are and how they become batches. */
const FILE = 'data.json';

/** Places of a row for models without a limit: some sentences. */
const DEFAULT_LENGTH = 100;

const schema = deferSchema((z) =>
  z.strictObject({
    prepared: z.string().describe('The prepared folder, relative to the run folder.'),
    dataset: datasetConfigSchema,
  }),
);

/** The data of a run. */
export interface RunData {
  prepared: Prepared;
  dataset: DatasetConfig;
}

/** Records in a run folder, which is made where it is missing, what the run trains on. */
export async function writeRunData(run: string, prepared: string, dataset: DatasetConfig): Promise<void> {
  const value = { prepared: relative(resolve(run), resolve(prepared)), dataset };
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
  const { prepared, dataset } = parseConfig(path, schema, parseJson(path, text));
  return { prepared: await openPrepared(resolve(run, prepared)), dataset };
}

/** Tells whether the data of a run have a split. */
export async function hasSplit(run: string, split: SplitName): Promise<boolean> {
  using prepared = (await readRunData(run)).prepared;
  return prepared[split] !== undefined;
}

/** The datasets of a run of the command line. */
export interface RunDatasets extends TrainerData {
  validation: Dataset | undefined;
}

/** The places of a row that names no length, for a model that sees so many tokens; undefined where it has no limit. */
export function resolveRowLength(contextLength: number | undefined): number {
  return contextLength ?? DEFAULT_LENGTH;
}

/** Training and validation data for a model that sees so many tokens; undefined where it has no limit. */
export function buildTrainerData(contextLength: number | undefined, { prepared, dataset }: RunData): RunDatasets {
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

/** Evaluations read every target once, whatever the training does to draw it often. */
function createEvaluationConfig(dataset: DatasetConfig): DatasetConfig {
  if (dataset.type === 'curriculum') return createEvaluationConfig(dataset.stages.at(-1)!.dataset);
  return dataset.type === 'windows' ? { ...dataset, counted: 'once' } : dataset;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    return raise('PAL_CONFIG', { where: path, expected: 'JSON', received: String(cause), details: { path }, cause });
  }
}
