import type { CoreAddon, DTypeName, Slot } from '../../lib/native/index.js';
import { encode } from './elements.js';

/** An argument of a call, before it is made. */
export type Term =
  | TensorTerm
  | { kind: 'list'; items: Term[] }
  | { kind: 'literal'; value: unknown }
  /** The result of the call before. */
  | { kind: 'result' };

/** A tensor of a call: what it is made of. */
export interface TensorTerm {
  kind: 'tensor';
  form: Form;
  dtype: DTypeName;
  shape: number[];
  /** The elements of the plain tensor that the form starts from, as raw bytes. */
  data: Uint8Array;
  requiresGrad: boolean;
}

/** A value that is no tensor. */
export function literal(value: unknown): Term {
  return { kind: 'literal', value };
}

/** The product of the sizes. */
export function numel(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A plain tensor that repeats these numbers. */
export function tensorOf(dtype: DTypeName, shape: number[], numbers: readonly number[] = [0]): TensorTerm {
  const all = Array.from({ length: numel(shape) }, (_, i) => numbers[i % numbers.length] ?? 0);
  return { kind: 'tensor', form: 'plain', dtype, shape, data: encode(all, dtype), requiresGrad: false };
}

/** Makes the value of a term; `result` is that of the call before. */
export function make(addon: CoreAddon, term: Term, result?: Slot): unknown {
  if (term.kind === 'literal') return term.value;
  if (term.kind === 'result') return result;
  if (term.kind === 'list') return term.items.map((item) => make(addon, item, result));
  const slot = reshaped(addon, addon.fromData(term.data, term.shape, term.dtype), term.form, term.shape);
  if (term.requiresGrad) addon.setRequiresGrad(slot, true);
  return slot;
}

/** Calls an operator by name; what it needs beyond the arguments keeps its default. */
function call(addon: CoreAddon, name: string, ...args: unknown[]): Slot {
  return addon.call(addon.operator(name).id, ...args) as Slot;
}

/** The tensor in another form; where a form does not go with its dtype, the plain one. */
function reshaped(addon: CoreAddon, plain: Slot, form: Form, shape: number[]): Slot {
  try {
    return forms[form](addon, plain, shape);
  } catch {
    return plain;
  }
}

/** Forms a tensor comes in. */
export const forms = {
  plain: (_, plain) => plain,
  strided: (addon, plain) =>
    call(addon, 'aten::slice.Tensor', call(addon, 'aten::cat', [plain, plain], -1), -1, 0, undefined, 2),
  transposed: (addon, plain) =>
    call(
      addon,
      'aten::transpose.int',
      call(addon, 'aten::clone', call(addon, 'aten::transpose.int', plain, 0, -1)),
      0,
      -1,
    ),
  expanded: (addon, plain, shape) =>
    call(addon, 'aten::expand', call(addon, 'aten::slice.Tensor', plain, 0, 0, 1), shape),
  offset: (addon, plain, [rows = 0]) =>
    call(addon, 'aten::narrow', call(addon, 'aten::cat', [plain, plain]), 0, rows, rows),
  sparse: (addon, plain) => call(addon, 'aten::to_sparse', plain),
  csr: (addon, plain) => call(addon, 'aten::to_sparse_csr', plain),
  meta: (addon, plain, shape) => call(addon, 'aten::empty.memory_format', shape, addon.dtype(plain), undefined, 'meta'),
  quantized: (addon, plain) => call(addon, 'aten::_make_per_tensor_quantized_tensor', plain, 0.1, 2),
  mkldnn: (addon, plain) => call(addon, 'aten::to_mkldnn', plain),
  overlap: (addon, plain, shape) => call(addon, 'aten::as_strided', plain, shape, shape.map(() => 1).fill(0, 0, 1)),
  conj: (addon, plain) => call(addon, 'aten::_conj', plain),
  neg: (addon, plain) => call(addon, 'aten::_neg_view', plain),
  zero: (addon, plain, shape) => call(addon, 'aten::_efficientzerotensor', shape, addon.dtype(plain)),
  lost: (addon, plain) => (addon.dispose(plain), plain),
} satisfies Record<string, (addon: CoreAddon, plain: Slot, shape: number[]) => Slot>;

/** The name of a form. */
export type Form = keyof typeof forms;
