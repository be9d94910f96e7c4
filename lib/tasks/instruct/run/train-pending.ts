import { createHash } from 'node:crypto';
import { hashBase } from '../../../adapters/index.js';
import type { AdapterStore, StagedVersion, TrainingMetadataInput } from '../../../adapters/index.js';
import { listReasons } from '../gate/judge.js';
import { measureModel, reportQuality } from '../gate/quality.js';
import type { QualityInputs, QualityReport } from '../gate/quality.js';
import { layOutPasses } from '../plan/lay-out-passes.js';
import type { TrainingPass } from '../plan/lay-out-passes.js';
import type { EncodedExample } from '../read-instructions.js';
import { describeDatasets, measureTraining } from './datasets.js';
import { describeTraining, readAdapterFacts } from './metadata.js';
import type { ReadPlan, ReadStep } from './read-plan.js';
import type { RunSettings } from './run-options.js';
import { describeRun } from './run-report.js';
import type { RunOutcome, TrainAdaptersReport } from './run-report.js';
import { layFirstAdapter, removeCheckpoints, trainStaged } from './stage-adapter.js';
import { packPasses } from './train-passes.js';
import type { PackedPasses } from './train-passes.js';

/**
 * Trains the pending files of a plan, judges the version that comes of it and promotes it or not.
 * @param start - of the run
 * @param plan - with at least one pending file
 * @param store - opened to write
 * @param settings - of the run
 * @returns the report; the model carries the new adapter
 * @throws as `trainAdapters`
 */
export async function trainPending(
  start: Date,
  plan: ReadPlan,
  store: AdapterStore,
  settings: RunSettings,
): Promise<TrainAdaptersReport> {
  const staged = await preparePlan(plan, store, settings); // 1. rows, and a folder for the version
  const { made, quality } = await trainAndMeasure(plan, staged, store, settings); // 2. before, training, after
  const { model, mode, gate } = settings;
  const pending = plan.steps.filter(({ state }) => state === 'pending');
  const datasets = describeDatasets(plan, await measureTraining(model, pending, settings));
  const trained = pending.map((file) => ({ file, result: datasets[plan.steps.indexOf(file)]! }));
  const adapter = await readAdapterFacts(staged.version.folder, model);
  const facts = { settings, adapter, base: staged.base, before: store.current?.metadata };
  const metadata = describeTraining({ ...facts, trained, quality, start, end: new Date() });
  const backups = listBackups(store);
  const verdict = { metadata, reasons: listReasons(quality, gate) };
  const ended = await settle(store, staged.version, verdict, settings); // 3. promoted or rejected
  const done = { datasets_trained: datasets, backups_created: backups, steps: staged.packed.steps, steps_made: made };
  return describeRun(start, plan, { store, mode }, { ...done, quality, ...ended });
}

/** A plan that is about to be trained. */
interface StagedPlan {
  packed: PackedPasses;
  /** SHA-256 of the base. */
  base: string;
  version: StagedVersion;
}

async function preparePlan(plan: ReadPlan, store: AdapterStore, settings: RunSettings): Promise<StagedPlan> {
  const { examples, passes } = layOutPlan(plan, settings);
  const packed = packPasses(examples, passes, settings);
  const base = hashBase(settings.model);
  const key = hashRun([base, store.current?.id, await packed.train.hash()], settings);
  return { packed, base, version: await store.stage({ key }) };
}

/** The losses of the base and of the current version, then the training, then the figures of what came of it. */
async function trainAndMeasure(
  plan: ReadPlan,
  { packed, version }: StagedPlan,
  store: AdapterStore,
  settings: RunSettings,
): Promise<{ made: number; quality: QualityReport }> {
  const inputs = listInputs(plan, settings);
  const base = await measureModel(inputs);
  await layFirstAdapter(store.current?.folder, settings);
  const current = store.current && (await measureModel(inputs));
  const made = await trainStaged(version.folder, packed, settings);
  return { made, quality: await reportQuality(inputs, base, current) };
}

async function settle(
  store: AdapterStore,
  version: StagedVersion,
  { metadata, reasons }: { metadata: TrainingMetadataInput; reasons: string[] },
  { promoteAnyway }: RunSettings,
): Promise<RunOutcome> {
  await removeCheckpoints(version.folder);
  const refused = reasons.length > 0;
  if (refused && !promoteAnyway) {
    const { id } = await store.reject(version, { metadata, reasons });
    return { version: id, status: 'rejected', reasons };
  }
  const { id } = await store.promote(version, { metadata, promotedAnyway: refused, reasons });
  return { version: id, reasons, promoted_anyway: refused };
}

/** The backups that were made when the pending version was begun. */
function listBackups(store: AdapterStore): string[] {
  const begun = store.pending?.createdAt ?? '';
  return store.backups().flatMap(({ name, createdAt }) => (createdAt >= begun ? [name] : []));
}

/** The examples of all files and the passes over those that are pending. */
function layOutPlan(
  plan: ReadPlan,
  { mode, replay, seed }: RunSettings,
): { examples: EncodedExample[]; passes: TrainingPass[] } {
  const examples: EncodedExample[] = [];
  const number = ({ train }: ReadStep): number[] => train.map((example) => examples.push(example) - 1);
  const sets = plan.steps.flatMap((file) =>
    file.state === 'pending' ? [{ step: file.step, examples: number(file) }] : [],
  );
  const earlier = plan.steps.flatMap((file) => (file.state === 'trained' ? number(file) : []));
  return { examples, passes: layOutPasses(sets, { mode, earlier, replay, seed }) };
}

/** A hash of all that a run's weights depend on. */
function hashRun(inputs: readonly unknown[], settings: RunSettings): string {
  const { mode, adapter, learningRate, batchSize, accumulation, length, precision, replay, seed } = settings;
  const numbers = { mode, adapter, learningRate, batchSize, accumulation, length, precision, replay, seed };
  return createHash('sha256')
    .update(JSON.stringify([inputs, numbers]))
    .digest('hex');
}

function listInputs(plan: ReadPlan, settings: RunSettings): QualityInputs {
  const { model, tokenizer, template, length, gate, signal } = settings;
  const sets = plan.steps.map(({ step: { dataset }, state, validation: examples }) => {
    return { dataset, examples, earlier: state === 'trained' };
  });
  const validation = sets.filter(({ examples }) => examples.length > 0);
  return { model, tokenizer, template, length, validation, settings: gate, signal };
}
