import { expectRange, raise } from '../core/index.js';
import type { TokenBatch } from '../data/index.js';
import type { DecodeState, GradientOptions, LanguageModel } from '../models/interface/index.js';
import { computeClipDivisor, computeGradNorm } from '../optim/interface/index.js';
import type { GradScaler, Optimizer } from '../optim/interface/index.js';
import { aten, noGrad, tensor, useGenerator, zeros } from '../tensor/index.js';
import type { Generator, Tensor } from '../tensor/index.js';
import { BatchTensors, buildContext, countTargets, describeLayout, splitMicroBatches } from './batch-tensors.js';
import { compile, readNumbers } from './compile.js';
import type { CompiledFunction, StepMode } from './compile.js';
import { expectCovered } from './expect-covered.js';
import { addMetrics, listMetrics } from './loss-metrics.js';
import { explainPrecision } from './precision.js';
import type { Precision } from './precision.js';
import { RecurrentStates } from './recurrent-states.js';

/** The settings of a training step; only model and optimizer are needed. */
export interface TrainStepOptions {
  model: LanguageModel;
  optimizer: Optimizer;
  /** The names of trainable parameters that are in no group of the optimizer, and so are not trained (default: none). */
  leftOut?: readonly string[] | undefined;
  /** The most that the norm of all gradients may be, above 0; larger ones are scaled down (default: no limit). */
  maxGradNorm?: number | undefined;
  /** ε of the smoothed loss, 0 … 1 (default 0). */
  labelSmoothing?: number | undefined;
  /** The factor of the squared log-partition (default 0). */
  zLoss?: number | undefined;
  /** Activates dropout and the like (default true). */
  training?: boolean | undefined;
  /** Default `program`: recorded once a shape, then replayed natively. */
  mode?: StepMode | undefined;
  /** The dtype of matrix products in the forward pass (default `float32`). */
  precision?: Precision | undefined;
  /** Passes through stages of the model twice, to hold less (default false). */
  checkpointing?: boolean | undefined;
  /** Scales the loss, so that small float16 gradients don't vanish. */
  scaler?: GradScaler | undefined;
  /** The source of dropout's random numbers (default: that of the environment). */
  generator?: Generator | undefined;
  /** The states that batches hand on (default: those of this step alone). */
  recurrentStates?: RecurrentStates | undefined;
  /** Each changes the gradients in place before their norm is taken; recorded, so it reads no value. */
  gradientHooks?: readonly GradientHook[] | undefined;
  /** The answer to a loss or gradient that is NaN or infinite (default `throw`); no weight changes either way. */
  nonFinite?: 'throw' | 'report' | undefined;
}

/** Changes the gradients of the parameters in place. */
export type GradientHook = (parameters: readonly Tensor[]) => void;

/** The figures of one step. */
export interface StepResult {
  /** Nats a counted target, before the update. */
  loss: number;
  /** The norm of all gradients before clipping. */
  gradNorm: number;
  /** Targets that counted. */
  tokens: number;
  /** The auxiliary losses and metrics of the model by name, each a counted target. */
  metrics: Readonly<Record<string, number>>;
  /** True if loss and gradients were finite; no weight has changed otherwise. */
  finite: boolean;
}

/** Settings of one run of a step. */
export interface StepRunOptions {
  /** Pieces of at least one row that the batch is cut into (default 1): they change memory, not the gradient. */
  microBatches?: number;
}

/** The numbers a step ends with, 0-dim. */
type UpdateTensors = Record<'loss' | 'norm', Tensor>;
type UpdateNumbers = Record<'loss' | 'norm', number>;
/** A pass, which gives the metrics of the model, and the numbers of the update where it is the whole step. */
type StepFunction = CompiledFunction<Record<string, Tensor>>;

/**
 * Trains on one batch at a time: forward, loss, backward, clip, update, as one program; or in micro-batches: each adds
 * its gradients, divided by the targets of the whole batch, in a program for its shape, and a last one clips and updates.
 */
export class TrainStep implements Disposable {
  private readonly functions = new Map<string, StepFunction>();
  private readonly finishing: CompiledFunction<UpdateTensors>;
  /** The summed loss of the micro-batches so far. */
  private readonly lossSum: Tensor;
  private readonly device: string;
  private readonly states: RecurrentStates;
  private runs = 0;
  private disposed = false;

  constructor(private readonly options: TrainStepOptions) {
    const { model, optimizer, leftOut, maxGradNorm, recurrentStates, mode = 'program' } = options;
    expectCovered('TrainStep', model, optimizer, leftOut);
    if (maxGradNorm !== undefined) expectRange('TrainStep', 'maxGradNorm', maxGradNorm, { above: 0 });
    this.device = model.device;
    this.states = recurrentStates ?? new RecurrentStates(model);
    this.lossSum = zeros([], { device: this.device }).keep();
    this.finishing = compile((scale) => this.finish(this.lossSum.mul(scale)), mode);
  }

