import { join } from 'node:path';
import { AdapterStore, deleteAdapter, listAdapters } from '../../../adapters/index.js';
import type { StagedVersion, TrainingMetadataInput } from '../../../adapters/index.js';
import { isPalabraError, raise } from '../../../core/index.js';
import { listReasons } from '../gate/judge.js';
import { measureModel, reportQuality } from '../gate/quality.js';
import type { QualityReport } from '../gate/quality-report.js';
import { tryFiles } from '../gate/try-files.js';
import { planTraining } from '../plan/training-plan.js';
import { describeDatasets, measureTraining } from './datasets.js';
import { describeTraining, listTrainedExamples, readAdapterFacts } from './metadata.js';
import { listBackups, listQualityInputs, listTriedFiles, preparePlan } from './prepare-plan.js';
import type { PreparedPlan } from './prepare-plan.js';
import { readPlan } from './read-plan.js';
import type { ReadPlan, TrainedBefore } from './read-plan.js';
import { resolveRun } from './run-options.js';
import type { RunSettings, TrainAdaptersOptions } from './run-options.js';
import { describeRun, writeReport } from './run-report.js';
import type { RunOutcome, TrainAdaptersReport } from './run-report.js';
import { CHECKPOINTS, layFirstAdapter, readStaged, removeCheckpoints, saveStaged } from './stage-adapter.js';
import { trainPasses } from './train-passes.js';

/**
 * Improves the current adapter of a store by the files of a folder that it was not trained on yet: one plan, one schedule,
 * one new version, which becomes current only where it is surely better. A run that was killed goes on at the exact step; a
 * finished plan is not trained again.
 *
 * @param options - base, data and store; all else has defaults
 * @returns the report, which stands in the store as `incremental_training_results.json` too
 * @throws ArgumentError for options out of range, and for a model that carries adapters
 * @throws DataError for a folder without data, and for names that no file has
 * @throws PalabraError of code PAL_LOCKED when another process works in the store, PAL_ABORTED when the signal fires,
 *   PAL_NON_FINITE when the training diverges
 * @see Hu et al. 2021, https://arxiv.org/abs/2106.09685
 * @example
 * const { model, tokenizer, chatTemplate: template } = await loadModel('models/SmolLM2');
 * const report = await trainAdapters({ model, tokenizer, template, data: 'data', store: 'adapters' });
 */
export async function trainAdapters(options: TrainAdaptersOptions): Promise<TrainAdaptersReport> {
  const settings = resolveRun('trainAdapters', options);
  expectPlain(settings);
  const steps = await planTraining('trainAdapters', options); // 1. files, their hashes and their order
  const { store: given } = options;
  const store = typeof given === 'string' ? await AdapterStore.open(given, { write: true }) : given;
  try {
    const plan = await readPlan(steps, findTrained(store, settings), settings); // 2. examples, copies, what is held out
    settings.onPlan?.(plan);
    return await followPlan(plan, store, settings); // 3. training, gate, promotion
  } finally {
    if (typeof given === 'string') await store.close();
  }
}

async function followPlan(plan: ReadPlan, store: AdapterStore, settings: RunSettings): Promise<TrainAdaptersReport> {
  const start = new Date();
  const describe = (outcome?: RunOutcome) => describeRun(start, plan, { store, mode: settings.mode }, outcome);
  const idle = plan.steps.every(({ state }) => state !== 'pending');
  try {
    const report = idle ? describe() : await trainPending(start, plan, store, settings);
    if (!idle || report.status !== 'success') await writeReport(store.folder, report);
    return report;
  } catch (error) {
    const resumable = isPalabraError(error) && error.code === 'PAL_ABORTED';
    if (!resumable) await writeReport(store.folder, describe({ status: 'failed', error: formatError(error) }));
    throw error;
  } finally {
    for (const { name } of listAdapters(settings.model)) deleteAdapter(settings.model, name);
  }
}

/** What the current version was trained on; nothing counts where all is trained anew. */
function findTrained({ current }: AdapterStore, { force }: RunSettings): TrainedBefore {
  const examples = new Set(listTrainedExamples(current?.metadata));
  return { history: force ? [] : (current?.metadata.training_history ?? []), examples };
}

function formatError(error: unknown): string {
  return error instanceof Error || isPalabraError(error) ? error.message : String(error);
}

function expectPlain({ model }: RunSettings): void {
  const [adapter] = listAdapters(model);
  if (adapter === undefined) return;
  raise('PAL_ARGUMENT', {
    where: 'trainAdapters',
    expected: 'a base without adapters',
    received: `one with ${JSON.stringify(adapter.name)}`,
    fix: 'Take it off with deleteAdapter: the adapter that is improved is that of the store.',
  });
}

async function trainPending(
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

/** The losses of the base and of the current version, then the training, then the figures of what came of it. */
async function trainAndMeasure(
  plan: ReadPlan,
  { packed, version }: PreparedPlan,
  store: AdapterStore,
  settings: RunSettings,
): Promise<{ made: number; quality: QualityReport }> {
  const inputs = listQualityInputs(plan, settings);
  settings.onStage?.('base', packed.steps);
  const base = await measureModel(inputs);
  await layFirstAdapter(store.current?.folder, settings);
  if (store.current) settings.onStage?.('current', packed.steps);
  const current = store.current && (await measureModel(inputs));
  let made = 0;
  if (!(await readStaged(version.folder, settings))) {
    settings.onStage?.('training', packed.steps);
    made = await trainPasses(join(version.folder, CHECKPOINTS), packed, settings);
    await saveStaged(version.folder, settings);
  }
  settings.onStage?.('version', packed.steps);
  const measured = await measureModel(inputs);
  const trials = await tryFiles(inputs, measured.scores, { ...settings, files: listTriedFiles(plan) });
  return { made, quality: await reportQuality(inputs, { base, current, version: measured, trials }) };
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
