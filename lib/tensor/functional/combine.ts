/** Makers of functions for operators of the commonest forms; ids are looked up at the first call. */
import { loadAddon } from '../../native/index.js';
import type { Scalar } from '../dtype.js';
import { bound } from '../operator.js';
import type { Tensor } from '../tensor.js';
import { slotOf, wrap } from '../tensor.js';

/** A function of one tensor. */
export type Unary = (x: Tensor) => Tensor;

/** A function of two tensors. */
export type Binary = (x: Tensor, other: Tensor) => Tensor;

/** A function of a tensor and a tensor or number, broadcast to one shape. */
export type Broadcast = (x: Tensor, other: Tensor | Scalar) => Tensor;

/** The function of an operator `(Tensor) -> Tensor`. */
export function unary(name: string): Unary {
  const op = bound(name);
  return (x) => wrap(loadAddon().call(op.id, slotOf(x, name)));
}

/** The function of an operator that changes its one tensor in place and returns it. */
export function unaryInPlace(name: string): Unary {
  const op = bound(name);
  return (x) => {
    loadAddon().call(op.id, slotOf(x, name));
    return x;
  };
}

/** The function of an operator `(Tensor, Tensor) -> Tensor`. */
export function binary(name: string): Binary {
  const op = bound(name);
  return (x, other) => wrap(loadAddon().call(op.id, slotOf(x, name), slotOf(other, name)));
}

/** The function of an operator with a `Tensor` and a `Scalar` overload. */
export function broadcast(name: string, scalarName: string): Broadcast {
  const op = bound(name);
  const scalarOp = bound(scalarName);
  return (x, other) =>
    typeof other === 'object'
      ? wrap(loadAddon().call(op.id, slotOf(x, name), slotOf(other, name)))
      : wrap(loadAddon().call(scalarOp.id, slotOf(x, name), other));
}

/** As {@link broadcast}, of an operator that changes its first tensor in place and returns it. */
export function broadcastInPlace(name: string, scalarName: string): Broadcast {
  const op = bound(name);
  const scalarOp = bound(scalarName);
  return (x, other) => {
    if (typeof other === 'object') loadAddon().call(op.id, slotOf(x, name), slotOf(other, name));
    else loadAddon().call(scalarOp.id, slotOf(x, name), other);
    return x;
  };
}
