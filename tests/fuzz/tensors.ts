import type { DTypeName } from '../../lib/native/index.js';
import { dtypes, getItemSize } from '../../lib/tensor/dtype.js';
import { differentiableTypes } from '../helpers/element-types.js';
import type { Draw } from './draw.js';
import { encode } from './elements.js';
import { literal, numel } from './terms.js';
import type { Form, Term } from './terms.js';

/** What the tensors of one call have in common. */
export interface Family {
  shape: number[];
  dtype: DTypeName;
  /** The probability that a choice is a wild one. */
  wild: number;
  operator: string;
}

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
export function drawTensor(draw: Draw, family: Family, name: string): Term {
  if (draw.chance(family.wild * 0.2)) return notATensor(draw);
  const index = indexLike.test(name) && draw.chance(0.85);
  const dtype = index ? draw.pick(['int64', 'int64', 'int64', 'int32'] as const) : drawOwnDType(draw, family);
  const shape = drawOwnShape(draw, family, name);
  const form: Form = draw.chance(family.wild) ? draw.pick(wildForms) : draw.pick(tameForms);
  const requiresGrad = differentiableTypes.has(dtype) && form !== 'lost' && draw.chance(0.2);
  return { kind: 'tensor', form, dtype, shape, data: drawBytes(draw, shape, dtype, index), requiresGrad };
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

/** The shapes of arguments that go together, by a part of the operator's name. */
const together: [RegExp, Record<string, number[]>][] = [
  [
    /_embedding_bag_.*backward/,
    { grad: [1, 4], weight: [3, 4], indices: [2], offsets: [1], offset2bag: [2], bag_size: [1], maximum_indices: [1] },
  ],
  [/_sobol_engine/, { self: [3, 30], quasi: [3], ltm: [3, 30, 30], sobolstate: [3, 30] }],
  [/segment_reduce/, { data: [4], grad: [2], output: [2], lengths: [2], offsets: [3], out: [2] }],
  [
    /quantized_\w+_cell/,
    {
      input: [2, 4],
      hx: [2, 4],
      w_ih: [12, 4],
      w_hh: [12, 4],
      b_ih: [12],
      b_hh: [12],
      packed_ih: [12, 4],
      packed_hh: [12, 4],
    },
  ],
  [
    /fbgemm_linear/,
    { input: [2, 4], weight: [3, 4], packed: [3, 4], packed_weight: [3, 4], col_offsets: [3], bias: [3] },
  ],
];

/** Shapes under which operators with demands of their own get past their checks. */
function hintedShape(draw: Draw, family: Family, name: string): number[] | undefined {
  const hint = together.find(([pattern]) => pattern.test(family.operator))?.[1][name];
  if (hint) return hint;
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

function notATensor(draw: Draw): Term {
  return literal(draw.pick<unknown>([undefined, null, 0, -1, 1.5, NaN, 2 ** 24, 2 ** 60, 'tensor', true, {}, []]));
}

/** Bytes of the elements: small numbers, seldom raw bits. */
function drawBytes(draw: Draw, shape: number[], dtype: DTypeName, index: boolean): Uint8Array {
  const count = numel(shape);
  if (draw.chance(0.08)) return draw.bytes(count * getItemSize(dtype));
  const bad = draw.chance(0.1);
  const number = () => (index ? draw.integer(bad ? -9 : 0, bad ? 99 : 2) : draw.float());
  return encode(Array.from({ length: count }, number), dtype);
}
