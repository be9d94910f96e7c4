/** The methods of {@link Tensor}: every function over tensors, with the tensor as its first argument. */
import { inspect } from 'node:util';
import { backward } from './autograd/autograd.js';
import type { BackwardOptions } from './autograd/autograd.js';

import type { Scalar } from './dtype.js';
import * as functional from './functional/index.js';
import type { TensorIndex, ReductionOptions, Sizes, ValuesAndIndices } from './functional/index.js';
import { to } from './convert.js';
import { formatTensor } from './conversion/printing.js';
import { Tensor } from './tensor.js';
import { bits, data, item, tolist, write } from './conversion/to-data.js';
import type { Nested, TypedArray } from './conversion/typed-arrays.js';

/** Functions whose first argument isn't the tensor, or is a list. */
const standalone = [
  'arange',
  'cat',
  'einsum',
  'empty',
  'eye',
  'full',
  'linspace',
  'normal',
  'ones',
  'rand',
  'randint',
  'randn',
  'randperm',
  'slice',
  'stack',
  'where',
  'zeros',
] as const;

/** Functions with a list of further arguments. */
const variadic = ['broadcastTo', 'expand', 'flip', 'index', 'permute', 'repeat', 'reshape', 'view'] as const;

/** Functions that give different things with and without an axis. */
type Overloaded = 'max' | 'median' | 'min';

type Functions = typeof functional;
type FunctionName = Exclude<keyof Functions, (typeof standalone)[number] | (typeof variadic)[number] | Overloaded>;

/** A function as a method: without its first argument. */
type Method<F> = F extends (x: Tensor, ...rest: infer Rest) => infer Result ? (...rest: Rest) => Result : never;

/** The methods that functions of the same names give. */
export type FunctionMethods = { [Name in FunctionName]: Method<Functions[Name]> };

declare module './tensor.js' {
  interface Tensor extends FunctionMethods {
    /** The tensor broadcast to a shape, without a copy. */
    broadcastTo(...shape: Sizes): Tensor;
    /** Axes of size 1 repeated to the given sizes, without a copy; −1 leaves an axis as it is. */
    expand(...shape: Sizes): Tensor;
    /** The elements in reverse order along axes. */
    flip(...dims: Sizes): Tensor;
    /** The elements at an index: one part an axis, as `x[...]` in PyTorch. */
    index(...parts: TensorIndex[]): Tensor;
    /** The axes in another order. */
    permute(...order: Sizes): Tensor;
    /** The whole tensor repeated along each axis. */
    repeat(...repeats: Sizes): Tensor;
    /** The same elements in another shape; one size may be −1. Copies only when a view can't do it. */
    reshape(...shape: Sizes): Tensor;
    /** As `reshape`, but always a view. */
    view(...shape: Sizes): Tensor;
    /** The greatest element. */
    max(): Tensor;
    /** The greatest elements along an axis and where they stand. */
    max(dim: number, options?: ReductionOptions): ValuesAndIndices;
    /** The least element. */
    min(): Tensor;
    /** The least elements along an axis and where they stand. */
    min(dim: number, options?: ReductionOptions): ValuesAndIndices;
    /** The middle element, the lower one of two. */
    median(): Tensor;
    /** The middle elements along an axis and where they stand. */
    median(dim: number, options?: ReductionOptions): ValuesAndIndices;
    /** Adds its gradient to `grad` of every leaf it depends on. */
    backward(gradient?: Tensor, options?: Omit<BackwardOptions, 'gradients'>): void;
    /** The one element; a boolean for bool, a bigint for an int64 beyond 2⁵³. */
    item<T extends Scalar = number>(): T;
    /** A copy of the elements in row-major order, as the dtype's typed array. */
    data(): TypedArray;
    /** A copy of the elements' bit patterns in row-major order, as unsigned integers of their size. */
    bits(): TypedArray;
    /** The elements as nested arrays. */
    tolist(): Nested;
    /** Overwrites the elements in place with values in row-major order. */
    write(values: TypedArray): Tensor;
    /** The tensor as another dtype or on another device. */
    to: Method<typeof to>;
    /** The tensor as text: its values, shape and dtype. */
    toString(): string;
    /** The text that `console.log` shows. */
    [inspect.custom](): string;
  }
}

type AnyFunction = (...args: unknown[]) => unknown;

const skipped: ReadonlySet<string> = new Set(standalone);
const listing: ReadonlySet<string> = new Set(variadic);

/** A fixed number of arguments is faster to pass on than a list of any length. */
function createMethod(fn: AnyFunction): AnyFunction {
  return function (this: Tensor, a?: unknown, b?: unknown, c?: unknown, d?: unknown) {
    return fn(this, a, b, c, d);
  };
}

function createVariadicMethod(fn: AnyFunction): AnyFunction {
  return function (this: Tensor, ...rest: unknown[]) {
    return fn(this, ...rest);
  };
}

function install(name: PropertyKey, value: AnyFunction): void {
  Object.defineProperty(Tensor.prototype, name, { value, writable: true, configurable: true });
}

for (const [name, fn] of Object.entries(functional) as [string, AnyFunction][]) {
  if (!skipped.has(name)) install(name, listing.has(name) ? createVariadicMethod(fn) : createMethod(fn));
}
for (const fn of [bits, data, item, to, tolist, write] as AnyFunction[]) install(fn.name, createMethod(fn));

install('toString', createMethod(formatTensor as AnyFunction));
install(inspect.custom, createMethod(formatTensor as AnyFunction));
install('backward', function (this: Tensor, gradient?: unknown, options?: BackwardOptions) {
  backward(this, { ...options, gradients: gradient as Tensor | undefined });
} as AnyFunction);
