import { checkOptions } from '../core/index.js';
import type { OptionChecks } from '../core/index.js';
import { inspect } from 'node:util';
import { isTensor } from '../tensor/index.js';
import type { DType, Tensor } from '../tensor/index.js';
import { registerModule } from './decisions.js';
import type { TensorTarget } from './convert.js';
import { convertTensor, expectConvertible, tensorTargetKeys } from './convert.js';
import { printModule } from './print.js';
import { findModule, joinPath, listEntries, mapTensors } from './module-entries.js';
import type { Entry } from './module-entries.js';
import { getRole, getUnusedCount } from './roles.js';
import { countValues, getParameterRole } from './parameters.js';
import { copyState } from './state.js';

/** Tensors by dotted name, as `blocks.0.attention.query.weight`. */
export type NamedTensors = Record<string, Tensor>;

/** Settings of {@link Module.namedParameters}. */
export interface NamedParametersOptions {
  /** Leaves out those that are frozen (true), or all others (false); without it all are there. */
  trainable?: boolean;
}

/** The keys of {@link NamedParametersOptions}. */
export const namedParametersKeys: OptionChecks<NamedParametersOptions> = { trainable: true };

/**
 * A building block of a model: its public properties that hold tensors or modules, also in arrays and plain objects,
 * are found by themselves, so a subclass assigns them and writes `forward`.
 *
 * @remarks What lies in a Map, a Set or a tensor without a role is refused when the module is walked; a private
 * `#field` can't be seen at all, so keep tensors and modules in TypeScript's `private` properties.
 * @example
 * class Twice extends Module {
 *   readonly inner = new Linear(4, 4);
 *   forward(x: Tensor): Tensor { return this.inner.forward(this.inner.forward(x)); }
 * }
 */
export abstract class Module {
  /** True while dropout is active where no `ForwardContext` says otherwise. */
  training = true;

  constructor() {
    registerModule(this);
  }

  /** The text in brackets after the class name when printed, as `128 → 512`. */
  extraRepr(): string {
    return '';
  }

  /** Modules held directly by this one, by property name (`blocks.0` for an array). */
  children(): Entry<Module>[] {
    return listEntries(this).filter((entry): entry is Entry<Module> => entry[1] instanceof Module);
  }

  /** Tensors held directly by this module, by property name. */
  ownTensors(): Entry<Tensor>[] {
    return listEntries(this).filter((entry): entry is Entry<Tensor> => isTensor(entry[1]));
  }

  /**
   * This module and all below it, parents first, by dotted path.
   * @param prefix - the path of this one, which the others begin with (default: empty)
   * @returns pairs of a path and a module
   */
  *namedModules(prefix = ''): Generator<Entry<Module>> {
    yield [prefix, this];
    for (const [name, child] of this.children()) yield* child.namedModules(joinPath(prefix, name));
  }

  /**
   * Parameters by dotted path; a tensor that is shared appears once, under its first path.
   * @param options - which of them
   * @param options.trainable - leaves out frozen parameters (true), or all others (false)
   */
  namedParameters(options: NamedParametersOptions = {}): NamedTensors {
    const { trainable } = checkOptions('Module.namedParameters', options, namedParametersKeys);
    return this.collect(
      (tensor) =>
        getRole(tensor)?.type === 'parameter' && (trainable === undefined || tensor.requiresGrad === trainable),
    );
  }

  /** Stored tensors that are not trained, by dotted path; weights that are held in a shorter type are none of them. */
  namedBuffers(): NamedTensors {
    return this.collect((tensor) => getRole(tensor)?.type === 'buffer');
  }

  /** The parameters in the order of {@link Module.namedParameters}. */
  parameters(): Tensor[] {
    return Object.values(this.namedParameters());
  }

  /** The number of values of all parameters and quantized weights, shared ones counted once, padding rows not at all. */
  parameterCount(): number {
    const counted = this.ownedTensors().filter((tensor) => getParameterRole(tensor) !== undefined);
    return counted.reduce((sum, tensor) => sum + countValues(tensor) - getUnusedCount(tensor), 0);
  }

  /**
   * Sets training mode here and below.
   * @param mode - true while dropout acts (default true)
   * @returns this module
   */
  train(mode = true): this {
    for (const [, module] of this.namedModules()) module.training = mode;
    return this;
  }

