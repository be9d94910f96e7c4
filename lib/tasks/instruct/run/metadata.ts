import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listAdapters } from '../../../adapters/index.js';
import type { TrainingMetadata, TrainingMetadataInput } from '../../../adapters/index.js';
import { throwFileError } from '../../../core/index.js';
import type { Module } from '../../../nn/index.js';
import type { QualityReport } from '../gate/quality-report.js';
import type { TrainedDataset } from './datasets.js';
import { shortenHash } from './read-plan.js';
import type { ReadStep } from './read-plan.js';
import type { RunSettings } from './run-options.js';

/** What metadata are made of. */
export interface MetadataInputs {
  settings: RunSettings;
  adapter: AdapterFacts;
  /** SHA-256 of the base. */
  base: string;
  before: TrainingMetadata | undefined;
  /** The files that were trained on, in the order of the plan. */
  trained: readonly { file: ReadStep; result: TrainedDataset }[];
  quality: QualityReport;
  start: Date;
  end: Date;
}

/**
 * Describes an adapter that was trained on.
 * @param inputs - the run, and what came before it
 * @returns the content of `training_metadata.json`
 */
export function describeTraining(inputs: MetadataInputs): TrainingMetadataInput {
  const { settings, adapter, base, before, trained, quality, start, end } = inputs;
  const history = [...(before?.training_history ?? []), ...describeHistory(trained, end)];
  const total = history.reduce((sum, entry) => sum + entry.epochs, 0);
  const hashes = trained.flatMap(({ file }) => file.train.map(({ hash }) => shortenHash(hash)));
  const examples = [...new Set([...listTrainedExamples(before), ...hashes])].sort();
  const overall = quality.overall.current ?? quality.overall.base;
  const losses = [before?.best_loss, overall?.loss_after].filter((value) => typeof value === 'number');
  const last = history.at(-1)!;
  return {
    adapter_name: 'current',
    base_model: settings.baseModel ?? before?.base_model ?? settings.model.kind,
    base_sha256: base,
    training_mode: settings.mode,
    version_label: `v${total.toFixed(1)}`,
    last_dataset: last.dataset,
    last_training_examples: last.examples,
    last_training_epochs: last.epochs,
    total_examples_trained: history.reduce((sum, entry) => sum + entry.examples, 0),
    unique_examples_trained: examples.length,
    total_epochs: total,
    ...adapter,
    last_training_time_seconds: (end.getTime() - start.getTime()) / 1000,
    last_loss: overall?.loss_after ?? null,
    best_loss: losses.length === 0 ? null : Math.min(...losses),
    quality_improvement: overall?.improvement ?? null,
    last_updated: end.toISOString(),
    training_history: history,
    datasets: describeDatasets(before, trained, quality),
    trained_examples: examples,
    chat_template: settings.template.source,
  };
}

function describeHistory(trained: MetadataInputs['trained'], end: Date): TrainingMetadata['training_history'] {
  return trained.map(({ file: { step, train }, result }) => ({
    dataset: step.dataset,
    sha256: step.sha256,
    examples: result.trained_examples,
    unique_examples: new Set(train.map(({ hash }) => hash)).size,
    epochs: step.epochs,
    loss: result.loss,
    timestamp: end.toISOString(),
  }));
}

/** Validation figures of each file; those of files that were not looked at again stay. */
function describeDatasets(
  before: TrainingMetadata | undefined,
  trained: MetadataInputs['trained'],
  quality: QualityReport,
): TrainingMetadata['datasets'] {
  const others = (before?.datasets ?? []).filter(({ name }) => !trained.some(({ file }) => file.step.dataset === name));
  const own = trained.map(({ file: { step }, result }) => {
    const { base = null, current = null } = quality.datasets[step.dataset] ?? {};
    const interval = (current ?? base)?.interval;
    return {
      name: step.dataset,
      sha256: step.sha256,
      examples: result.trained_examples,
      validationLoss: {
        before: current?.loss_before ?? null,
        after: base?.loss_after ?? null,
        base: base?.loss_before ?? null,
        interval: interval ? ([-interval[1], -interval[0]] satisfies [number, number]) : null,
      },
    };
  });
  return [...others, ...own];
}

/**
 * The examples that a version was trained on.
 * @param metadata - of the version; undefined for none
 * @returns the first digits of their hashes
 */
export function listTrainedExamples(metadata: TrainingMetadata | undefined): string[] {
  const listed = (metadata as { trained_examples?: unknown } | undefined)?.trained_examples;
  return Array.isArray(listed) ? listed.filter((hash) => typeof hash === 'string') : [];
}

/** The settings of an adapter. */
export type AdapterFacts = Pick<TrainingMetadata, 'lora_r' | 'lora_alpha' | 'lora_dropout' | 'trainable_params'>;

/**
 * Reads the settings of a stored adapter that a model carries.
 * @param folder - with `adapter_config.json`
 * @param model - with the adapter alone
 * @returns rank, α, dropout and the numbers in its tensors
 */
export async function readAdapterFacts(folder: string, model: Module): Promise<AdapterFacts> {
  const path = join(folder, 'adapter_config.json');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => throwFileError('trainAdapters', path, cause));
  const config = JSON.parse(text) as Record<string, number>;
  return {
    lora_r: config.r!,
    lora_alpha: config.lora_alpha!,
    lora_dropout: config.lora_dropout!,
    trainable_params: listAdapters(model).reduce((sum, { parameters }) => sum + parameters, 0),
  };
}
