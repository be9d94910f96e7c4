import type { OptionChecks } from '../core/index.js';
import { checkOptions, expectRange, raise } from '../core/index.js';
import type { TokenBatch } from '../data/index.js';
import type { DecodeState, LanguageModel, LossBatch, OwnLoss } from '../models/interface/index.js';
import type { Module } from '../nn/index.js';
import type { GradScaler, Optimizer } from '../optim/interface/index.js';
import { noGrad, tensor, useGenerator, zeros } from '../tensor/index.js';
import type { Generator, Tensor } from '../tensor/index.js';
import { BatchTensors, buildContext, countTargets, describeLayout, splitMicroBatches } from './batch-tensors.js';
import { compile, readNumbers } from './compile.js';
import type { CompiledFunction, StepMode } from './compile.js';
import { expectCovered } from './expect-covered.js';
import { expectTokenIds } from './expect-token-ids.js';
import { addMetrics, listMetrics } from './loss-metrics.js';
import { createGradientOptions, expectObjective } from './objective.js';
import type { GradientSource } from './objective.js';
import { explainPrecision } from './precision.js';
import type { Precision } from './precision.js';
import { RecurrentStates } from './recurrent-states.js';
import { updateWeights } from './work/update-weights.js';
import type { GradientHook, UpdateTensors } from './work/update-weights.js';

/** The settings of a training step; only model and optimizer are needed. */
export interface TrainStepOptions<Model extends Module = LanguageModel> {
  model: Model;
  /** The loss that is trained by (default: that of the language model); a model of another kind has none of its own. */
  loss?(this: void, model: Model, batch: LossBatch): OwnLoss;
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

/** The keys of {@link TrainStepOptions}. */
export const trainStepKeys: OptionChecks<TrainStepOptions<Module>> = {
  leftOut: true,
  model: true,
  loss: true,
  optimizer: true,
  maxGradNorm: true,
  labelSmoothing: true,
  zLoss: true,
  training: true,
  mode: true,
  precision: true,
  checkpointing: true,
  scaler: true,
  generator: true,
  recurrentStates: true,
  gradientHooks: true,
  nonFinite: true,
};

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

/** What the gradients of a batch were made of. */
export interface BatchGradients {
  /** Targets that counted. */
  tokens: number;
  /** The auxiliary losses and metrics of the model by name, each a counted target. */
  metrics: Readonly<Record<string, number>>;
}
/** The keys of {@link StepRunOptions}. */
export const stepRunKeys: OptionChecks<StepRunOptions> = { microBatches: true };

/** A pass, which gives the metrics of the model. */
type StepFunction = CompiledFunction<Record<string, Tensor>>;

/**
 * Trains on one batch at a time. Each of its micro-batches adds its gradients, divided by the targets of the whole batch,
 * in a program for its shape; a last program clips and updates. So what runs out of memory over activations has changed
 * no weight, and can be made again.
 */
export class TrainStep implements Disposable {
  private readonly functions = new Map<string, StepFunction>();
  private readonly finishing: CompiledFunction<UpdateTensors>;
  /** The summed loss of the micro-batches so far. */
  private readonly lossSum: Tensor;
  private readonly device: string;
  /** Passes a batch forward and back. */
  private readonly source: GradientSource;
  private readonly states: RecurrentStates;
  private runs = 0;
  /** Settles when the run before has. */
  private turn: Promise<unknown> = Promise.resolve();
  private disposed = false;

  constructor(private readonly options: TrainStepOptions<Module>) {
    const {
      model,
      optimizer,
      leftOut,
      maxGradNorm,
      recurrentStates,
      mode = 'program',
    } = checkOptions('TrainStep', options, trainStepKeys);
    const { labelSmoothing, zLoss, checkpointing } = options;
    this.source = expectObjective('TrainStep', options, { labelSmoothing, zLoss, checkpointing });
    expectCovered('TrainStep', model, optimizer, leftOut);
    // An optimizer that has no state yet makes it here, outside of any recording.
    optimizer.stateDict();
    if (maxGradNorm !== undefined) expectRange('TrainStep', 'maxGradNorm', maxGradNorm, { above: 0 });
    this.device = model.device;
    this.states = recurrentStates ?? new RecurrentStates(model);
    const dtype = model.dtype === 'float64' ? 'float64' : 'float32';
    this.lossSum = zeros([], { dtype, device: this.device }).keep();
    this.finishing = compile((scale) => updateWeights(options, this.lossSum.mul(scale)), mode);
  }

