import { checkOptions, expectInteger, expectRange } from '../core/index.js';
import { cat, noGrad, ones, scope, zeros } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { getRole, setRole, setUnusedCount } from './roles.js';
import type { ParameterRole } from './roles.js';

/**
 * Makes a trainable tensor of a module.
 *
 * @param initial - its initial values, any shape, floating point; taken over
 * @param role - its kind, and settings of its own
 * @returns the same tensor, which requires gradients and lives as long as its module
 * @example const gate = parameter(zeros([1]), { kind: 'scalar' });
 */
export function parameter(initial: Tensor, role: ParameterRole): Tensor {
  return setRole(initial.requiresGrad_(true), { type: 'parameter', parameter: role });
}

/**
 * Makes a tensor of a module that stands for a parameter in a shorter type and is not trained.
 * @param held - bfloat16, int8, or uint8 of two values a byte, any shape; taken over
 * @param role - of the parameter
 * @returns the same tensor, which lives as long as its module
 */
export function holdParameter(held: Tensor, role: ParameterRole): Tensor {
  return setRole(held, { type: 'quantized', parameter: role });
}

/**
 * Creates a parameter of the initial rows, which it takes over, and zeros up to a multiple, which are never read.
 * @param initial - `[rows, …]`, floating; disposed of where rows are added
 * @param multiple - a positive integer
 * @param role - its kind, and settings of its own
 * @returns `[rows rounded up to the multiple, …]` in the dtype of `initial`, which requires gradients
 */
export function createPaddedParameter(initial: Tensor, multiple: number, role: ParameterRole): Tensor {
  const [rows = 0, ...rest] = initial.shape;
  const missing = Math.ceil(rows / multiple) * multiple - rows;
  if (missing === 0) return parameter(initial, role);
  const padded = scope(() => cat([initial, zeros([missing, ...rest], { dtype: initial.dtype })], 0));
  const rowSize = initial.numel / rows;
  initial.dispose();
  return setUnusedCount(parameter(padded, role), missing * rowSize);
}

/** Settings of {@link buffer}. */
export interface BufferOptions {
  /** Part of the state that checkpoints store (default true); else computed anew when the module is built. */
  persistent?: boolean;
}

/**
 * Makes a tensor of a module that is not trained.
 * @param initial - of any shape and dtype; it is taken over, not copied
 * @param options - how it is stored
 * @param options.persistent - part of the state that checkpoints store (default true); else computed anew
 * @returns the same tensor
 */
export function buffer(initial: Tensor, options: BufferOptions = {}): Tensor {
  const { persistent = true } = checkOptions('buffer', options, { persistent: true });
  return setRole(initial, { type: persistent ? 'buffer' : 'nonPersistentBuffer' });
}

/**
 * The role of a parameter.
 * @param tensor - of any shape and dtype
 * @returns its role, also where it is held in a shorter type; undefined for any other tensor
 */
export function getParameterRole(tensor: Tensor): ParameterRole | undefined {
  const role = getRole(tensor);
  return role?.type === 'parameter' || role?.type === 'quantized' ? role.parameter : undefined;
}

/**
 * The number of values that a parameter stands for.
 * @param tensor - of any shape and dtype; in uint8 two lie in each byte
 * @returns its values, those never read among them
 */
export function countValues({ numel, dtype }: Tensor): number {
  return dtype === 'uint8' ? 2 * numel : numel;
}

/**
 * Sets the row of padding to zero and creates the mask that keeps gradients from it.
 * @param where - named in the error
 * @param table - `[rows, width]`, floating; its row is overwritten
 * @param index - of the row; none where there is no padding
 * @returns `[rows, 1]` in the dtype of the table, zero for the row, else one
 * @throws ArgumentError for an index out of range
 */
export function createPaddingMask(where: string, table: Tensor, index: number | undefined): Tensor | undefined {
  if (index === undefined) return undefined;
  const rows = table.size(0);
  expectRange(where, 'paddingIndex', expectInteger(where, 'paddingIndex', index), { min: 0, below: rows });
  return noGrad(() =>
    scope(() => {
      table.select(0, index).zero_();
      const mask = ones([rows, 1], { dtype: table.dtype });
      mask.select(0, index).zero_();
      return buffer(mask, { persistent: false });
    }),
  );
}

/**
 * A table whose row of padding is zero and passes no gradient on.
 * @param table - `[rows, width]`, floating
 * @param mask - `[rows, 1]`; none where there is no padding
 * @returns `[rows, width]`; the table itself without a mask
 */
export function maskPadding(table: Tensor, mask: Tensor | undefined): Tensor {
  return mask === undefined ? table : table.mul(mask);
}
