import type { LanguageModel } from '../models/index.js';
import type { Optimizer } from '../optim/index.js';
import type { Tensor } from '../tensor/index.js';
import type { TrainerEvaluation, TrainerEvent, TrainerStep } from './report.js';

/** What a part stores in a checkpoint: tensors by name, and plain data that JSON can hold. */
export interface PartState {
  tensors?: Record<string, Tensor>;
  values?: unknown;
}

/** What a part may know of the run it belongs to, and ask of it. */
export interface TrainerRun {
  readonly model: LanguageModel;
  readonly optimizer: Optimizer;
  /** The folder of the run; undefined where none was asked for. */
  readonly directory: string | undefined;
  /** The resolved configuration, as plain data. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Updates made so far, those before a resume included. */
  readonly step: number;
  /** Updates the budget allows; undefined where it is a time. */
  readonly steps: number | undefined;
  /** Examples and counted targets of one epoch of the training data. */
  readonly data: { readonly size: number; readonly targetCount: number };
  /** Ends the run after the current step; the first reason stays. */
  stop(reason: string): void;
  /** Tells every part of something that happened. */
  emit(event: TrainerEvent): void;
}

/** How a run ended. */
export interface TrainerEnd {
  /** Updates made in all. */
  step: number;
  /** `budget`, `interrupted`, `early stopping` or what a part gave to `stop`; `error` when a step failed. */
  reason: string;
  /** The lowest validation loss, if there was an evaluation. */
  best: TrainerEvaluation | undefined;
  /** What made a step fail, where one did. */
  error?: unknown;
}

/**
 * Something that goes along with a training run and owns its state: checkpoints, an average of the weights, a log,
 * early stopping. A part is asked in the order in which the parts are listed; a hook may return a promise, which is
 * awaited, so a part slows the run down by as much as it takes.
 */
export interface TrainerPart {
  /** Names its state in checkpoints; unique in a run. */
  readonly name: string;
  /** Before the first step, once a checkpoint is loaded. */
  onStart?(run: TrainerRun): void | Promise<void>;
  /** Before the update with this number, counted from 1: the place to set tensors that the recorded step reads. */
  onStepStart?(index: number): void;
  /** Changes the gradients in place; called while the step is recorded, so it reads no value. */
  onGradients?(parameters: readonly Tensor[]): void;
  /** After each update. */
  onStep?(step: TrainerStep): void | Promise<void>;
  /** After each evaluation of the validation split. */
  onEvaluation?(evaluation: TrainerEvaluation): void | Promise<void>;
  /** Runs `work` with the weights that are to be evaluated and published, as an average of them. */
  withWeights?<T>(work: () => Promise<T>): Promise<T>;
  /** When something other than a step happened, as an update that was left out. */
  onEvent?(event: TrainerEvent): void;
  /** After the last step, or when one failed. */
  onEnd?(end: TrainerEnd): void | Promise<void>;
  /** What a checkpoint holds of this part. */
  save?(): PartState;
  /** Takes up what {@link TrainerPart.save} gave; the tensors are freed afterwards. */
  load?(state: PartState): void;
}
