import { raise, show } from '../core/index.js';
import { loadAddon } from '../native/index.js';
import type { Slot } from '../native/index.js';
import type { DType } from './dtype.js';
import { getItemSize } from './dtype.js';
import { disown, keep, observe, observing } from './lifetimes/lifetime.js';

const brand = Symbol.for('palabra.tensor');

/**
 * A tensor of libtorch: a handle on a slot of the native table.
 *
 * @remarks It is freed by the {@link scope} it is made in, by `dispose()`, or by `using`; garbage collection
 * frees it only as a last resort, with a warning. Methods are those of the functional files, the tensor first.
 */
export class Tensor {
  /** @internal Use {@link tensor} and the other creation functions. */
  constructor(
    /** The place in the native table; stale after `dispose()`. */
    readonly slot: Slot,
  ) {}

  /** @internal Marks the class across realms. */
  get [brand](): true {
    return true;
  }

  /** The sizes of the axes. */
  get shape(): number[] {
    return loadAddon().shape(this.slot);
  }

  /** The steps between neighbours along each axis, in elements. */
  get strides(): number[] {
    return loadAddon().strides(this.slot);
  }

  /** The element type. */
  get dtype(): DType {
    return loadAddon().dtype(this.slot);
  }

  /** The device, as `cpu` or `cuda:0`. */
  get device(): string {
    return loadAddon().device(this.slot);
  }

  /** The number of axes. */
  get ndim(): number {
    return this.shape.length;
  }

  /** The number of elements. */
  get numel(): number {
    return this.shape.reduce((product, size) => product * size, 1);
  }

  /** The bytes one element takes. */
  get itemSize(): number {
    return getItemSize(this.dtype);
  }

  /** The bytes its elements take. */
  get bytes(): number {
    return this.numel * this.itemSize;
  }

  /** The size of an axis; negative ones count from the end. @throws ShapeError for an axis it hasn't */
  size(dim: number): number {
    const { shape } = this;
    const size = shape.at(dim);
    if (size === undefined || dim < -shape.length) {
      raise('PAL_SHAPE', { where: 'size', expected: `an axis of ${show(shape)}`, received: show(dim) });
    }
    return size;
  }

  /** Tests if the elements lie in row-major order without gaps. */
  get isContiguous(): boolean {
    return loadAddon().isContiguous(this.slot);
  }

  /** Tests if no recorded operation made it. */
  get isLeaf(): boolean {
    return loadAddon().isLeaf(this.slot);
  }

  /** The number of changes in place. */
  get version(): number {
    return loadAddon().version(this.slot);
  }

  /** The name of the autograd function that made it. */
  get gradFunction(): string | undefined {
    return loadAddon().gradFunction(this.slot);
  }

  /** Tests if gradients reach it. */
  get requiresGrad(): boolean {
    return loadAddon().requiresGrad(this.slot);
  }

  set requiresGrad(value: boolean) {
    loadAddon().setRequiresGrad(this.slot, value);
  }

  /** Sets {@link Tensor.requiresGrad} and returns the tensor. */
  requiresGrad_(value = true): this {
    loadAddon().setRequiresGrad(this.slot, value);
    return this;
  }

  /** The gradient that `backward` has gathered; set to `undefined` to clear it. */
  get grad(): Tensor | undefined {
    const slot = loadAddon().grad(this.slot);
    return slot === undefined ? undefined : wrap(slot);
  }

  set grad(value: Tensor | undefined) {
    loadAddon().setGrad(this.slot, value === undefined ? undefined : expectSlot(value, 'grad'));
  }

  /** Tests if it has been freed. */
  get isDisposed(): boolean {
    return !loadAddon().isLive(this.slot);
  }

  /** Frees it; freeing it twice does nothing. */
  dispose(): void {
    disown(this);
    if (loadAddon().isLive(this.slot)) loadAddon().dispose(this.slot);
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Takes it out of every scope, so it lives until `dispose()`. */
  keep(): this {
    keep(this);
    return this;
  }
}

/**
 * Makes the handle of a slot that the addon just gave.
 * @param slot - what a call of the addon gave; one handle a slot
 * @returns its handle
 */
export function wrap(slot: unknown): Tensor {
  const tensor = new Tensor(slot as Slot);
  return observing ? observe(tensor) : tensor;
}

/**
 * Tests if a value is a tensor, whichever copy of the class made it.
 * @param value - anything
 * @returns true for tensors, disposed ones included
 */
export function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && (value as Partial<Tensor>)[brand] === true;
}

/**
 * The slot of a tensor argument.
 * @param value - any shape, any dtype; anything else is refused
 * @param where - the caller's name, for the error
 * @returns its slot
 * @throws ArgumentError naming `where` for anything else
 */
export function expectSlot(value: Tensor, where: string): Slot {
  const slot = (value as Tensor | undefined | null)?.slot;
  return typeof slot === 'number' ? slot : throwNoTensor(value, where);
}

/**
 * The slot of an optional tensor argument.
 * @param value - any shape, any dtype, or nothing; anything else is refused
 * @param where - the caller's name, for the error
 * @returns its slot; undefined for nothing
 * @throws ArgumentError naming `where` for anything else
 */
export function expectOptionalSlot(value: Tensor | null | undefined, where: string): Slot | undefined {
  return value === undefined || value === null ? undefined : expectSlot(value, where);
}

/**
 * The slots of a list of tensors.
 * @param values - an array of tensors of any shape and dtype; anything else is refused
 * @param where - the caller's name, for the error
 * @returns their slots, in order
 * @throws ArgumentError naming `where` for anything else
 */
export function expectSlots(values: readonly Tensor[], where: string): Slot[] {
  if (!Array.isArray(values)) throwNoTensor(values, where, 'an array of tensors');
  return values.map((value) => expectSlot(value as Tensor, where));
}

function throwNoTensor(value: unknown, where: string, expected = 'a Tensor'): never {
  raise('PAL_ARGUMENT', { where, expected, received: show(value), fix: 'tensor(data) makes one of numbers.' });
}
