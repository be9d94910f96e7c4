import type { TokenBatch } from '../../data/index.js';
import type { DecodeState } from '../../models/interface/index.js';
import type { Module } from '../../nn/index.js';
import {
  BatchTensors,
  RecurrentStates,
  addMetrics,
  buildContext,
  compile,
  computeLoss,
  countTargets,
  describeLayout,
  listMetrics,
  readNumbers,
} from '../../step/index.js';
import type { CompiledFunction, Objective, StepMode } from '../../step/index.js';
import { noGrad } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { Metric } from '../metrics/metric.js';

type LossFunction = CompiledFunction<Record<string, Tensor>>;

/**
 * The mean loss over every target that counts, in float32, without dropout and label smoothing: the model's own, in nats,
 * or a loss that is given.
 */
export class LossMetric implements Metric<TokenBatch, Module>, Disposable {
  readonly name = 'loss';
  /** Targets that counted so far. */
  tokens = 0;
  private readonly functions = new Map<string, LossFunction>();
  private model: Module | undefined;
  private states: RecurrentStates | undefined;
  private lossSum = 0;
  private sums: Record<string, number> = {};

  /**
   * @param mode - recorded and replayed, or operator by operator
   * @param loss - what is measured (default: the loss of the language model)
   */
  constructor(
    private readonly mode: StepMode = 'program',
    private readonly loss?: Objective['loss'],
  ) {}

  /** What the model reports beside its loss, by name, each a counted target. */
  get metrics(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.sums).map(([name, sum]) => [name, sum / this.tokens]));
  }

  /** Starts anew; recordings are kept as long as the model is the same. */
  start(model: Module): void {
    if (model !== this.model) this.dispose();
    this.model = model;
    this.states ??= new RecurrentStates(model);
    this.tokens = 0;
    this.lossSum = 0;
    this.sums = {};
  }

  /** Takes in a batch; only after {@link LossMetric.start}. */
  async add(batch: TokenBatch): Promise<void> {
    const [model, states] = [this.model!, this.states!];
    const objective = { model, ...(this.loss && { loss: this.loss }) };
    const layout = describeLayout(batch);
    const state = states.stateFor(batch);
    const compiled = this.functions.get(layout) ?? compile(createPass(objective, batch, state), this.mode);
    this.functions.set(layout, compiled);
    using tensors = new BatchTensors(batch, model.device);
    const numbers = readNumbers(await compiled.run(...tensors.list));
    this.lossSum += numbers.lossSum!;
    this.tokens += countTargets(batch);
    addMetrics(this.sums, numbers);
  }

  /** @returns nats a token; NaN before the first target */
  result(): number {
    return this.lossSum / this.tokens;
  }

  /** Frees the recordings. */
  dispose(): void {
    for (const compiled of this.functions.values()) compiled.dispose();
    this.functions.clear();
    this.states?.dispose();
    this.states = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

function createPass(objective: Objective, like: TokenBatch, state: DecodeState | undefined) {
  return (...tensors: Tensor[]): Record<string, Tensor> =>
    noGrad(() => {
      const [inputs, targets] = tensors as [Tensor, Tensor];
      const loss = computeLoss(objective, { inputs, targets, context: buildContext(tensors, like, false, state) });
      return { ...listMetrics(loss), lossSum: loss.lossSum };
    });
}
