import { raise } from '../../core/index.js';
import { embedding, empty, noGrad, quantizedLinear, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { getRole } from '../roles.js';

/** The types in which weights are held that are not trained, by their names. */
export const weightFormats = ['bfloat16', 'int8'] as const;

/** The type in which a weight is held that is not trained: half or a quarter of float32. */
export type WeightFormat = (typeof weightFormats)[number];

/** A weight in a shorter type, and where that is int8 the factor of each row. */
export interface QuantizedRows {
  /** `[rows, width]`, bfloat16 or int8. */
  weight: Tensor;
  /** `[rows]`, float32; undefined for bfloat16. */
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
 * the nearest of −127 to 127, halves away from zero; a row of zeros has the factor 0.
 *
 * @param rows - `[rows, width]`, floating, finite
 * @param format - the type
 * @returns the rows in that type, and the factors
 * @throws PalabraError of code PAL_NON_FINITE where a number is NaN or infinite
 * @remarks Computed in float32; |w − q · scale| ≤ scale / 2.
 */
export function quantizeRows(rows: Tensor, format: WeightFormat): QuantizedRows {
  expectFinite('quantizeRows', 'rows', rows);
  return noGrad(() => {
    if (format === 'bfloat16') return { weight: rows.detach().to('bfloat16').clone(), scale: undefined };
    const [count = 0, width = 0] = rows.shape;
    const weight = empty([count, width], { dtype: 'int8', device: rows.device });
    const scale = empty([count], { device: rows.device });
    const step = Math.max(1, Math.floor(NUMBERS_AT_ONCE / Math.max(1, width)));
    for (let begin = 0; begin < count && width > 0; begin += step) {
      const take = (x: Tensor) => x.narrow(0, begin, Math.min(step, count - begin));
      scope(() => {
        const [rounded, factors] = roundRows(take(rows.detach()).to('float32'));
        take(weight).copy_(rounded);
        take(scale).copy_(factors);
      });
    }
    return { weight, scale };
  });
}

function roundRows(rows: Tensor): [weight: Tensor, scale: Tensor] {
  const largest = rows.abs().amax(1); // rows
  const divisor = largest.div(MAX).clamp({ min: TINY });
  const size = rows.abs().div(divisor.unsqueeze(1)); // rows, width
  const below = size.floor();
  const rounded = below.add(size.sub(below).ge(0.5)).clamp({ max: MAX });
  return [rounded.mul(rows.sign()).to('int8'), divisor.mul(largest.gt(0))];
}

/**
 * The numbers of rows that are held in a shorter type.
 * @param rows - as {@link quantizeRows} gives them
 * @returns `[rows, width]`, float32
 */
export function dequantizeRows({ weight, scale }: QuantizedRows): Tensor {
  if (scale === undefined) return weight.to('float32');
  return scope(() => weight.to('float32').mul(scale.unsqueeze(1)));
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
  const found = embedding(ids, weight).to('float32');
  return scale === undefined ? found : found.mul(embedding(ids, scale.unsqueeze(1)));
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
