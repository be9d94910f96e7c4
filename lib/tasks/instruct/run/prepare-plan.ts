import { createHash } from 'node:crypto';
import { hashBase } from '../../../adapters/index.js';
import type { AdapterStore, StagedVersion } from '../../../adapters/index.js';
import type { QualityInputs } from '../gate/quality.js';
import type { TriedFile } from '../gate/try-files.js';
import { layOutPasses } from '../plan/lay-out-passes.js';
import type { TrainingPass } from '../plan/lay-out-passes.js';
import type { EncodedExample } from '../read-instructions.js';
import { packPasses } from './pack-passes.js';
import type { PackedPasses } from './pack-passes.js';
import type { ReadPlan, ReadStep } from './read-plan.js';
import type { RunSettings } from './run-options.js';

/** A plan that is about to be trained. */
export interface PreparedPlan {
  packed: PackedPasses;
  /** SHA-256 of the base. */
  base: string;
  version: StagedVersion;
}

/**
 * Packs the passes of a plan and begins its version.
 * @param plan - with what was read
 * @param store - opened to write
 * @param settings - of the run
 * @returns the rows, and the folder of the version: that of a run by the same data and settings which was killed
 * @throws as `AdapterStore.stage`
 */
export async function preparePlan(plan: ReadPlan, store: AdapterStore, settings: RunSettings): Promise<PreparedPlan> {
  const { examples, passes } = layOutPlan(plan, settings);
  const packed = packPasses(examples, passes, settings);
  const base = hashBase(settings.model);
  const key = hashRun([base, store.current?.id, await packed.train.hash()], settings);
  return { packed, base, version: await store.stage({ key }) };
}

/**
 * Lists the backups that were made when the pending version was begun.
 * @param store - with a pending version
 * @returns their names
 */
export function listBackups(store: AdapterStore): string[] {
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

/**
 * Lists what the quality of a version is measured with.
 * @param plan - with what was read
 * @param settings - of the run
 * @returns the model and the held-out examples of each file
 */
export function listQualityInputs(plan: ReadPlan, settings: RunSettings): QualityInputs {
  const { model, tokenizer, template, length, gate, signal } = settings;
  const sets = plan.steps.map(({ step: { dataset }, state, validation: examples }) => {
    return { dataset, examples, earlier: state === 'trained' };
  });
  const validation = sets.filter(({ examples }) => examples.length > 0);
  return { model, tokenizer, template, length, validation, settings: gate, signal };
}

/**
 * Lists the files that a plan trains on.
 * @param plan - with what was read
 * @returns those that are pending, in their order
 */
export function listTriedFiles(plan: ReadPlan): TriedFile[] {
  return plan.steps.flatMap(({ step: { dataset }, state, train }) => (state === 'pending' ? [{ dataset, train }] : []));
}
