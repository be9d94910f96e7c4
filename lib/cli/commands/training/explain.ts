import { formatInteger, parseConfig } from '../../../core/index.js';
import { prepareConfigSchema, sourceConfigSchema } from '../../../data/index.js';
import { generationConfigSchema } from '../../../models/interface/index.js';
import { tokenizerConfigSchema } from '../../../text/index.js';
import { IMPORT_FLAG, listImported } from '../../import-modules.js';
import { resolveRowLength } from '../../inputs/run-data.js';
import type { RunData } from '../../inputs/run-data.js';
import type { Settings } from '../../settings/config-file.js';
import { explainSettings } from '../../settings/explain.js';
import type { ExplainedSetting } from '../../settings/explain.js';
import { traceLayers } from '../../settings/layers.js';
import type { Origin, SettingsLayer } from '../../settings/layers.js';
import type { SettingsSection } from '../../settings/settings.js';
import { mixSchema } from '../../settings/mix-settings.js';
import { resolveTokenizerConfig } from '../../settings/tokenizer-settings.js';
import type { ResolvedTraining } from './resolve-training.js';

/** A training whose settings are explained. */
export interface ExplainedTraining {
  sections: readonly SettingsSection[];
  layers: readonly SettingsLayer[];
  settings: Settings;
  /** Files or patterns; undefined where a prepared folder holds text and tokenizer already. */
  files: readonly string[] | undefined;
  runData: RunData;
  resolved: ResolvedTraining;
}

/** What values follow from, where they are not named, by path. */
const DERIVED: Readonly<Record<string, string>> = {
  'dataset.length': 'the context length of the model',
  'dataset.stride': 'dataset.length',
  'model.vocabSize': 'the size of the tokenizer',
  'trainer.schedule.warmup': '5 % of the steps',
  'trainer.schedule.minimum': 'a tenth of trainer.optimizer.learningRate',
  'trainer.evaluateEvery': 'a tenth of the run',
  'trainer.checkpointEvery': 'trainer.evaluateEvery',
  'trainer.restoreBest': 'whether there is validation data',
};

/**
 * Explains the settings of a training.
 *
 * @param training - its layers, and what they amount to
 * @returns every setting with its value and where that comes from
 * @throws ConfigError naming everything that does not fit
 */
export function explainTraining(training: ExplainedTraining): ExplainedSetting[] {
  const { sections, layers, settings, files, runData, resolved } = training;
  const { trainer, model } = resolved;
  const values = {
    ...(files !== undefined && resolvePreparation(settings, files)),
    ...(settings.mix !== undefined && { mix: parseConfig('mix', mixSchema, settings.mix, 'mix') }),
    dataset: resolveDataset(runData, model.contextLength),
    model: { type: model.type, ...model.config },
    trainer: trainer.config,
    generation: parseConfig('generation', generationConfigSchema, settings.generation ?? {}, 'generation'),
  };
  return [...explainImports(), ...explainSettings(sections, values, traceOrigins(sections, layers, resolved))];
}

/** The modules that were run before anything else. */
function explainImports(): ExplainedSetting[] {
  return listImported().map(({ path, where }) => {
    const source = where === IMPORT_FLAG ? 'flag' : 'config file';
    return { field: 'imports', value: path, source, ...(source === 'config file' && { detail: where }) };
  });
}

function resolvePreparation({ source, tokenizer, prepare }: Settings, files: readonly string[]): Settings {
  const text = { type: 'files', ...(source as Settings | undefined) };
  const paths = text.type === 'files' ? { paths: [...files] } : {};
  return {
    source: parseConfig('source', sourceConfigSchema, { ...text, ...paths }, 'source'),
    tokenizer: parseConfig('tokenizer', tokenizerConfigSchema, resolveTokenizerConfig(tokenizer), 'tokenizer'),
    prepare: parseConfig('prepare', prepareConfigSchema, prepare ?? {}, 'prepare'),
  };
}

/** The settings of batches; rows that name no length are as long as the model sees. */
function resolveDataset({ dataset }: RunData, contextLength: number | undefined): Settings {
  if (dataset.type === 'curriculum') return dataset;
  const length = dataset.length ?? resolveRowLength(contextLength);
  return dataset.type === 'windows' ? { ...dataset, length, stride: dataset.stride ?? length } : { ...dataset, length };
}

/** The origins of all values that are no defaults of their schema. */
function traceOrigins(
  sections: readonly SettingsSection[],
  layers: readonly SettingsLayer[],
  { trainer, model }: ResolvedTraining,
): Map<string, Origin> {
  const { name } = trainer.recipe;
  const epochs = trainer.limits.epochs;
  const detail = `${name}, for ${Number.isInteger(epochs) ? formatInteger(epochs) : epochs.toPrecision(3)} epochs`;
  const recipe: SettingsLayer = { source: 'recipe', detail, settings: { trainer: trainer.layer, model: model.layer } };
  const origins = new Map(traceLayers(sections, [recipe, ...layers]));
  origins.set('source.paths', { source: 'flag', detail: 'the arguments' });
  for (const [path, from] of Object.entries(DERIVED)) {
    const source = origins.get(path)?.source ?? 'recipe';
    const free = origins.has(path) || !path.startsWith('trainer.schedule');
    if (source === 'recipe' && free) origins.set(path, { source: 'derived', detail: from });
  }
  return origins;
}