  /**
   * Updates the weights by the mean loss over a batch, away from the JavaScript thread.
   * @param batch - inputs and targets of `[B, T]`
   * @param options - by default the batch as a whole
   * @param options.microBatches - pieces of at least one row that the batch is cut into (default 1)
   * @returns loss and norm in plain numbers, before the update
   * @throws PalabraError of code PAL_NON_FINITE when the loss or a gradient is NaN or infinite and `nonFinite` is
   *   `throw`
   */
  async run(batch: TokenBatch, { microBatches = 1 }: StepRunOptions = {}): Promise<StepResult> {
    if (this.disposed) throwDisposed();
    this.runs++;
    const tokens = countTargets(batch);
    using scale = tensor(1 / Math.max(1, tokens), { device: this.device }).keep();
    const parts = splitMicroBatches(batch, microBatches);
    const whole = parts.length === 1;
    if (!whole) this.clear();
    try {
      const metrics: Record<string, number> = {};
      let numbers: Record<string, number> = {};
      for (const [index, part] of parts.entries()) {
        using tensors = new BatchTensors(part, this.device);
        numbers = readNumbers(await this.functionFor(part, index, whole).run(scale, ...tensors.list));
        addMetrics(metrics, numbers);
      }
      const { loss, norm } = whole ? (numbers as UpdateNumbers) : readNumbers(await this.finishing.run(scale));
      return this.check({ loss, gradNorm: norm, tokens, metrics, finite: Number.isFinite(loss + norm) });
    } catch (error) {
      return explainPrecision(this.options.precision, error);
    }
  }

  /** Frees the recordings; model and optimizer stay. */
  dispose(): void {
    this.disposed = true;
    for (const compiled of [...this.functions.values(), this.finishing]) compiled.dispose();
    this.lossSum.dispose();
    if (this.options.recurrentStates === undefined) this.states.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Starts the sums of a batch that is taken in micro-batches. */
  private clear(): void {
    this.options.optimizer.zeroGrad();
    this.lossSum.zero_();
  }

  /** The compiled pass for a micro-batch of this layout, whose recurrent state is made ready. */
  private functionFor(part: TokenBatch, index: number, whole: boolean): StepFunction {
    const state = this.states.stateFor(part, index);
    const key = `${whole}, ${describeLayout(part, index)}`;
    const found = this.functions.get(key) ?? compile(this.passOver(part, state, whole), this.options.mode ?? 'program');
    this.functions.set(key, found);
    return found;
  }

  /** Clear, forward, loss, backward, clip, update; of a micro-batch forward, loss and backward. It reads no value. */
  private passOver(like: TokenBatch, state: DecodeState | undefined, whole: boolean) {
    const { model, optimizer, generator, training = true } = this.options;
    return (scale: Tensor, ...tensors: Tensor[]): Record<string, Tensor> => {
      if (whole) optimizer.zeroGrad();
      const [inputs, targets] = tensors as [Tensor, Tensor];
      const context = buildContext(tensors, like, training, state);
      using _ = useGenerator(generator);
      const loss = model.accumulateGradients(inputs, targets, context, this.gradientOptions(scale));
      const metrics = listMetrics(loss, scale);
      if (whole) return { ...metrics, ...this.finish(loss.lossSum.mul(scale)) };
      noGrad(() => this.lossSum.add_(loss.lossSum));
      return metrics;
    };
  }

  private gradientOptions(scale: Tensor): GradientOptions {
    const { labelSmoothing, zLoss, checkpointing, precision = 'float32', scaler } = this.options;
    const autocast = precision === 'float32' ? undefined : precision;
    return { scale: scaler?.scaleLoss(scale) ?? scale, labelSmoothing, zLoss, autocast, checkpointing };
  }

  /** Clips and updates, or neither where loss or gradients are not finite. */
  private finish(loss: Tensor): UpdateTensors {
    const { optimizer, maxGradNorm, scaler } = this.options;
    this.changeGradients();
    const norm = computeGradNorm(optimizer.parameters());
    const gradientDivisor = maxGradNorm === undefined ? undefined : computeClipDivisor(norm, maxGradNorm);
    const skip = noGrad(() => loss.add(norm).isfinite().logicalNot().to('float32'));
    optimizer.step({ gradientDivisor, skip });
    scaler?.update(skip);
    return { loss, norm };
  }

  private changeGradients(): void {
    const { optimizer, gradientHooks = [], generator, scaler } = this.options;
    const parameters = optimizer.parameters();
    noGrad(() => {
      if (scaler) unscale(parameters, scaler.scale);
      using _ = useGenerator(generator);
      for (const change of gradientHooks) change(parameters);
    });
  }

  private check(result: StepResult): StepResult {
    const { nonFinite = 'throw' } = this.options;
    return result.finite || nonFinite === 'report' ? result : throwNonFinite(result, this.runs);
  }
}

/**
 * Makes the training step of a model.
 * @param options - model and optimizer; all else has a default
 * @returns the step, which owns its recordings; dispose of it
 * @throws ArgumentError unless `maxGradNorm` is above 0, and for an optimizer that isn't one of the model
 * @example
 * const optimizer = new AdamW([{ parameters: model.namedParameters() }]);
 * const step = trainStep({ model, optimizer, maxGradNorm: 1 });
 * for (const batch of dataset.batches({ batchSize: 32, order: 'shuffled' })) console.log((await step.run(batch)).loss);
 */
export function trainStep(options: TrainStepOptions): TrainStep {
  return new TrainStep(options);
}

function unscale(parameters: readonly Tensor[], scale: Tensor): void {
  aten._foreach_div__Tensor(
    parameters.flatMap(({ grad }) => grad ?? []),
    scale,
  );
}

function throwDisposed(): never {
  raise('PAL_DISPOSED', { where: 'TrainStep.run', expected: 'a step in use', received: 'a disposed one' });
}

function throwNonFinite({ loss, gradNorm: norm }: StepResult, run: number): never {
  raise('PAL_NON_FINITE', {
    where: 'TrainStep.run',
    expected: 'a finite loss and finite gradients',
    received: `loss ${loss} and gradient norm ${norm} at run ${run}`,
    fix: 'No weight was changed. Look at the batch; a lower learning rate or maxGradNorm often helps.',
    details: { loss, gradNorm: norm, run },
  });
}
