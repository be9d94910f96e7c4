import { raise } from '../../core/index.js';
import type { DatasetConfig, Prepared } from '../../data/index.js';
import { hashTokenizer } from '../../data/index.js';
import type { Tokenizer } from '../../text/index.js';
import { createFineTuningOptimizer } from '../../training/config/index.js';
import type { Settings } from '../settings/config-file.js';
import type { Output } from '../output.js';
import type { SettingsSource } from '../settings/layers.js';
import { openModel } from './model-folder.js';
import type { OpenModel } from './model-folder.js';

/** Passes over the text where no bound is named: a model that was trained before soon knows it. */
const EPOCHS = 3;
/** Places of a row where none are named; models of today see far more at once than memory for training has room for. */
const LONGEST_ROW = 512;
/** Tokens of a batch where no size is named. */
const BATCH_TOKENS = 4096;
const MOST_ROWS = 32;

/**
 * Opens the model that a training goes on from, for training: its weights in float32.
 * @param path - a model folder, a run or a folder of Hugging Face
 * @param output - is told of what the folder says that nothing here reads
 * @returns the model and what lies beside it; disposing of it frees the model
 * @throws PalabraError of code PAL_FILE when it has no model or no tokenizer
 */
export async function openPretrained(path: string, output: Pick<Output, 'err'>): Promise<OpenModel> {
  const opened = await openModel(path, output);
  opened.model.to({ dtype: 'float32' });
  return opened;
}

/**
 * The settings that a model brings along, beneath those that are named.
 * @param start - the model
 * @returns an object a section
 */
export function listPretrainedSettings(start: OpenModel): Settings {
  const { folder, model, tokenizer, generation, preprocess } = start;
  const { vocabSize: _, ...config } = model.config;
  const end = findEndToken(tokenizer, generation.endTokens);
  const rows = Math.round(BATCH_TOKENS / limitRow(config.contextLength));
  return {
    tokenizer: { type: 'file', directory: folder },
    prepare: { ...(preprocess && { preprocess }), ...(end !== undefined && { endToken: end }) },
    model: { type: model.kind, ...config },
    trainer: {
      epochs: EPOCHS,
      batchSize: Math.min(MOST_ROWS, Math.max(1, rows)),
      optimizer: createFineTuningOptimizer(model.parameterCount()),
    },
    generation,
  };
}

/**
 * A dataset with rows that memory has room for.
 * @param dataset - as it was named
 * @param start - the model
 * @returns the same with a length, where none was named
 */
export function limitRows(dataset: DatasetConfig, start: OpenModel): DatasetConfig {
  if (dataset.type === 'curriculum' || dataset.length !== undefined) return dataset;
  return { ...dataset, length: limitRow(start.model.config.contextLength) };
}

/**
 * Requires a model's own shape and tokenizer.
 * @param source - where settings come from
 * @param settings - those of a configuration file and of the command line may not speak of them
 * @throws ConfigError for settings of model or tokenizer
 */
export function expectOwnShape(source: SettingsSource, settings: Settings): void {
  const odd = ['model', 'tokenizer'].find((name) => settings[name] !== undefined);
  if (odd === undefined || (source !== 'config file' && source !== 'flag')) return;
  raise('PAL_CONFIG', {
    where: 'palabra train --from',
    expected: 'a model with its own shape and tokenizer',
    received: `settings of ${odd}`,
    fix: `Leave out ${odd}.*, or train a new model without --from.`,
  });
}

/**
 * Requires that a prepared text has the ids of a model.
 * @param prepared - the text
 * @param start - the model
 * @throws DataError where it was encoded by another tokenizer
 */
export function expectSameTokenizer(prepared: Prepared, start: OpenModel): void {
  const { tokenizer, folder } = start;
  const { hash, size, type } = prepared.manifest.tokenizer;
  if (hash === hashTokenizer(tokenizer)) return;
  raise('PAL_DATA', {
    where: 'palabra train --from',
    expected: `text encoded by the tokenizer of ${folder}, ${tokenizer.type} of ${tokenizer.size} tokens`,
    received: `one encoded by another, ${type} of ${size} tokens`,
    fix: `Prepare it again with --tokenizer file --tokenizer.directory ${folder}, or give the text files.`,
  });
}

function limitRow(contextLength = LONGEST_ROW): number {
  return Math.min(contextLength, LONGEST_ROW);
}

/** The special token whose id ends a text of the model. */
function findEndToken({ specialTokens = {} }: Tokenizer, ends: readonly number[] = []): string | undefined {
  return Object.entries(specialTokens).find(([, id]) => ends.includes(id))?.[0];
}
