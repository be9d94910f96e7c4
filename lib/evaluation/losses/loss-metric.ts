import type { TokenBatch } from '../../data/index.js';
import type { DecodeState, LanguageModel } from '../../models/interface/index.js';
import {
  BatchTensors,
  RecurrentStates,
  addMetrics,
  buildContext,
  compile,
  countTargets,
  describeLayout,
  listMetrics,
  readNumbers,
} from '../../step/index.js';
import type { CompiledFunction, StepMode } from '../../step/index.js';
import { noGrad } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { Metric } from '../metrics/metric.js';

type LossFunction = CompiledFunction<Record<string, Tensor>>;

/** The mean loss over every target that counts, in nats, in float32, without dropout and label smoothing. */
export class LossMetric implements Metric<TokenBatch>, Disposable {
  readonly name = 'loss';
  /** Targets that counted so far. */
  tokens = 0;
  private readonly functions = new Map<string, LossFunction>();
  private model: LanguageModel | undefined;
  private states: RecurrentStates | undefined;
  private lossSum = 0;
  private sums: Record<string, number> = {};

  constructor(private readonly mode: StepMode = 'program') {}

  /** What the model reports beside its loss, by name, each a counted target. */
  get metrics(): Record<string, number> {
    return Object.fromEntries(Object.entries(this.sums).map(([name, sum]) => [name, sum / this.tokens]));
  }

  /** Starts anew; recordings are kept as long as the model is the same. */
  start(model: LanguageModel): void {
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
    const layout = describeLayout(batch);
    const state = states.stateFor(batch);
    const compiled = this.functions.get(layout) ?? compile(createPass(model, batch, state), this.mode);
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

function createPass(model: LanguageModel, like: TokenBatch, state: DecodeState | undefined) {
  return (...tensors: Tensor[]): Record<string, Tensor> =>
    noGrad(() => {
      const [inputs, targets] = tensors as [Tensor, Tensor];
      const loss = model.loss(inputs, targets, buildContext(tensors, like, false, state));
      return { ...listMetrics(loss), lossSum: loss.lossSum };
    });
}
