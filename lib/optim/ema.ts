import type { OptionChecks } from '../core/index.js';
import { checkOptions, expectRange, raise } from '../core/index.js';
import { copyState } from '../nn/index.js';
import { aten, noGrad, scope, zeros } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import type { UpdateOptions, WeightAverage } from './interface/optimizer.js';
import { copyUnlessSkipped } from './copy-unless-skipped.js';

/** Settings of {@link EMA}. */
export interface EMAOptions {
  /** The fraction of the average that remains in each update (default 0.999). */
  decay?: number;
}

/** The keys of {@link EMAOptions}. */
export const emaKeys: OptionChecks<EMAOptions> = { decay: true };

/**
 * An exponential moving average of weights: e ← de + (1 − d)θ with d = min(decay, (1 + t) / (10 + t)) at update t,
 * so that the first weights are soon forgotten.
 *
 * @see Polyak and Juditsky 1992 for averages of iterates
 * @example
 * const ema = new EMA(model.namedParameters(), { decay: 0.999 });
 * optimizer.step();
 * ema.update();
 */
export class EMA implements WeightAverage {
  readonly decay: number;
  private readonly averages: Record<string, Tensor>;
  private readonly updates: Tensor;
  private trained: Tensor[] | undefined;

  /** @param parameters - by name, as `model.namedParameters()` gives them; the average starts as a copy */
  constructor(
    private readonly parameters: Record<string, Tensor>,
    options: EMAOptions = {},
  ) {
    const { decay = 0.999 } = checkOptions('EMA', options, emaKeys);
    this.decay = expectRange('EMA', 'decay', decay, { min: 0, below: 1 });
    this.averages = cloneTensors(parameters);
    const device = Object.values(parameters)[0]?.device ?? 'cpu';
    this.updates = zeros([], { dtype: 'float32', device }).keep();
  }

  /** Takes up the weights as they are now, or nothing where `skip` is 1; a program can record it. */
  update(options: Pick<UpdateOptions, 'skip'> = {}): void {
    const { skip } = checkOptions('EMA.update', options, { skip: true });
    if (this.trained !== undefined) throwMisplaced('update', 'the trained weights in place', 'their average');
    noGrad(() =>
      scope(() => {
        const averages = Object.values(this.averages);
        const steps = aten._foreach_sub_List(Object.values(this.parameters), averages);
        aten._foreach_mul__Tensor(steps, this.computeRate());
        const next = aten._foreach_add_List(averages, steps);
        copyUnlessSkipped([...averages, this.updates], [...next, this.updates.add(1)], skip);
      }),
    );
  }

  applyShadow(): void {
    if (this.trained !== undefined) throwMisplaced('applyShadow', 'the trained weights in place', 'their average');
    this.trained = Object.values(cloneTensors(this.parameters));
    this.copyWeights(Object.values(this.averages));
  }

  restore(): void {
    if (this.trained === undefined) throwMisplaced('restore', 'the average in place', 'the trained weights');
    this.copyWeights(this.trained);
    this.disposeTrained();
  }

  /** Starts anew from the weights as they are now. */
  reset(): void {
    if (this.trained !== undefined) throwMisplaced('reset', 'the trained weights in place', 'their average');
    noGrad(() => {
      aten._foreach_copy_(Object.values(this.averages), Object.values(this.parameters));
      this.updates.zero_();
    });
  }

  /** The averages by the names of the parameters, and the count of updates, shared, not copied. */
  stateDict(): Record<string, Tensor> {
    return { ...this.averages, updates: this.updates };
  }

  /** Copies a stored state into this one. @throws CheckpointError naming every tensor that does not fit */
  loadStateDict(state: Record<string, Tensor>): void {
    copyState('EMA', this.stateDict(), state);
  }

  /** Frees the averages. */
  dispose(): void {
    for (const value of Object.values(this.stateDict())) value.dispose();
    this.disposeTrained();
  }

  /** 1 − d of the coming update, 0-dim. */
  private computeRate(): Tensor {
    const warming = this.updates.add(1).div(this.updates.add(10));
    return warming.clamp({ max: this.decay }).neg().add(1);
  }

  private copyWeights(weights: readonly Tensor[]): void {
    noGrad(() => {
      aten._foreach_copy_(Object.values(this.parameters), weights);
    });
  }

  private disposeTrained(): void {
    for (const weight of this.trained ?? []) weight.dispose();
    this.trained = undefined;
  }
}

function cloneTensors(tensors: Record<string, Tensor>): Record<string, Tensor> {
  const named = Object.entries(tensors).map(([name, tensor]) => [name, scope(() => tensor.detach().clone()).keep()]);
  return Object.fromEntries(named) as Record<string, Tensor>;
}

function throwMisplaced(method: string, expected: string, received: string): never {
  raise('PAL_ARGUMENT', { where: `EMA.${method}`, expected, received });
}