  /** Leaves training mode here and below. */
  eval(): this {
    return this.train(false);
  }

  /** The device of its tensors, as `cpu` or `cuda:0`: that of the first parameter; `cpu` for a module without any. */
  get device(): string {
    return this.firstParameter()?.device ?? 'cpu';
  }

  /** The element type of its parameters: that of the first; `float32` for a module without any. */
  get dtype(): DType {
    return this.firstParameter()?.dtype ?? 'float32';
  }

  /**
   * Excludes the parameters here and below from training: they get no gradients and no optimizer state.
   * @remarks Make the optimizer, and record programs, afterwards.
   */
  freeze(): this {
    for (const tensor of this.parameters()) tensor.requiresGrad = false;
    return this;
  }

  /** Takes the parameters here and below into training again; make the optimizer afterwards. */
  unfreeze(): this {
    for (const tensor of this.parameters()) tensor.requiresGrad = true;
    return this;
  }

  /**
   * Puts another module in the place of one below, as an adapter that wraps it; training mode is that of the old one.
   *
   * @param path - the dotted path of the old one, as `blocks.0.attention.query`
   * @param module - the new one, which the callers of the old one can call in the same way
   * @returns the old one, which lives on
   * @throws ArgumentError when there is no module at the path
   * @example model.replace('head', new LoraLinear(model.head));
   */
  replace(path: string, module: Module): Module {
    const { holder, key, found } = findModule(this, path);
    const old = found as Module;
    holder[key] = module.train(old.training);
    return old;
  }

  /** Clears the gradients of all parameters. */
  zeroGrad(): void {
    for (const tensor of this.parameters()) tensor.grad = undefined;
  }

  /**
   * Moves every tensor to a device or a floating dtype, in this module and below; integer tensors keep their dtype, and
   * so do weights that `quantizeWeights` holds in a shorter type, around which only float32 is allowed.
   * @param target - a dtype, a device, or both
   * @returns this module
   * @remarks The tensors are new ones: make the optimizer afterwards.
   */
  to(target: TensorTarget): this {
    checkOptions('Module.to', target, tensorTargetKeys);
    expectConvertible('Module.to', this.ownedTensors(), target);
    const moved = new Map<Tensor, Tensor>();
    for (const [, module] of this.namedModules()) mapTensors(module, (tensor) => convertTensor(tensor, target, moved));
    return this;
  }

  /** The tensors that a checkpoint holds (parameters and buffers), shared, not copied. */
  stateDict(): NamedTensors {
    return this.collect((tensor) => getRole(tensor)?.type !== 'nonPersistentBuffer');
  }

  /**
   * Copies stored values into this module's tensors; names, shapes and completeness are checked first.
   * @param state - a tensor for each of {@link Module.stateDict}, in its shape; dtypes and devices as they are
   * @throws CheckpointError naming every missing, unknown and misshapen tensor at once; nothing is copied then
   */
  loadStateDict(state: NamedTensors): void {
    copyState(this.constructor.name, this.stateDict(), state);
  }

  /** Every tensor of this module and below, whatever its role; a shared one once. */
  ownedTensors(): Tensor[] {
    return Object.values(this.collect(() => true));
  }

  /** Frees every tensor of this module and below. */
  dispose(): void {
    for (const tensor of this.ownedTensors()) tensor.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The tree of modules with their parameter counts. */
  toString(): string {
    return printModule(this);
  }

  [inspect.custom](): string {
    return this.toString();
  }

  private firstParameter(): Tensor | undefined {
    for (const [, module] of this.namedModules()) {
      const own = module.ownTensors().find(([, tensor]) => getRole(tensor)?.type === 'parameter');
      if (own !== undefined) return own[1];
    }
    return undefined;
  }

  private collect(wanted: (tensor: Tensor) => boolean): NamedTensors {
    const seen = new Set<Tensor>();
    const found: NamedTensors = {};
    for (const [path, module] of this.namedModules()) {
      for (const [name, tensor] of module.ownTensors()) {
        if (wanted(tensor) && !seen.has(tensor)) found[joinPath(path, name)] = tensor;
        seen.add(tensor);
      }
    }
    return found;
  }
}