  /**
   * Updates the weights by the mean loss over a batch, away from the JavaScript thread. Runs wait for each other.
   * @param batch - inputs and targets of `[B, T]`
   * @param options - by default the batch as a whole
   * @param options.microBatches - pieces of at least one row that the batch is cut into (default 1)
   * @returns loss and norm in plain numbers, before the update
   * @throws PalabraError of code PAL_NON_FINITE when the loss or a gradient is NaN or infinite and `nonFinite` is
   *   `throw`
   */
  run(batch: TokenBatch, options: StepRunOptions = {}): Promise<StepResult> {
    checkOptions('TrainStep.run', options, stepRunKeys);
    const result = this.turn.then(async () => this.update(await this.accumulateGradients(batch, options)));
    this.turn = result.catch(() => undefined);
    return result;
  }

  /**
   * The first half of {@link TrainStep.run}: puts the gradients of a batch in the place of those that were there. It
   * changes no weight, so it can be repeated.
   * @param batch - inputs and targets of `[B, T]`
   * @param options - as for {@link TrainStep.run}
   * @returns what the other half needs to know
   */
  async accumulateGradients(batch: TokenBatch, options: StepRunOptions = {}): Promise<BatchGradients> {
    const { microBatches = 1 } = checkOptions('TrainStep.accumulateGradients', options, stepRunKeys);
    if (this.disposed) throwDisposed();
    expectTokenIds('TrainStep', this.options.model, batch, 'training data');
    this.runs++;
    const tokens = countTargets(batch);
    using scale = this.newScale(tokens);
    const metrics: Record<string, number> = {};
    try {
      for (const [index, part] of splitMicroBatches(batch, microBatches).entries()) {
        using tensors = new BatchTensors(part, this.device);
        addMetrics(metrics, readNumbers(await this.functionFor(part, index).run(scale, ...tensors.list)));
      }
      return { tokens, metrics };
    } catch (error) {
      return explainPrecision(this.options.precision, error);
    }
  }

  /**
   * The other half: clips the gradients and updates every weight, or none where it fails.
   * @param gradients - what {@link TrainStep.accumulateGradients} gave
   * @returns as {@link TrainStep.run}
   * @throws as {@link TrainStep.run}
   */
  async update({ tokens, metrics }: BatchGradients): Promise<StepResult> {
    if (this.disposed) throwDisposed();
    using scale = this.newScale(tokens);
    const { loss, norm } = readNumbers(await this.finishing.run(scale));
    return this.check({ loss, gradNorm: norm, tokens, metrics, finite: Number.isFinite(loss + norm) });
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

  private newScale(tokens: number): Tensor {
    return tensor(1 / Math.max(1, tokens), { device: this.device }).keep();
  }

  /** The compiled pass for a micro-batch of this layout, whose recurrent state is made ready. */
  private functionFor(part: TokenBatch, index: number): StepFunction {
    const state = this.states.stateFor(part, index);
    const first = index === 0;
    const key = `${first}, ${describeLayout(part, index)}`;
    const found = this.functions.get(key) ?? compile(this.passOver(part, state, first), this.options.mode ?? 'program');
    this.functions.set(key, found);
    return found;
  }

  /** Forward, loss and backward of a micro-batch; the first one clears what is left of the batch before. It reads no value. */
  private passOver(like: TokenBatch, state: DecodeState | undefined, first: boolean) {
    const { optimizer, training = true } = this.options;
    return (scale: Tensor, ...tensors: Tensor[]): Record<string, Tensor> => {
      if (first) optimizer.zeroGrad();
      const [inputs, targets] = tensors as [Tensor, Tensor];
      const context = buildContext(tensors, like, training, state);
      using _ = useGenerator(this.options.generator);
      const loss = this.source.accumulateGradients(
        inputs,
        targets,
        context,
        createGradientOptions(this.options, scale),
      );
      noGrad(() => void (first ? this.lossSum.copy_(loss.lossSum) : this.lossSum.add_(loss.lossSum)));
      return listMetrics(loss, scale);
    };
  }

  private check(result: StepResult): StepResult {
    const { nonFinite = 'throw' } = this.options;
    return result.finite || nonFinite === 'report' ? result : throwNonFinite(result, this.runs);
  }
}

/**
 * Makes the training step of a model.
 * @param options - model and optimizer; all else has a default, but the loss of a model that is no language model
 * @returns the step, which owns its recordings; dispose of it
 * @throws ArgumentError unless `maxGradNorm` is above 0, and for an optimizer that isn't one of the model
 * @example
 * const optimizer = new AdamW([{ parameters: model.namedParameters() }]);
 * const step = trainStep({ model, optimizer, maxGradNorm: 1 });
 * for (const batch of dataset.batches({ batchSize: 32, order: 'shuffled' })) console.log((await step.run(batch)).loss);
 */
export function trainStep<Model extends Module = LanguageModel>(options: TrainStepOptions<Model>): TrainStep {
  checkOptions('trainStep', options, trainStepKeys);
  return new TrainStep(options);
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
