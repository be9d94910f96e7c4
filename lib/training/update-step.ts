import type { TokenBatch } from '../data/index.js';
import type { DecodeState, ForwardContext, LanguageModel } from '../models/index.js';
import type { GradScaler, Optimizer } from '../optim/index.js';
import { aten, noGrad, tensor, withGenerator, zeros } from '../tensor/index.js';
import type { Generator, Tensor } from '../tensor/index.js';
import type { CarriedStates } from './carried-states.js';
import { clippedUpdate } from './clipped-update.js';
import { contextOf, countedTargets, deviceOf, kindOf, piecesOf, withTensors } from './micro-batch.js';
import { explainPrecision } from './precision.js';
import type { Precision } from './precision.js';
import { Runner } from './runner.js';
import type { StepMode } from './runner.js';

/** What updates are made with. */
export interface UpdateStepOptions {
  model: LanguageModel;
  optimizer: Optimizer;
  mode: StepMode;
  precision: Precision;
  /** The most that the norm of all gradients may be. */
  clipNorm: number | undefined;
  /** ε of the smoothed loss. */
  labelSmoothing: number;
  /** Scales the loss, so that small float16 gradients don't vanish. */
  scaler?: GradScaler | undefined;
  /** The factor of the squared log-partition. */
  zLoss: number;
  /** Whether stages of the model are passed through twice, to hold less. */
  checkpointing: boolean;
  /** What batches that continue each other hand on. */
  carried: CarriedStates;
  /** What dropout draws from. */
  generator: Generator;
  /** Change the gradients in place. */
  onGradients: readonly ((parameters: readonly Tensor[]) => void)[];
}

/** What one update found. */
export interface UpdateResult {
  /** Nats a counted target. */
  loss: number;
  gradNorm: number;
  /** Targets that counted. */
  tokens: number;
  /** Whether loss and gradients were finite; no weight has changed otherwise. */
  finite: boolean;
}

/** The numbers an update ends with. */
type UpdateTensors = Record<'loss' | 'norm', Tensor>;

/**
 * One update from one batch, in one piece as one program, or in several: then each adds its gradients, divided by the
 * targets of the whole batch, in a program for its shape, and a last program clips and updates.
 */
export class UpdateStep {
  private readonly whole = new Map<string, Runner<UpdateTensors>>();
  private readonly pieces = new Map<string, Runner<Record<string, Tensor>>>();
  private readonly last: Runner<UpdateTensors>;
  /** Summed loss of the pieces so far. */
  private readonly lossSum: Tensor;

  constructor(private readonly options: UpdateStepOptions) {
    this.lossSum = zeros([], { device: deviceOf(options.model) }).keep();
    this.last = new Runner((scale) => this.finish(this.lossSum.mul(scale)), options.mode);
  }

  /** Updates the weights by the mean loss over the batch, taken in `pieces`. */
  async run(batch: TokenBatch, pieces = 1): Promise<UpdateResult> {
    const tokens = countedTargets(batch);
    using scale = tensor(1 / Math.max(1, tokens), { device: deviceOf(this.options.model) }).keep();
    const updating = pieces === 1 ? this.runWhole(batch, scale) : this.runPieces(batch, pieces, scale);
    const { loss, norm } = await updating.catch((error: unknown) => explainPrecision(this.options.precision, error));
    return { loss, gradNorm: norm, tokens, finite: Number.isFinite(loss + norm) };
  }

  /** Frees the recordings; model and optimizer stay. */
  dispose(): void {
    for (const runner of [...this.whole.values(), ...this.pieces.values(), this.last]) runner.dispose();
    this.lossSum.dispose();
  }

  private async runWhole(batch: TokenBatch, scale: Tensor): Promise<{ loss: number; norm: number }> {
    const state = this.stateOf(batch);
    const runner = runnerFor(this.whole, kindOf(batch), () => this.runner(this.wholeStep(batch, state)));
    return await withTensors(batch, this.options.model, (tensors) => runner.run([scale, ...tensors]));
  }

  private async runPieces(batch: TokenBatch, count: number, scale: Tensor): Promise<{ loss: number; norm: number }> {
    this.options.optimizer.zeroGrad();
    this.lossSum.zero_();
    for (const [index, piece] of piecesOf(batch, count).entries()) {
      const state = this.stateOf(piece, index);
      const runner = runnerFor(this.pieces, kindOf(piece, index), () => this.runner(this.pieceStep(piece, state)));
      await withTensors(piece, this.options.model, (tensors) => runner.run([scale, ...tensors]));
    }
    return await this.last.run([scale]);
  }

  private runner<Output extends Readonly<Record<string, Tensor>>>(
    step: (...inputs: Tensor[]) => Output,
  ): Runner<Output> {
    return new Runner(step, this.options.mode);
  }

  /** The state that a piece goes on from; batches that don't continue each other have none. */
  private stateOf(piece: TokenBatch, index = 0): DecodeState | undefined {
    return this.options.carried.stateFor(piece, index);
  }

  /** Clear, forward, backward, clip, update; recorded, so it reads no value. */
  private wholeStep(like: TokenBatch, state?: DecodeState): (...inputs: Tensor[]) => UpdateTensors {
    return (scale, ...tensors) => {
      this.options.optimizer.zeroGrad();
      const lossSum = this.accumulate(scale, tensors, contextOf(tensors, like, true, state));
      return this.finish(lossSum.mul(scale));
    };
  }

  private pieceStep(like: TokenBatch, state?: DecodeState): (...inputs: Tensor[]) => Record<string, Tensor> {
    return (scale, ...tensors) => {
      const lossSum = this.accumulate(scale, tensors, contextOf(tensors, like, true, state));
      noGrad(() => this.lossSum.add_(lossSum));
      return {};
    };
  }

  private accumulate(scale: Tensor, tensors: readonly Tensor[], context: ForwardContext): Tensor {
    const { model, labelSmoothing, zLoss, checkpointing, precision, generator, scaler } = this.options;
    const [inputs, targets] = tensors as [Tensor, Tensor];
    const autocast = precision === 'float32' ? undefined : precision;
    const terms = { scale: scaler?.scaleLoss(scale) ?? scale, labelSmoothing, zLoss, autocast, checkpointing };
    return withGenerator(generator, () => model.accumulateGradients(inputs, targets, context, terms).lossSum);
  }

  /** Clip and update, or neither where loss or gradients are no numbers. */
  private finish(loss: Tensor): UpdateTensors {
    const { optimizer, clipNorm, scaler } = this.options;
    this.changeGradients();
    const { norm, skip } = clippedUpdate(optimizer, loss, clipNorm);
    scaler?.update(skip);
    return { loss, norm };
  }

  private changeGradients(): void {
    const { optimizer, onGradients, generator, scaler } = this.options;
    const parameters = optimizer.parameters();
    noGrad(() => {
      if (scaler) unscale(parameters, scaler.scale);
      withGenerator(generator, () => onGradients.forEach((change) => change(parameters)));
    });
  }
}

function unscale(parameters: readonly Tensor[], scale: Tensor): void {
  aten._foreach_div__Tensor(
    parameters.flatMap(({ grad }) => grad ?? []),
    scale,
  );
}

function runnerFor<T>(runners: Map<string, T>, kind: string, make: () => T): T {
  const found = runners.get(kind) ?? make();
  runners.set(kind, found);
  return found;
}
