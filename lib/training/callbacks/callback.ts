import type { Module } from '../../nn/index.js';
import type { Optimizer } from '../../optim/interface/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { TrainerEvaluation, TrainerEvent, TrainerStep } from '../report.js';

/** The state of a callback in a checkpoint: tensors by name, and plain data that JSON can hold. */
export interface CallbackState {
  tensors?: Record<string, Tensor>;
  values?: unknown;
}

/** The run that a callback belongs to. */
export interface TrainerRun {
  /** A language model, unless the trainer was given a loss and another module. */
  readonly model: Module;
  readonly optimizer: Optimizer;
  /** The folder of the run; undefined where none was asked for. */
  readonly directory: string | undefined;
  /** The resolved configuration, as plain data. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Updates made so far, those before a resume included. */
  readonly step: number;
  /** Updates the limits allows; undefined where it is a time. */
  readonly steps: number | undefined;
  /** Examples and counted targets of one epoch of the training data. */
  readonly data: { readonly size: number; readonly targetCount: number };
  /** Ends the run after the current step; the first reason stays. */
  stop(reason: string): void;
  /** Tells every callback of something that happened. */
  emit(event: TrainerEvent): void;
  /** Hands figures of one's own to everything that records the run; see `Trainer.log`. */
  log(values: Readonly<Record<string, number>>): void;
}

/** The end of a run. */
export interface TrainerEnd {
  /** Updates made in all. */
  step: number;
  /** `limits`, `interrupted`, `early stopping` or what a callback gave to `stop`; `error` when a step failed. */
  reason: string;
  /** The lowest validation loss, if there was an evaluation. */
  best: TrainerEvaluation | undefined;
  /** The error of a step that failed, where one did. */
  error?: unknown;
}

/**
 * Something that goes along with a training run and owns its state: checkpoints, an average of the weights, a log,
 * early stopping. A callback is asked in the order in which the callbacks are listed; a hook may return a promise, which is
 * awaited, so a callback slows the run down by as much as it takes.
 */
export interface Callback {
  /** Names its state in checkpoints; unique in a run. */
  readonly name: string;
  /** Before the first step, once a checkpoint is loaded. */
  onStart?(run: TrainerRun): void | Promise<void>;
  /** Before the update with this number, counted from 1: the place to set tensors that the recorded step reads. */
  onStepStart?(index: number): void;
  /**
   * Changes the gradients in place; called while the step is recorded, so it reads no value. It may return what is to be
   * done after the update, recorded too: its argument, 0-dim float32, is 1 where the update was left out.
   */
  onGradients?(parameters: readonly Tensor[]): void | ((skip: Tensor) => void);
  /** After each update and before the evaluation that may follow it: the place to take up the new weights. */
  onUpdate?(step: TrainerStep): void | Promise<void>;
  /** After each update and the evaluation that may have followed it. */
  onStep?(step: TrainerStep): void | Promise<void>;
  /** After each evaluation of the validation split. */
  onEvaluation?(evaluation: TrainerEvaluation): void | Promise<void>;
  /** Runs `work` with the weights that are to be evaluated and published, as an average of them. */
  withWeights?<T>(work: () => Promise<T>): Promise<T>;
  /** Before a checkpoint is written: the place to write down what waits in memory. */
  onCheckpoint?(): void | Promise<void>;
  /** When something other than a step happened, as an update that was left out. */
  onEvent?(event: TrainerEvent): void;
  /** After the last step, or when one failed. */
  onEnd?(end: TrainerEnd): void | Promise<void>;
  /** Gives the state of this callback for a checkpoint. */
  save?(): CallbackState;
  /** Takes up what {@link Callback.save} gave; the tensors are freed afterwards. */
  load?(state: CallbackState): void;
}
