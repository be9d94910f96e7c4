import { arange, cat, cumsum, dims, where, zeros } from '../../../tensor/index.js';
import type { DType, Tensor } from '../../../tensor/index.js';

/**
 * Where the tokens of a pass stand in their segment. The tokens of a row stand side by side, padding before or after
 * them; no pass goes beyond the end of a segment.
 */
export interface PrefixPlace {
  /** Tokens of the segment up to each position and with it, `[B, T]`, int64; padding adds none. */
  readonly lengths: Tensor;
  /** False at padding, `[B, T]`, bool (default: nothing is padding). */
  readonly mask?: Tensor | undefined;
  /** Rising indices of the pass, from 0 to T − 1, where values are wanted (default: all of them). */
  readonly at?: readonly number[] | undefined;
}

/**
 * Counts the tokens of the segment up to each position of a pass, and with it.
 * @param shape - `[B, T]` of the pass
 * @param device - of the result
 * @param mask - `[B, T]`, bool: false at padding (default: nothing is padding)
 * @param before - `[B]`, int64: tokens of the segment that were read before (default: none)
 * @returns `[B, T]`, int64
 */
export function countPrefix(shape: readonly [number, number], device: string, mask?: Tensor, before?: Tensor): Tensor {
  const [B, T] = shape;
  const steps = arange(1, T + 1, 1, { dtype: 'int64', device }).expand(B, T);
  const own = mask === undefined ? steps : cumsum(mask.to('int64'), 1);
  return before === undefined ? own : own.add(before.unsqueeze(1));
}

/** Where the tokens of each row stand in the pass, each `[B, 1]`, int64. */
interface TokenRun {
  /** Padding before the first token. */
  readonly start: Tensor;
  /** Tokens in the pass. */
  readonly count: Tensor;
  /** Tokens of the segment before the pass. */
  readonly before: Tensor;
  /** Tokens of the segment up to the end of the pass. */
  readonly total: Tensor;
}

/**
 * Finds where the tokens of each row stand in the pass.
 * @param place - of the pass
 * @returns `[B, 1]`, int64 each
 */
export function findTokenRun({ lengths, mask }: PrefixPlace): TokenRun {
  const { T } = dims(lengths, 'B T');
  const total = lengths.narrow(1, T - 1, 1);
  if (mask === undefined) {
    const before = lengths.narrow(1, 0, 1).sub(1);
    return { start: before.mul(0), count: total.sub(before), before, total };
  }
  const counts = cumsum(mask.to('int64'), 1); // B T
  const start = cumsum(counts.eq(0).to('int64'), 1).narrow(1, T - 1, 1);
  const count = counts.narrow(1, T - 1, 1);
  return { start, count, before: total.sub(count), total };
}

/**
 * Values in the dtype that statistics are computed in, zeros at padding.
 * @param x - `[B, T, C]`, floating
 * @param mask - `[B, T]`, bool: false at padding (default: nothing is padding)
 * @returns `[B, T, C]`, float64 for float64, else float32
 */
export function clearPadding(x: Tensor, mask: Tensor | undefined): Tensor {
  const wide = x.to(getStatisticsType(x));
  return mask === undefined ? wide : wide.maskedFill(mask.logicalNot().unsqueeze(-1), 0);
}

/**
 * The dtype that statistics of values are computed in.
 * @param x - floating
 * @returns float64 for float64, else float32
 */
export function getStatisticsType(x: Tensor): DType {
  return x.dtype === 'float64' ? 'float64' : 'float32';
}

/**
 * The values at the wanted positions.
 * @param values - `[B, T]`
 * @param at - rising indices from 0 to T − 1 (default: all of them)
 * @returns `[B, P]`, P the wanted positions
 */
export function pickPositions(values: Tensor, at: readonly number[] | undefined): Tensor {
  if (at === undefined) return values;
  return cat(
    at.map((index) => values.narrow(1, index, 1)),
    1,
  );
}

/**
 * Running sums over time that go on from a sum before.
 * @param x - `[B, T, …]`
 * @param before - `[B, …]` (default: zeros)
 * @returns `[B, T + 1, …]`, the sum before first
 */
export function sumPrefixes(x: Tensor, before?: Tensor): Tensor {
  const first = before === undefined ? createZeros(x) : before.to(x.dtype).unsqueeze(1);
  return cumsum(cat([first, x], 1), 1);
}

function createZeros(x: Tensor): Tensor {
  const [B, , ...rest] = x.shape;
  return zeros([B!, 1, ...rest], { dtype: x.dtype, device: x.device });
}

/**
 * The first vector of each row's segment, from which others are measured so that sums of squares don't cancel.
 * @param x - `[B, T, C]`, zeros at padding
 * @param run - the tokens of the pass
 * @param before - `[B, C]`, the vector where the segment began in an earlier pass (default: none did)
 * @returns `[B, C]`, without gradient
 */
export function findOrigin(x: Tensor, run: TokenRun, before?: Tensor): Tensor {
  const { T, C } = dims(x, 'B T C');
  const index = run.start
    .clamp({ max: T - 1 })
    .unsqueeze(2)
    .expand(-1, 1, C);
  const first = x.detach().gather(1, index).squeeze(1); // B C
  if (before === undefined) return first;
  return where(run.before.eq(0).logicalAnd(run.count.gt(0)), first, before.to(x.dtype));
}

/** The distance from 1 to the next number. */
const EPSILON = { float64: 2 ** -52, float32: 2 ** -23 } as const;

/**
 * The squared length below which differences of states count as their rounding: ε |x₁|², the first state x₁ telling how
 * long states are.
 * @param origin - the first vector of each segment, `[B, C]`, float64 or float32
 * @returns `[B]`, without gradient
 */
export function computeLeastSquares(origin: Tensor): Tensor {
  const epsilon = origin.dtype === 'float64' ? EPSILON.float64 : EPSILON.float32;
  return origin.detach().square().sum(-1).mul(epsilon);
}

/**
 * Vectors of length 1 in the direction of others, the shorter the less they are above what rounding leaves; a zero vector
 * stays zero and has no gradient.
 * @param x - `[…, C]`, floating
 * @param least - the squared length that is added to each, `[…, 1]` (default: none)
 * @returns `[…, C]`
 */
export function normalizeVectors(x: Tensor, least?: Tensor): Tensor {
  const own = x.square().sum(-1, { keepdim: true });
  const squares = least === undefined ? own : own.add(least);
  const nonzero = squares.gt(0);
  return where(nonzero, x.mul(where(nonzero, squares, 1).rsqrt()), 0);
}
