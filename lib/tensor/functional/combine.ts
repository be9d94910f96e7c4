/** Makers of functions for operators of the commonest forms; ids are looked up at the first call. */
import { loadAddon } from '../../native/index.js';
import type { Scalar } from '../dtype.js';
import { bindOperator } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { expectSlot, wrap } from '../tensor.js';

/**
 * A function of one tensor.
 * @param x - any shape; the dtypes that its operator takes
 * @returns a tensor of the operator's shape and dtype; `x` itself of a function that changes it in place
 */
export type Unary = (x: Tensor) => Tensor;

/**
 * A function of two tensors.
 * @param x - any shape; the dtypes that its operator takes
 * @param other - a tensor that fits `x`: an element-by-element operator broadcasts the two
 * @returns a tensor of the operator's shape and dtype
 */
export type Binary = (x: Tensor, other: Tensor) => Tensor;

/**
 * A function of a tensor and a tensor or number, broadcast to one shape.
 * @param x - any shape; the dtypes that its operator takes
 * @param other - a number, or a tensor that broadcasts with `x` (in place: to the shape of `x`)
 * @returns the broadcast shape, the promoted dtype or bool; `x` itself of a function that changes it in place
 */
export type Broadcast = (x: Tensor, other: Tensor | Scalar) => Tensor;

/**
 * The function of an operator `(Tensor) -> Tensor`.
 * @param name - `namespace::name.overload`, of the schema `(Tensor) -> Tensor`
 * @returns a function that calls it, and returns a new tensor or view as it does
 */
export function defineUnary(name: string): Unary {
  const op = bindOperator(name);
  return (x) => wrap(loadAddon().call(op.id, expectSlot(x, name)));
}

/**
 * The function of an operator that changes its one tensor in place and returns it.
 * @param name - `namespace::name.overload`, of the schema `(Tensor(a!)) -> Tensor(a!)`
 * @returns a function that calls it and returns its argument
 */
export function defineUnaryInPlace(name: string): Unary {
  const op = bindOperator(name);
  return (x) => {
    loadAddon().call(op.id, expectSlot(x, name));
    return x;
  };
}

/**
 * The function of an operator `(Tensor, Tensor) -> Tensor`.
 * @param name - `namespace::name.overload`, of the schema `(Tensor, Tensor) -> Tensor`
 * @returns a function that calls it and returns a new tensor
 */
export function defineBinary(name: string): Binary {
  const op = bindOperator(name);
  return (x, other) => wrap(loadAddon().call(op.id, expectSlot(x, name), expectSlot(other, name)));
}

/**
 * The function of an operator with a `Tensor` and a `Scalar` overload.
 * @param name - the overload for two tensors, `namespace::name.overload`
 * @param scalarName - the overload for a tensor and a number
 * @returns a function that calls the one that fits its second argument and returns a new tensor
 */
export function defineBroadcast(name: string, scalarName: string): Broadcast {
  const op = bindOperator(name);
  const scalarOp = bindOperator(scalarName);
  return (x, other) =>
    typeof other === 'object'
      ? wrap(loadAddon().call(op.id, expectSlot(x, name), expectSlot(other, name)))
      : wrap(loadAddon().call(scalarOp.id, expectSlot(x, name), other));
}

/**
 * As {@link defineBroadcast}, of an operator that changes its first tensor in place and returns it.
 * @param name - the overload for two tensors, `namespace::name.overload`
 * @param scalarName - the overload for a tensor and a number
 * @returns a function that calls the one that fits its second argument and returns its first
 */
export function defineBroadcastInPlace(name: string, scalarName: string): Broadcast {
  const op = bindOperator(name);
  const scalarOp = bindOperator(scalarName);
  return (x, other) => {
    if (typeof other === 'object') loadAddon().call(op.id, expectSlot(x, name), expectSlot(other, name));
    else loadAddon().call(scalarOp.id, expectSlot(x, name), other);
    return x;
  };
}
