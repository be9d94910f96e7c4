import { checkOptions, expectRange, raise } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import { copyState } from '../../nn/index.js';
import { noGrad, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { resolveGroups } from './parameter-group.js';
import type { ParameterGroup, ResolvedGroup } from './parameter-group.js';

/** Settings of a single update; both stay on the device, so that a recorded program sees their values. */
export interface UpdateOptions {
  /** 0-dim float32: gradients are divided by it, and stay so. */
  gradientDivisor?: Tensor | undefined;
  /** 0-dim float32: 1 leaves weights and state as they are, 0 updates. */
  skip?: Tensor | undefined;
}

/** Puts a prepared update in place. */
export type UpdateApplication = () => void;
/** The keys of {@link UpdateOptions}. */
export const updateKeys: OptionChecks<UpdateOptions> = { gradientDivisor: true, skip: true };

/** One parameter with its gradient and the optimizer's tensors for it. */
export interface ParameterEntry {
  parameter: Tensor;
  gradient: Tensor;
  state: Record<string, Tensor>;
}

/** Weights that stand in for the trained ones while a model is evaluated or published. */
export interface WeightAverage {
  /** Puts the average in the place of the trained weights, which are kept. @throws ArgumentError when it is there */
  applyShadow(): void;
  /** Puts the trained weights back, bit by bit. @throws ArgumentError when they are there */
  restore(): void;
}

/** Settings all optimizers share. */
export interface OptimizerOptions {
  learningRate: number;
  weightDecay: number;
}

/** The keys of {@link OptimizerOptions}. */
export const optimizerKeys: OptionChecks<OptimizerOptions> = { learningRate: true, weightDecay: true };

/** The methods that leave weights and state as they are where `skip` is 1. */
const skipAware = new WeakSet<object>();
const updateMethods = ['step', 'prepareUpdate'] as const;

/** Updates parameters from their gradients. Its learning rate is a tensor, so a recorded step follows a schedule. */
export abstract class Optimizer {
  readonly groups: ResolvedGroup[];
  private readonly state = new Map<Tensor, Record<string, Tensor>>();
  private rate: number;
  private hasState = false;

  constructor(groups: readonly ParameterGroup[], options: OptimizerOptions) {
    checkOptions('Optimizer', options, optimizerKeys);
    this.rate = expectRange(new.target.name, 'learningRate', options.learningRate, { min: 0 });
    expectRange(new.target.name, 'weightDecay', options.weightDecay, { min: 0 });
    this.groups = resolveGroups(new.target.name, groups, options);
  }

  /**
   * Says that the updates of a class leave weights and state as they are where `skip` is 1. A training step puts copies back
   * for classes that don't say so, as for those that override a method of one that does.
   * @param prototype - of the class, in whose `static` block it is called
   */
  protected static honourSkip(prototype: Optimizer): void {
    for (const method of updateMethods) skipAware.add(readMethod(prototype, method));
  }

  /** True for a class that has said that it looks at `skip`. */
  get honoursSkip(): boolean {
    return updateMethods.every((method) => skipAware.has(readMethod(this, method)));
  }

  /** The learning rate before each group's scale. */
  get learningRate(): number {
    return this.rate;
  }

  set learningRate(value: number) {
    this.rate = expectRange(this.constructor.name, 'learningRate', value, { min: 0 });
    for (const group of this.groups) {
      const values = [value * group.learningRateScale];
      group.learningRate.write(
        group.learningRate.dtype === 'float64' ? new Float64Array(values) : new Float32Array(values),
      );
    }
  }

  /** The weights to evaluate and publish, where they aren't those that are trained. */
  get average(): WeightAverage | undefined {
    return undefined;
  }

  /** Every parameter of every group. */
  parameters(): Tensor[] {
    return this.groups.flatMap((group) => Object.values(group.parameters));
  }

  /** Clears the gradients of all parameters. */
  zeroGrad(): void {
    for (const parameter of this.parameters()) parameter.grad = undefined;
  }

  /** Updates every parameter that has a gradient: all of them, or none where memory runs out. */
  step(options: UpdateOptions = {}): void {
    checkOptions('Optimizer.step', options, updateKeys);
    this.ensureState();
    noGrad(() => {
      scope(() => {
        const applications = this.groups.map((group) => this.prepareGroup(group, options));
        for (const apply of applications) apply();
      });
    });
  }

  /** The optimizer's tensors by name, as `blocks.0.weight.firstMoment` and `groups[0].step`, shared, not copied. */
  stateDict(): Record<string, Tensor> {
    this.ensureState();
    const parameters = this.groups.flatMap((group) => Object.entries(group.parameters));
    return Object.fromEntries([
      ...this.groups.flatMap((group, index) => prefixNames(`groups[${index}]`, group.state)),
      ...parameters.flatMap(([name, parameter]) => prefixNames(name, this.getState(parameter))),
    ]);
  }

  /** Copies a stored state into this one. @throws CheckpointError naming every tensor that does not fit */
  loadStateDict(state: Record<string, Tensor>): void {
    copyState(this.constructor.name, this.stateDict(), state);
  }

  /** Frees the optimizer's tensors; parameters stay. */
  dispose(): void {
    for (const value of Object.values(this.stateDict())) value.dispose();
    for (const group of this.groups) group.learningRate.dispose();
    this.state.clear();
  }

  /** The tensors kept for one parameter, at their initial values. */
  protected abstract newState(parameter: Tensor, group: ResolvedGroup): Record<string, Tensor>;

  /** The tensors kept for a group as a whole, at their initial values. */
  protected newGroupState(_group: ResolvedGroup): Record<string, Tensor> {
    return {};
  }

  /**
   * Prepares the update of the entries of one group, gradients off: makes every tensor that it needs, and changes nothing.
   * @returns what changes parameters, gradients and state in place, and makes no tensor
   */
  protected abstract prepareUpdate(
    group: ResolvedGroup,
    entries: ParameterEntry[],
    options: UpdateOptions,
  ): UpdateApplication;

  /**
   * Makes the state of all parameters but frozen ones, once: at the end of a constructor, or when the state is first asked
   * for, as a training step does before it records.
   */
  protected initializeState(): void {
    this.hasState = true;
    for (const group of this.groups) this.initializeGroup(group);
    for (const value of Object.values(this.stateDict())) value.keep();
  }

  /** The tensors of one parameter. */
  protected getState(parameter: Tensor): Record<string, Tensor> {
    return this.state.get(parameter) ?? {};
  }

  private ensureState(): void {
    if (!this.hasState) this.initializeState();
  }

  private prepareGroup(group: ResolvedGroup, options: UpdateOptions): UpdateApplication {
    const entries = this.entries(group);
    return entries.length > 0 ? this.prepareUpdate(group, entries, options) : () => undefined;
  }

  private initializeGroup(group: ResolvedGroup): void {
    group.state = scope(() => this.newGroupState(group));
    for (const parameter of Object.values(group.parameters)) {
      if (!parameter.requiresGrad) continue;
      const state = noGrad(() => scope(() => this.newState(parameter, group)));
      this.state.set(parameter, state);
    }
  }

  private entries({ parameters }: ResolvedGroup): ParameterEntry[] {
    return Object.entries(parameters).flatMap(([name, parameter]) => {
      const gradient = parameter.grad;
      return gradient === undefined ? [] : [{ parameter, gradient, state: this.requireState(name, parameter) }];
    });
  }

  private requireState(name: string, parameter: Tensor): Record<string, Tensor> {
    const state = this.state.get(parameter);
    if (state !== undefined) return state;
    raise('PAL_ARGUMENT', {
      where: `${this.constructor.name}.step`,
      expected: 'gradients of weights that were trained when the optimizer was made',
      received: `one of ${name}, which was frozen then`,
      fix: 'Unfreeze weights first, then make the optimizer.',
    });
  }
}

function readMethod(optimizer: Optimizer, name: (typeof updateMethods)[number]): object {
  return (optimizer as unknown as Record<string, object>)[name]!;
}

function prefixNames(owner: string, state: Record<string, Tensor>): [string, Tensor][] {
  return Object.entries(state).map(([part, value]) => [`${owner}.${part}`, value]);
}
