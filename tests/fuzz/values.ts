import { extremeIntegers } from './draw.js';
import type { Draw } from './draw.js';
import { drawDType, drawShape, drawTensor } from './tensors.js';
import type { Family } from './tensors.js';
import { literal } from './terms.js';
import type { Term } from './terms.js';

/** What the fuzzer reads of an argument from its schema. */
export interface Parameter {
  name: string;
  kind: string;
  hasDefault: boolean;
  /** The length of a list of fixed size; 0 for any other. */
  size: number;
}

/** A value for an argument: of its kind and plausible, or, where the call is wild, anything. */
export function drawArgument(draw: Draw, family: Family, parameter: Parameter): Term {
  const optional = parameter.hasDefault || parameter.kind.endsWith('?');
  if (optional && draw.chance(0.4)) return literal(undefined);
  if (draw.chance(family.wild * 0.15)) return literal(anything(draw));
  return (byKind[parameter.kind.replace(/\?$/, '')] ?? wrongKind)(draw, family, parameter);
}

/** A value of no particular kind. */
export function anything(draw: Draw): unknown {
  return draw.pick<() => unknown>([
    () => undefined,
    () => null,
    () => draw.float(),
    () => draw.pick(extremeIntegers),
    () => draw.pick(['', 'x', 'cpu', 'é'.repeat(40), '\0', 'a'.repeat(5000)]),
    () => draw.chance(0.5),
    () => ({}),
    () => [],
    () => draw.list(0, 4, () => draw.float()),
    () => draw.list(0, 3, () => undefined),
    () => new Float32Array(3),
    () => () => 0,
    () => Symbol('fuzz'),
    () => 2 ** 24 + draw.integer(0, 50),
  ])();
}

type Maker = (draw: Draw, family: Family, parameter: Parameter) => Term;

const wrongKind: Maker = (draw) => literal(anything(draw));

const byKind: Record<string, Maker> = {
  Tensor: (draw, family, { name }) => drawTensor(draw, family, name),
  'Tensor[]': (draw, family, { name }) => listOf(draw.list(0, 4, () => drawTensor(draw, family, name))),
  'Tensor?[]': (draw, family, { name }) =>
    listOf(draw.list(0, 4, () => (draw.chance(0.3) ? literal(undefined) : drawTensor(draw, family, name)))),
  Scalar: (draw, family) => literal(scalar(draw, family)),
  'Scalar[]': (draw, family) => literal(draw.list(0, 4, () => scalar(draw, family))),
  int: (draw, family, { name }) => literal(integer(draw, family, name)),
  'int[]': (draw, family, parameter) => literal(integers(draw, family, parameter)),
  float: (draw) => literal(draw.pick([draw.float(), 0.1, 0.5, 1, 0, 1e-5])),
  'float[]': (draw) => literal(draw.list(0, 4, () => draw.float())),
  bool: (draw) => literal(draw.chance(0.5)),
  'bool[]': (draw, _, { size }) => literal(draw.list(size, size || 4, () => draw.chance(0.5))),
  str: (draw, family, { name }) => literal(word(draw, family, name)),
  'str[]': (draw, family, { name }) => literal(draw.list(0, 3, () => word(draw, family, name))),
  ScalarType: (draw, family) => literal(draw.chance(family.wild) ? 'float8' : drawDType(draw)),
  Layout: (draw) => literal(draw.pick(['strided', 'strided', 'sparse_coo', 'sparse_csr', 'sparse_bsr', 'ragged'])),
  Device: (draw) => literal(draw.pick(['cpu', 'cpu', 'cpu', 'cpu:0', ...oddDevices])),
  MemoryFormat: (draw) =>
    literal(draw.pick(['contiguous_format', 'preserve_format', 'channels_last', 'channels_last_3d', 'other'])),
  Generator: (draw) => literal(draw.pick([0, 0, 0, 1, 99, -1])),
};

