import { runFactKeys } from './record.js';
import type { OptionChecks } from '../../core/index.js';
import { join } from 'node:path';
import { checkNested, checkOptions, raise, writeFileAtomic } from '../../core/index.js';
import { describeModel } from '../../models/interface/index.js';
import type { TrainerEnd, Callback, TrainerRun } from '../callbacks/callback.js';
import type { TrainerEvaluation, TrainerEvent, TrainerStep } from '../report.js';
import { diagnose } from './diagnose.js';
import type { Diagnosis, DiagnosisCode } from './diagnosis.js';
import { readConfigFacts, readModelFacts } from './facts.js';
import type { GradientExplosion } from './gradient-watch.js';
import type { RunFacts, RunRecord, SampleRecord } from './record.js';
import { RunRecorder } from './recorder.js';

/** The file in the run directory that holds what was found, and the facts it was found by. */
export const DIAGNOSES = 'diagnoses.json';

/** Settings of {@link Diagnostics}. */
export interface DiagnosticsOptions {
  /** Facts that the run itself doesn't tell: tokenizer, share of unknown tokens and of windows in both splits. */
  facts?: RunFacts;
  /** Hears of each code once, when it first appears. */
  onDiagnosis?: (diagnosis: Diagnosis) => void;
  /** Ends the run with an error when gradients explode, before a checkpoint can hold the result (default true). */
  stopOnExplosion?: boolean;
}

/** The keys of {@link DiagnosticsOptions}. */
export const diagnosticsKeys: OptionChecks<DiagnosticsOptions> = {
  facts: checkNested(runFactKeys),
  onDiagnosis: true,
  stopOnExplosion: true,
};

/**
 * Looks at a run while it goes on, at each evaluation and at the end, and writes `diagnoses.json` into its folder.
 * @example
 * const diagnostics = new Diagnostics({ onDiagnosis: (found) => console.warn(formatDiagnosis(found)) });
 * const trainer = new Trainer({ …, callbacks: [diagnostics] });
 */
export class Diagnostics implements Callback {
  readonly name = 'diagnostics';
  /** The diagnoses so far, the worst first. */
  diagnoses: readonly Diagnosis[] = [];
  /** The step after which the latest process took up the run. */
  startedAt = 0;
  private facts: RunFacts;
  private recorder: RunRecorder;
  private samples: readonly SampleRecord[] = [];
  private directory: string | undefined;
  private readonly reported = new Set<DiagnosisCode>();

  constructor(private readonly options: DiagnosticsOptions = {}) {
    checkOptions('Diagnostics', options, diagnosticsKeys);
    this.facts = options.facts ?? {};
    this.recorder = new RunRecorder(this.facts);
  }

  /** All that the checks look at. */
  get record(): RunRecord {
    return { history: this.recorder.history, facts: this.facts, samples: this.samples };
  }

  onStart({ model, config, data, directory, step }: TrainerRun): void {
    const told = readConfigFacts({ trainer: config, model: describeModel(model).config });
    this.facts = { ...told, ...readModelFacts(model), trainTokens: data.targetCount, ...this.options.facts };
    this.directory = directory;
    // Of the steps before a resume the recorder of the process that made them knows.
    if (this.recorder.history.steps === 0) this.recorder = new RunRecorder(this.facts);
    this.startedAt = step;
    this.recorder.start(step);
  }

  /** @throws PalabraError of code PAL_DIVERGED when gradients have exploded */
  onStep(step: TrainerStep): void {
    this.recorder.step(step);
    const { explosion } = this.recorder.history;
    if (explosion !== undefined && (this.options.stopOnExplosion ?? true)) throwDiverged(explosion);
  }

  async onEvaluation(evaluation: TrainerEvaluation): Promise<void> {
    this.recorder.evaluation(evaluation);
    await this.look();
  }

  onEvent(event: TrainerEvent): void {
    this.recorder.event(event);
  }

  async onEnd({ reason, error }: TrainerEnd): Promise<void> {
    this.recorder.end(reason, error);
    await this.look();
  }

  /** Looks at texts that the model has generated, too. @returns all diagnoses */
  async judge(samples: readonly SampleRecord[]): Promise<readonly Diagnosis[]> {
    this.samples = samples;
    await this.look();
    return this.diagnoses;
  }

  private async look(): Promise<void> {
    this.diagnoses = diagnose(this.record);
    for (const diagnosis of this.diagnoses) {
      if (!this.reported.has(diagnosis.code)) this.options.onDiagnosis?.(diagnosis);
      this.reported.add(diagnosis.code);
    }
    if (this.directory === undefined) return;
    const { facts, diagnoses } = this;
    await writeFileAtomic(join(this.directory, DIAGNOSES), `${JSON.stringify({ facts, diagnoses }, null, 2)}\n`);
  }
}

function throwDiverged({ step, gradNorm, average, learningRate }: GradientExplosion): never {
  raise('PAL_DIVERGED', {
    where: 'Diagnostics',
    expected: 'gradients of the size they had',
    received: `norm ${gradNorm} at step ${step} after an average of ${average}`,
    fix: 'Go back to the last checkpoint with half the learning rate and half the maxGradNorm.',
    details: { step, gradNorm, average, learningRate },
  });
}
