import { raise } from '../../core/index.js';
import { embedding, empty, noGrad, quantizedLinear, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { getRole } from '../roles.js';
import { roundGroups, unpackGroups } from './groups.js';
import { toLayout } from './layout.js';
import type { WeightFormat, WeightLayout } from './layout.js';

/** A weight in a shorter type, and where that is int8 or int4 the factors of rows or groups. */
export interface QuantizedRows {
  /** `[rows, width]`, bfloat16 or int8; of int4 `[rows, width / 2]`, uint8. */
  weight: Tensor;
  /**
   * `[rows]`, float32: a factor for each row; by groups `[rows, groups]`, float16, and where these have offsets
   * `[rows, groups, 2]`; undefined for bfloat16.
   */
  scale: Tensor | undefined;
}

/** The largest magnitude of int8 that is used: −128 has no positive counterpart. */
const MAX = 127;
/** Numbers that are rounded at a time, so that little is held beside the result. */
const NUMBERS_AT_ONCE = 2 ** 18;
/** The smallest normal number of float32: a smaller scale would have too few digits. */
const TINY = 2 ** -126;

/**
 * Holds rows in a shorter type. For int8 each row has a factor, its largest magnitude / 127, and numbers are rounded to
 * the nearest of −127 to 127, halves away from zero; a row of zeros has the factor 0. Groups have a factor each, and int4
 * always has groups: where they don't fill a row, the row is held in int8 with one factor.
 *
 * @param rows - `[rows, width]`, floating, finite
 * @param layout - the type, or the type with its groups
 * @returns the rows in that type, and the factors
 * @throws PalabraError of code PAL_NON_FINITE where a number is NaN or infinite, or float16 can't hold a group's factor
 * @remarks Computed in float32; |w − q · scale| ≤ scale / 2 for int8.
 * @see the blocks Q8_0, Q4_0 and Q4_1 of https://github.com/ggml-org/ggml, whose numbers groups of 32 have
 */
export function quantizeRows(rows: Tensor, layout: WeightFormat | WeightLayout): QuantizedRows {
  expectFinite('quantizeRows', 'rows', rows);
  return noGrad(() => {
    const { format, group, zeroPoint } = toLayout(layout, rows.shape[1] ?? 0);
    if (format === 'bfloat16') return { weight: rows.detach().to('bfloat16').clone(), scale: undefined };
    const held = createEmptyRows(rows.shape, { format, group, zeroPoint }, rows.device);
    for (const [begin, count] of listSteps(rows.shape)) {
      const take = (x: Tensor) => x.narrow(0, begin, count);
      scope(() => {
        const part = take(rows.detach()).to('float32');
        const { weight, scale } =
          group === undefined
            ? roundRows(part)
            : roundGroups(part, { bits: format === 'int8' ? 8 : 4, group, zeroPoint });
        take(held.weight).copy_(weight);
        take(held.scale!).copy_(scale);
      });
    }
    return held;
  });
}

/** The rows that are rounded at a time, as their first and their number. */
function listSteps([count = 0, width = 0]: readonly number[]): [begin: number, count: number][] {
  const step = Math.max(1, Math.floor(NUMBERS_AT_ONCE / Math.max(1, width)));
  const steps = width === 0 ? 0 : Math.ceil(count / step);
  return Array.from({ length: steps }, (_, i) => [i * step, Math.min(step, count - i * step)]);
}

/**
 * Rows of no meaning in a shorter type.
 * @param shape - `[rows, width]` of the numbers they will stand for
 * @param layout - the type; int4 becomes int8 where groups don't fill a row
 * @param device - where they lie (default: the CPU)
 * @returns the rows, and their factors
 */
export function createEmptyRows(
  shape: readonly number[],
  layout: WeightFormat | WeightLayout,
  device = 'cpu',
): QuantizedRows {
  const [count = 0, width = 0] = shape;
  const { format, group, zeroPoint } = toLayout(layout, width);
  const weight =
    format === 'int4'
      ? empty([count, width / 2], { dtype: 'uint8', device })
      : empty([count, width], { dtype: format, device });
  if (format === 'bfloat16') return { weight, scale: undefined };
  if (group === undefined) return { weight, scale: empty([count], { device }) };
  const sizes = [count, width / group, ...(zeroPoint ? [2] : [])];
  return { weight, scale: empty(sizes, { dtype: 'float16', device }) };
}

function roundRows(rows: Tensor): { weight: Tensor; scale: Tensor } {
  const largest = rows.abs().amax(1); // rows
  const divisor = largest.div(MAX).clamp({ min: TINY });
  const size = rows.abs().div(divisor.unsqueeze(1)); // rows, width
  const below = size.floor();
  const rounded = below.add(size.sub(below).ge(0.5)).clamp({ max: MAX });
  return { weight: rounded.mul(rows.sign()).to('int8'), scale: divisor.mul(largest.gt(0)) };
}

/**
 * The numbers of rows that are held in a shorter type.
 * @param rows - as {@link quantizeRows} gives them
 * @returns `[rows, width]`, float32
 */
export function dequantizeRows({ weight, scale }: QuantizedRows): Tensor {
  if (scale === undefined) return weight.to('float32');
  return scope(() => (scale.ndim > 1 ? unpackGroups({ weight, scale }) : weight.to('float32').mul(scale.unsqueeze(1))));
}

/**
 * Tells whether a module's weight is held in a shorter type than it is computed with.
 * @param weight - of any dtype
 * @returns true after `quantizeWeights`
 */
export function isQuantized(weight: Tensor): boolean {
  return getRole(weight)?.type === 'quantized';
}

/**
 * x · Wᵀ + b by a slow way that holds all of W: what the operator must compute.
 * @param x - `[…, in]`, floating
 * @param rows - W, `[out, in]`
 * @param bias - `[out]`, floating (default: none)
 * @returns `[…, out]` in the dtype of `x`
 */
export function quantizedLinearReference(x: Tensor, rows: QuantizedRows, bias?: Tensor): Tensor {
  const y = x.matmul(dequantizeRows(rows).to(x.dtype).t());
  return bias === undefined ? y : y.add(bias.to(x.dtype));
}

/**
 * Looks up rows that are held in a shorter type.
 * @param ids - `[…]`, int64
 * @param rows - the table
 * @returns `[…, width]`, float32
 */
export function lookUpRows(ids: Tensor, { weight, scale }: QuantizedRows): Tensor {
  const rows = ids.reshape([-1]);
  const found = { weight: embedding(rows, weight), scale: scale?.indexSelect(0, rows) };
  const numbers = dequantizeRows(found);
  return numbers.reshape([...ids.shape, numbers.shape[1]!]);
}

/**
 * x · Wᵀ + b where W is held in a shorter type.
 * @param x - `[…, in]`, floating
 * @param rows - W, `[out, in]`
 * @param bias - `[out]`, floating (default: none)
 * @returns `[…, out]` in the dtype of `x`, or the one of autocast
 */
export function multiplyRows(x: Tensor, { weight, scale }: QuantizedRows, bias?: Tensor): Tensor {
  return quantizedLinear(x, weight, { scale, bias });
}

/**
 * Requires numbers that can be held in a shorter type.
 * @param where - the caller
 * @param name - of the tensor
 * @param tensor - floating
 * @throws PalabraError of code PAL_NON_FINITE where one is NaN or infinite
 */
export function expectFinite(where: string, name: string, tensor: Tensor): void {
  if (tensor.numel === 0) return;
  const [least, largest] = scope((): [number, number] =>
    noGrad((): [number, number] => [tensor.amin().item(), tensor.amax().item()]),
  );
  if (Number.isFinite(least) && Number.isFinite(largest)) return;
  raise('PAL_NON_FINITE', {
    where,
    expected: `finite numbers in ${name}`,
    received: String(Number.isFinite(least) ? largest : least),
    fix: 'Nothing was changed. A weight of NaN or infinity is damaged: take another copy.',
  });
}
