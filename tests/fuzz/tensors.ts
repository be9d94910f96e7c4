import type { CoreAddon, DTypeName, Slot } from '../../lib/native/index.js';
import type { Draw } from './draw.js';

/** A value of a call: how to write it down, and how to make it. */
export interface Value {
  text: string;
  make: (addon: CoreAddon) => unknown;
}

/** What the tensors of one call have in common. */
export interface Family {
  shape: number[];
  dtype: DTypeName;
  /** The probability that a choice is a wild one. */
  wild: number;
  operator: string;
}

const dtypes: readonly DTypeName[] = [
  'float32',
  'float64',
  'float16',
  'bfloat16',
  'int64',
  'int32',
  'int16',
  'int8',
  'uint8',
  'bool',
  'complex64',
  'complex128',
];
const elementBytes: Record<DTypeName, number> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint8: 1,
  bool: 1,
  complex64: 8,
  complex128: 16,
};
const floating = new Set<DTypeName>(['float32', 'float64', 'float16', 'bfloat16', 'complex64', 'complex128']);

/** Forms a tensor comes in; those of the second list only where a call is wild. */
const tameForms = ['plain', 'plain', 'plain', 'plain', 'plain', 'strided', 'transposed', 'expanded', 'offset'] as const;
const wildForms = [
  'sparse',
  'sparse',
  'csr',
  'meta',
  'quantized',
  'mkldnn',
  'overlap',
  'conj',
  'neg',
  'zero',
  'lost',
] as const;
type Form = (typeof tameForms)[number] | (typeof wildForms)[number];

/** The element types of a call. */
export function drawDType(draw: Draw): DTypeName {
  return draw.chance(0.5) ? 'float32' : draw.pick(dtypes);
}

/** A shape of up to five axes, each short, seldom empty. */
export function drawShape(draw: Draw): number[] {
  const axes = draw.pick([0, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5]);
  return Array.from({ length: axes }, () => draw.pick([1, 1, 2, 2, 3, 3, 4, 4, 5, 8, draw.chance(0.2) ? 0 : 2]));
}

/** A tensor for the argument `name`, fitting its family more often than not. */
export function drawTensor(draw: Draw, family: Family, name: string): Value {
  if (draw.chance(family.wild * 0.2)) return notATensor(draw);
  const index = indexLike.test(name) && draw.chance(0.85);
  const dtype = index ? draw.pick(['int64', 'int64', 'int64', 'int32'] as const) : drawOwnDType(draw, family);
  const shape = drawOwnShape(draw, family, name);
  const form: Form = draw.chance(family.wild) ? draw.pick(wildForms) : draw.pick(tameForms);
  const grad = floating.has(dtype) && form !== 'lost' && draw.chance(0.2);
  return tensorValue(shape, dtype, form, drawBytes(draw, shape, dtype, index), grad);
}

const indexLike =
  /ind(ex|ices)|target|offset|length|batch_sizes|row|col|crow|pivots|seq|steps|bucket|labels|bag|info|mapping|count/;

function drawOwnDType(draw: Draw, family: Family): DTypeName {
  return draw.chance(0.85) ? family.dtype : drawDType(draw);
}

function drawOwnShape(draw: Draw, family: Family, name: string): number[] {
  const hinted = hintedShape(draw, family, name);
  if (hinted && draw.chance(0.8)) return hinted;
  const { shape } = family;
  if (draw.chance(0.6)) return shape;
  if (draw.chance(0.25)) return shape.slice(-1);
  if (draw.chance(0.25)) return shape.slice(0, -1);
  if (draw.chance(0.25)) return [...shape.slice(0, -2), ...shape.slice(-2).reverse()];
  if (draw.chance(0.2)) return shape.map(() => 1);
  return drawShape(draw);
}

const spatial: [RegExp, number][] = [
  [/1d/, 1],
  [/3d/, 3],
  [/2d|conv|pool|norm|upsample|grid|pixel|im2col|col2im/, 2],
];

