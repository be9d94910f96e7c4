import { inspect } from 'node:util';
import { Tensor } from '../tensor/index.js';
import type { TensorTarget } from './convert.js';
import { convertTensor } from './convert.js';
import { printModule } from './print.js';
import { getRole, getUnusedCount } from './roles.js';
import { copyState } from './state.js';

/** Tensors by dotted name, as `blocks.0.attention.query.weight`. */
export type NamedTensors = Record<string, Tensor>;

/** One entry of a module: the dotted path of a property that holds a tensor or a module. */
type Entry<T> = [name: string, value: T];

/**
 * A building block of a model: its public properties that hold tensors, modules, or arrays of them are found by
 * themselves, so a subclass assigns them and writes `forward`.
 *
 * @example
 * class Twice extends Module {
 *   readonly inner = new Linear(4, 4);
 *   forward(x: Tensor): Tensor { return this.inner.forward(this.inner.forward(x)); }
 * }
 */
export abstract class Module {
  /** True while dropout is active where no {@link ForwardContext} says otherwise. */
  training = true;

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
    return listEntries(this).filter((entry): entry is Entry<Tensor> => entry[1] instanceof Tensor);
  }

  /** This module and all below it, parents first, by dotted path. */
  *namedModules(prefix = ''): Generator<Entry<Module>> {
    yield [prefix, this];
    for (const [name, child] of this.children()) yield* child.namedModules(joinPath(prefix, name));
  }

  /** Trainable tensors by dotted path; a tensor that is shared appears once, under its first path. */
  namedParameters(): NamedTensors {
    return this.collect((tensor) => getRole(tensor) === 'parameter');
  }

  /** Stored tensors that are not trained, by dotted path. */
  namedBuffers(): NamedTensors {
    return this.collect((tensor) => getRole(tensor) === 'buffer');
  }

  /** The trainable tensors in the order of {@link Module.namedParameters}. */
  parameters(): Tensor[] {
    return Object.values(this.namedParameters());
  }

  /** The number of trainable values, shared tensors counted once, padding rows not at all. */
  parameterCount(): number {
    return this.parameters().reduce((sum, tensor) => sum + tensor.numel - getUnusedCount(tensor), 0);
  }

  /** Sets training mode here and below. */
  train(mode = true): this {
    for (const [, module] of this.namedModules()) module.training = mode;
    return this;
  }

  /** Leaves training mode here and below. */
  eval(): this {
    return this.train(false);
  }

  /** Clears the gradients of all parameters. */
  zeroGrad(): void {
    for (const tensor of this.parameters()) tensor.grad = undefined;
  }

  /**
   * Moves every tensor to a device or a floating dtype, in this module and below; integer tensors keep their dtype.
   * @remarks The tensors are new ones: make the optimizer afterwards.
   */
  to(target: TensorTarget): this {
    const moved = new Map<Tensor, Tensor>();
    for (const [, module] of this.namedModules())
      replaceTensors(module, (tensor) => convertTensor(tensor, target, moved));
    return this;
  }

  /** The tensors that a checkpoint holds (parameters and buffers), shared, not copied. */
  stateDict(): NamedTensors {
    return this.collect((tensor) => getRole(tensor) !== 'nonPersistentBuffer');
  }

  /**
   * Copies stored values into this module's tensors; names, shapes and completeness are checked first.
   * @throws CheckpointError naming every missing, unknown and misshapen tensor at once; nothing is copied then.
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

function joinPath(prefix: string, name: string): string {
  return prefix === '' ? name : `${prefix}.${name}`;
}

function listEntries(module: Module): Entry<unknown>[] {
  return Object.entries(module).flatMap(([name, value]: Entry<unknown>) =>
    Array.isArray(value)
      ? value.map((item: unknown, index): Entry<unknown> => [`${name}.${index}`, item])
      : [[name, value]],
  );
}

function replaceTensors(module: Module, replace: (tensor: Tensor) => Tensor): void {
  const properties = module as unknown as Record<string, unknown>;
  for (const [name, value] of Object.entries(properties)) {
    if (value instanceof Tensor) properties[name] = replace(value);
    if (Array.isArray(value))
      properties[name] = value.map((item: unknown) => (item instanceof Tensor ? replace(item) : item));
  }
}
