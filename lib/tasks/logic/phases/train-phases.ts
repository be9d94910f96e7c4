import { existsSync } from 'node:fs';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDirectory, throwFileError, writeFileAtomic } from '../../../core/index.js';
import { countParameters, restoreWeights } from '../../../models/index.js';
import type { Gpt } from '../../../models/index.js';
import { createLogicModel } from '../train/create-model.js';
import type { LogicSettings } from '../train/options.js';
import { packLogic } from '../train/prepare-data.js';
import type { PreparedLogic } from '../train/prepare-data.js';
import { runTraining } from '../train/run-training.js';
import { scoreHeld } from '../train/score-formalizer.js';
import { writeReport } from '../train/write-report.js';
import type { PhaseReport, TrainLogicReport } from '../train/write-report.js';
import { createWriter, planPhases } from './plan-phases.js';
import type { LogicPhase } from './plan-phases.js';

/** The most by which the share of equivalent formulas may fall in a stage. */
const MOST_LOST = 0.01;
/** In the folder of a phase, once it is done. */
const DONE = 'phase.json';

/**
 * Trains phase by phase, each in a run folder of its own in `phases/`; the model that is kept lies in `model/`. A phase that is
 * done is not done again, and one that was begun goes on from its newest checkpoint.
 *
 * @param prepared - data and vocabulary
 * @param settings - of the training
 * @returns what came of it, the same report as of one training, with what came of each phase
 * @throws PalabraError of code PAL_ABORTED when the signal fires; the errors of `Trainer.steps`
 */
export async function trainPhases(prepared: PreparedLogic, settings: LogicSettings): Promise<TrainLogicReport> {
  const thoughts = prepared.splits.train.reduce((most, { reasoning }) => Math.max(most, reasoning.length), 0);
  const phases = planPhases(settings, thoughts);
  const reports: PhaseReport[] = [];
  let kept = '';
  for (const [place, phase] of phases.entries()) {
    const folder = join(settings.folder, 'phases', `${place}-${phase.name}`);
    const report = await finishPhase(phase, { folder, from: kept, before: reports.at(-1) }, prepared, settings);
    reports.push(report);
    if (!report.accepted) break;
    kept = folder;
  }
  await cp(join(kept, 'model'), join(settings.folder, 'model'), { recursive: true });
  return await reportPhases(reports, prepared, settings);
}

/** Where a phase lies, the folder of the phase whose weights it begins with (or none), and what came of that. */
interface PhasePlace {
  folder: string;
  from: string;
  before: PhaseReport | undefined;
}

async function finishPhase(
  phase: LogicPhase,
  place: PhasePlace,
  prepared: PreparedLogic,
  settings: LogicSettings,
): Promise<PhaseReport> {
  const path = join(place.folder, DONE);
  if (settings.resume === true && existsSync(path)) return JSON.parse(await readFile(path, 'utf8')) as PhaseReport;
  const report = await trainPhase(phase, place, prepared, settings);
  await writeFileAtomic(path, `${JSON.stringify(report, null, 2)}\n`);
  return report;
}

async function trainPhase(
  phase: LogicPhase,
  { folder, from, before }: PhasePlace,
  prepared: PreparedLogic,
  settings: LogicSettings,
): Promise<PhaseReport> {
  const own = { ...settings, ...choosePhaseSettings(phase, folder, settings) };
  const { splits, vocabulary } = prepared;
  const packed = packLogic(splits, vocabulary, own, createWriter(phase, vocabulary));
  const data = { ...prepared, ...packed };
  // Its updates are a share of those of the first phase, whatever the rows of shorter outputs come to.
  const whole = settings.steps ?? Math.ceil(prepared.train.size / settings.batchSize);
  const steps = phase.share === 1 ? settings.steps : Math.max(1, Math.ceil(phase.share * whole));
  const phases = join(settings.folder, 'phases');
  await createDirectory(phases).catch((cause: unknown) => throwFileError('trainLogic', phases, cause));
  settings.onStage?.('training', `phase ${phase.name}`);
  using teacher = phase.teacher > 0 ? createWithWeights(prepared, { ...settings, teacher: 0 }, from) : undefined;
  using model = createLogicModel(data, own, teacher);
  if (from !== '') restoreWeights(join(from, 'model'), model);
  const trained = await runTraining('trainLogic', model, data, { ...own, steps });
  const held = await scoreHeld(model, prepared, settings);
  const accepted = !phase.guarded || before === undefined || hasHeld(held, before.held);
  return { name: phase.name, ...trained, held, accepted };
}

/** What is a phase's own among the settings: only the first has a curriculum and a contrast. */
function choosePhaseSettings({ rate, teacher }: LogicPhase, folder: string, settings: LogicSettings) {
  const isFirst = rate === 1;
  return {
    ...{ folder, teacher, resume: settings.resume === true && existsSync(folder) },
    learningRate: rate * settings.learningRate,
    ...(!isFirst && { curriculum: undefined, contrast: 0 }),
  };
}

function createWithWeights(prepared: PreparedLogic, settings: LogicSettings, folder: string): Gpt {
  const model = createLogicModel(prepared, settings);
  restoreWeights(join(folder, 'model'), model);
  return model;
}

/** Whether the share of equivalent formulas, over all held-out sentences, has not fallen by more than a point. */
function hasHeld(now: PhaseReport['held'], before: PhaseReport['held']): boolean {
  return computeSemantic(now) >= computeSemantic(before) - MOST_LOST;
}

function computeSemantic(held: PhaseReport['held']): number {
  const kinds = Object.values(held);
  const count = kinds.reduce((sum, one) => sum + one.count, 0);
  return kinds.reduce((sum, one) => sum + one.count * one.scores.semantic, 0) / count;
}

async function reportPhases(
  phases: PhaseReport[],
  prepared: PreparedLogic,
  settings: LogicSettings,
): Promise<TrainLogicReport> {
  const { vocabulary, splits, tooLong } = prepared;
  const { held, validation } = phases.findLast(({ accepted }) => accepted)!;
  using model = createLogicModel(prepared, { ...settings, teacher: 0 });
  return await writeReport(settings.folder, {
    model: join(settings.folder, 'model'),
    parameters: countParameters(model.config),
    vocabSize: vocabulary.tokenizer.size,
    sentences: splits.train.length - tooLong,
    steps: phases.reduce((sum, { steps }) => sum + steps, 0),
    seconds: phases.reduce((sum, { seconds }) => sum + seconds, 0),
    ...{ tooLong, validation, held, phases },
  });
}