/** Shapes under which operators with demands of their own get past their checks. */
function hintedShape(draw: Draw, family: Family, name: string): number[] | undefined {
  const axes = spatial.find(([pattern]) => pattern.test(family.operator))?.[1];
  if (/lstm|gru|rnn/.test(family.operator)) return recurrentShape(name);
  if (family.operator.includes('attention')) return [2, 2, 4, 8];
  if (/linalg|cholesky|lu_|solve|inverse|matrix|eig|qr|svd|det/.test(family.operator))
    return draw.pick([
      [3, 3],
      [2, 3, 3],
    ]);
  if (axes === undefined) return undefined;
  const channels = draw.pick([2, 4]);
  if (/bias|mean|var|invstd/.test(name)) return [channels];
  if (name.includes('weight'))
    return family.operator.includes('norm') ? [channels] : [4, channels, ...Array<number>(axes).fill(3)];
  return [2, 4, ...Array<number>(axes).fill(draw.pick([4, 5, 6]))];
}

function recurrentShape(name: string): number[] | undefined {
  if (/^(hx|cx|h0|c0)$/.test(name)) return [1, 2, 4];
  if (/w_ih|w_hh|weight/.test(name)) return [16, 4];
  if (/b_ih|b_hh|bias/.test(name)) return [16];
  return /input|data/.test(name) ? [3, 2, 4] : undefined;
}

function notATensor(draw: Draw): Value {
  const value = draw.pick<unknown>([undefined, null, 0, -1, 1.5, NaN, 2 ** 24, 2 ** 60, 'tensor', true, {}, []]);
  return { text: String(value), make: () => value };
}

function numel(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Bytes of the elements: small numbers, seldom raw bits. */
function drawBytes(draw: Draw, shape: number[], dtype: DTypeName, index: boolean): Uint8Array {
  const count = numel(shape);
  if (draw.chance(0.08)) return draw.bytes(count * elementBytes[dtype]);
  const bad = draw.chance(0.1);
  const number = () => (index ? draw.integer(bad ? -9 : 0, bad ? 99 : 2) : draw.float());
  return encode(Array.from({ length: count }, number), dtype);
}

/** Numbers as the raw bytes of a dtype; half-precision floats keep the upper bits of a float32. */
function encode(numbers: number[], dtype: DTypeName): Uint8Array {
  const whole = numbers.map((number) => Math.trunc(Number.isFinite(number) ? number % 2 ** 31 : 0));
  const bytes = (array: ArrayBufferView) => new Uint8Array(array.buffer);
  if (dtype === 'int64') return bytes(BigInt64Array.from(whole, BigInt));
  if (dtype === 'int32') return bytes(Int32Array.from(whole));
  if (dtype === 'int16') return bytes(Int16Array.from(whole));
  if (dtype === 'int8' || dtype === 'uint8') return bytes(Int8Array.from(whole));
  if (dtype === 'bool') return Uint8Array.from(whole, (number) => number & 1);
  if (dtype === 'float64') return bytes(Float64Array.from(numbers));
  if (dtype === 'complex64') return bytes(Float32Array.from(numbers.flatMap((number) => [number, 1])));
  if (dtype === 'complex128') return bytes(Float64Array.from(numbers.flatMap((number) => [number, 1])));
  if (dtype === 'float32') return bytes(Float32Array.from(numbers));
  return bytes(Uint16Array.from(new Uint32Array(Float32Array.from(numbers).buffer), (bits) => bits >>> 16));
}

function tensorValue(shape: number[], dtype: DTypeName, form: Form, data: Uint8Array, grad: boolean): Value {
  return {
    text: `${form} ${dtype}[${shape.join(',')}]${grad ? ' grad' : ''}`,
    make: (addon) => {
      const slot = reshaped(addon, addon.fromData(data, shape, dtype), form, shape);
      if (grad) addon.setRequiresGrad(slot, true);
      return slot;
    },
  };
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

const forms: Record<Form, (addon: CoreAddon, plain: Slot, shape: number[]) => Slot> = {
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
};
