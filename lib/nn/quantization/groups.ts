import { raise } from '../../core/index.js';
import { cat, stack } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';

/** Numbers of a group that are packed side by side: byte j has number j in its low half, j + 16 in its high one. */
const UNIT = 32;
/** The largest magnitude of int8 that is used, and the largest number of four bits. */
const [MAX_BYTE, MAX_NIBBLE] = [127, 15];
/** What stands for 0 in four bits where groups have no offset. */
const ZERO_NIBBLE = 8;

/** How the numbers of a group are rounded. */
export interface GroupLayout {
  /** 8 or 4. */
  bits: 8 | 4;
  /** Numbers that share a factor: 32, 64 or 128. */
  group: number;
  /** Whether a group has an offset beside its factor; of 4 bits only. */
  zeroPoint: boolean;
}

/** Rows in groups that share what they are multiplied by. */
export interface Groups {
  /** `[rows, width]` int8, or `[rows, width / 2]` uint8, two numbers a byte. */
  weight: Tensor;
  /** `[rows, groups]` factors, or `[rows, groups, 2]` factors and offsets; float16. */
  scale: Tensor;
}

/**
 * Rounds rows in groups to the nearest numbers, by the rules of the blocks Q8_0, Q4_0 and Q4_1 of GGUF files: |w − ŵ| is
 * at most half a factor, and without offsets at most a factor where the largest magnitudes of both signs meet.
 * @param rows - `[rows, width]`, float32, finite; the width is a multiple of the group
 * @param layout - bits, group and offsets
 * @returns the numbers, and the factors of groups
 * @throws PalabraError of code PAL_NON_FINITE where float16 can't hold a factor
 */
export function roundGroups(rows: Tensor, { bits, group, zeroPoint }: GroupLayout): Groups {
  const [count = 0, width = 0] = rows.shape;
  const grouped = rows.reshape([count, width / group, group]); // R G N
  const { rounded, factors } = bits === 8 ? roundBytes(grouped) : (zeroPoint ? roundSpans : roundNibbles)(grouped);
  const flat = rounded.reshape([count, width]);
  return { weight: bits === 8 ? flat.to('int8') : packNibbles(flat), scale: toHalf(factors) };
}

/** Groups `[R, G, N]` in numbers that are factors times as large. */
interface Rounded {
  rounded: Tensor;
  factors: Tensor;
}

/** Factor: the largest magnitude / 127; halves go away from zero. */
function roundBytes(groups: Tensor): Rounded {
  const factors = groups.abs().amax(2).div(MAX_BYTE); // R G
  const size = groups.mul(computeReciprocal(factors).unsqueeze(2)).abs(); // R G N
  const below = size.floor();
  const rounded = below.add(size.sub(below).ge(0.5)).mul(groups.sign());
  return { rounded, factors };
}

/** Factor: the number of the largest magnitude / −8, so that it is exact; 8 stands for 0. */
function roundNibbles(groups: Tensor): Rounded {
  const largest = groups.gather(2, groups.abs().argmax(2, { keepdim: true })).squeeze(2); // R G
  const factors = largest.div(-ZERO_NIBBLE);
  const size = groups.to('float64').mul(computeReciprocal(factors).unsqueeze(2).to('float64')); // R G N
  const rounded = size
    .add(ZERO_NIBBLE + 0.5)
    .floor()
    .clamp({ min: 0, max: MAX_NIBBLE });
  return { rounded: rounded.to('float32'), factors };
}

/** Factor: the span / 15; offset: the least number, which 0 stands for. */
function roundSpans(groups: Tensor): Rounded {
  const least = groups.amin(2); // R G
  const factors = groups.amax(2).sub(least).div(MAX_NIBBLE);
  const size = groups.sub(least.unsqueeze(2)).mul(computeReciprocal(factors).unsqueeze(2)); // R G N
  const rounded = size.add(0.5).floor().clamp({ min: 0, max: MAX_NIBBLE });
  return { rounded, factors: stack([factors, least], 2) };
}

/** 1 / x, 0 for 0: what groups of zeros are multiplied by. */
function computeReciprocal(x: Tensor): Tensor {
  const zero = x.eq(0);
  return x.add(zero).reciprocal().mul(zero.logicalNot());
}

function toHalf(factors: Tensor): Tensor {
  const half = factors.to('float16');
  if (half.numel === 0 || Number.isFinite(half.to('float32').abs().amax().item())) return half;
  return raise('PAL_NON_FINITE', {
    where: 'quantizeRows',
    expected: 'groups whose factors float16 can hold, up to 65,504',
    received: 'a larger one',
    fix: "Take weights: 'int8' without a group: it has a factor in float32 for each row.",
  });
}

/**
 * Packs numbers of four bits, two a byte, in units of 32.
 * @param numbers - `[rows, width]`, 0 to 15 in float32; the width is a multiple of 32
 * @returns `[rows, width / 2]`, uint8
 */
function packNibbles(numbers: Tensor): Tensor {
  const [count = 0, width = 0] = numbers.shape;
  const [low, high] = numbers.reshape([count, width / UNIT, 2, UNIT / 2]).unbind(2) as [Tensor, Tensor];
  return high
    .mul(16)
    .add(low)
    .to('uint8')
    .reshape([count, width / 2]);
}

/** The numbers that {@link packNibbles} packed, in float32. */
function unpackNibbles(bytes: Tensor): Tensor {
  const [count = 0, width = 0] = bytes.shape;
  const both = bytes.to('float32').reshape([count, (2 * width) / UNIT, UNIT / 2]);
  const high = both.div(16).floor();
  return cat([both.sub(high.mul(16)), high], 2).reshape([count, 2 * width]);
}

/**
 * The numbers that rows in groups stand for.
 * @param groups - as {@link roundGroups} gives them, or as a GGUF file has them
 * @returns `[rows, width]`, float32
 */
export function unpackGroups({ weight, scale }: Groups): Tensor {
  const paired = scale.ndim === 3;
  const isPacked = weight.dtype === 'uint8';
  const numbers = isPacked ? unpackNibbles(weight) : weight.to('float32');
  const [count = 0, width = 0] = numbers.shape;
  const groups = numbers.reshape([count, scale.shape[1]!, width / scale.shape[1]!]); // R G N
  const factors = scale.to('float32');
  const take = (index: number) => (paired ? factors.select(2, index) : factors).unsqueeze(2); // R G 1
  const centred = isPacked && !paired ? groups.sub(ZERO_NIBBLE) : groups;
  const scaled = centred.mul(take(0));
  return (paired ? scaled.add(take(1)) : scaled).reshape([count, width]);
}
