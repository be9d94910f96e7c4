import { createHash } from 'node:crypto';
import { hashBase } from '../../../adapters/index.js';
import type { AdapterStore } from '../../../adapters/index.js';
import { listReasons } from '../gate/judge.js';
import { measureModel, reportQuality } from '../gate/quality.js';
import type { QualityInputs } from '../gate/quality.js';
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
  const { model } = settings;
  const pending = plan.steps.filter(({ state }) => state === 'pending');
  const { examples, passes } = layOutPlan(plan, settings);
  const packed = packPasses(examples, passes, settings);
  const before = store.current;
  const base = hashBase(model);
  const staged = await store.stage({ key: await hashRun([base, before?.id, await packed.train.hash()], settings) });

  const inputs = listInputs(plan, settings);
  const [ofBase, ofCurrent] = [await measureModel(inputs), await layCurrent()];
  const made = await trainStaged(staged.folder, packed, settings);
  const quality = await reportQuality(inputs, ofBase, ofCurrent);
  const losses = await measureTraining(model, pending, settings);
  const datasets = describeDatasets(plan, losses);
  const trained = pending.map((file) => ({ file, result: datasets[plan.steps.indexOf(file)]! }));
  const adapter = await readAdapterFacts(staged.folder, model);
  const facts = { settings, adapter, base, before: before?.metadata, trained, quality, start, end: new Date() };
  const metadata = describeTraining(facts);
  const reasons = listReasons(quality, settings.settings);
  await removeCheckpoints(staged.folder);
  const done = { datasets_trained: datasets, steps: packed.steps, steps_made: made, quality, reasons };
  const ended = await settle();
  return describeRun(start, plan, { store, mode: settings.mode }, { ...done, ...ended });

  async function layCurrent() {
    await layFirstAdapter(before?.folder, settings);
    return before === undefined ? undefined : await measureModel(inputs);
  }

  async function settle(): Promise<RunOutcome> {
    const anyway = reasons.length > 0 && settings.promoteAnyway === true;
    if (reasons.length > 0 && !anyway) {
      const { id } = await store.reject(staged, { metadata, reasons });
      return { version: id, status: 'rejected' };
    }
    const { id, backups } = await store.promote(staged, { metadata, ...(anyway && { promotedAnyway: true, reasons }) });
    return { version: id, backups_created: backups, promoted_anyway: anyway };
  }
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
  const { model, tokenizer, template, length, signal } = settings;
  const sets = plan.steps.map(({ step: { dataset }, state, validation: examples }) => {
    return { dataset, examples, earlier: state === 'trained' };
  });
  const validation = sets.filter(({ examples }) => examples.length > 0);
  return { model, tokenizer, template, length, validation, settings: settings.settings, signal };
}