/** Names of devices that are not the CPU of this process, or no devices at all. */
export const oddDevices = [
  'meta',
  'cuda',
  'cuda:7',
  'cpu:3',
  'mkldnn',
  'xla',
  'mps',
  'privateuseone',
  '',
  'nowhere',
  'cpu:-1',
];

function listOf(items: Term[]): Term {
  return { kind: 'list', items };
}

function scalar(draw: Draw, family: Family): unknown {
  if (draw.chance(family.wild * 0.3)) return draw.pick(extremeIntegers);
  return draw.pick([draw.float(), draw.integer(-3, 5), 1, 1n, draw.chance(0.5)]);
}

const smallIntegers = [0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 8, -1, -2];

function integer(draw: Draw, { shape, wild }: Family, name: string): number | bigint {
  if (draw.chance(wild * 0.5)) return draw.pick(extremeIntegers);
  if (/dim|axis|^(dimension|row|col|destination|source)$/.test(name)) {
    const axes = Math.max(shape.length, 1);
    return draw.integer(-axes - (draw.chance(wild) ? 2 : 0), axes - (draw.chance(wild) ? -1 : 1));
  }
  if (name === 'groups') return draw.pick([1, 1, 1, 1, 1, 2, 4, 0, -1]);
  return draw.pick(smallIntegers);
}

function integers(draw: Draw, family: Family, { name, size }: Parameter): (number | bigint)[] {
  const item = () => integer(draw, family, name);
  if (draw.chance(family.wild * 0.2)) return draw.list(0, 7, item);
  if (/^(size|sizes|shape|self_sizes|input_sizes|output_size|input_size)$/.test(name)) return sizes(draw, family, size);
  if (name.includes('dim')) return draw.list(0, family.shape.length, item);
  return size > 0 ? draw.list(draw.chance(0.1) ? 1 : size, size, item) : draw.list(0, 5, item);
}

function sizes(draw: Draw, family: Family, size: number): (number | bigint)[] {
  const shape = draw.chance(0.5) ? [...family.shape] : drawShape(draw);
  const fitted: (number | bigint)[] = size > 0 ? Array.from({ length: size }, (_, i) => shape[i] ?? 3) : shape;
  if (draw.chance(0.1) && fitted.length > 0) fitted[draw.integer(0, fitted.length - 1)] = draw.pick([-1, -2, 0, 7]);
  if (draw.chance(family.wild * 0.3) && fitted.length > 0) fitted[0] = draw.pick(extremeIntegers);
  return fitted;
}

const words: [RegExp, readonly string[]][] = [
  [/norm|fft/, ['backward', 'ortho', 'forward']],
  [/reduce/, ['sum', 'prod', 'mean', 'amax', 'amin', 'max', 'min']],
  [/rounding/, ['trunc', 'floor']],
  [/interpolation/, ['linear', 'lower', 'higher', 'midpoint', 'nearest']],
  [/approximate/, ['none', 'tanh']],
  [/equation/, ['ij,jk->ik', 'ii', '...i->...', 'ij->ji', 'ij,ij', 'i,j->ij', 'aabb->ab', '->', ',']],
  [/UPLO/i, ['L', 'U']],
  [/padding|mode/, ['constant', 'reflect', 'replicate', 'circular', 'same', 'valid', 'reduced', 'complete', 'r']],
  [/driver/, ['gels', 'gelsd', 'gelsy', 'gelss', 'gesvd']],
  [/side/, ['left', 'right']],
  [/ord|^p$/, ['fro', 'nuc']],
  [/indexing/, ['ij', 'xy']],
];

function word(draw: Draw, { wild }: Family, name: string): string {
  const choices = words.find(([pattern]) => pattern.test(name))?.[1] ?? ['N', 'x'];
  return draw.chance(wild)
    ? draw.pick(['', '?', 'é', '...', '->', 'fuzz::none', 'a'.repeat(300), '\0'])
    : draw.pick(choices);
}
