import { cat, where } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';

/** What a memory holds of some chunks, M of them in each row. */
export interface Entries {
  /** `[B, M, D]`. */
  keys: Tensor;
  /** `[B, M, C]`. */
  values: Tensor;
  /** The factor of a value, 0 to 1, `[B, M]`. */
  strength: Tensor;
  /** 0 to 1, `[B, M]`. */
  priority: Tensor;
  /** `[B, M]`. */
  phi: Tensor;
  /** The chunk's number in its stream, `[B, M]`, int64. */
  birth: Tensor;
  /** True where there is an entry, `[B, M]`, bool. */
  occupied: Tensor;
  /** How often positions read it, `[B, M]`. */
  access: Tensor;
}

/** The names of the tensors of {@link Entries}. */
export const entryNames = ['keys', 'values', 'strength', 'priority', 'phi', 'birth', 'occupied', 'access'] as const;

/**
 * Makes entries tensor by tensor.
 * @param of - the tensor of a name, `[B, M, …]`
 * @returns all of them
 */
export function makeEntries(of: (name: keyof Entries) => Tensor): Entries {
  return Object.fromEntries(entryNames.map((name) => [name, of(name)])) as unknown as Entries;
}

/**
 * Entries of two tables side by side.
 * @param first - M of them; none where there are no such
 * @param second - K of them
 * @returns M + K
 */
export function joinEntries(first: Entries | undefined, second: Entries): Entries {
  return first === undefined ? second : makeEntries((name) => cat([first[name], second[name]], 1));
}

/**
 * Entries of one table where a mask holds, else of another.
 * @param mask - `[B, M]` or `[B, 1]`, bool
 * @param yes - M entries
 * @param no - M entries; without them zeros
 * @returns M entries
 */
export function chooseEntries(mask: Tensor, yes: Entries, no?: Entries): Entries {
  return makeEntries((name) => chooseRows(mask, yes[name], no?.[name]));
}

/**
 * Rows of one tensor where a mask holds, else of another.
 * @param mask - bool, the leading axes of the others
 * @param yes - any shape
 * @param no - the same shape; without it zeros
 * @returns the same shape
 */
export function chooseRows(mask: Tensor, yes: Tensor, no?: Tensor): Tensor {
  const shape = [...mask.shape, ...yes.shape.slice(mask.shape.length).map(() => 1)];
  const wide = mask.reshape(shape);
  return no === undefined ? yes.maskedFill(wide.logicalNot(), 0) : where(wide, yes, no);
}

/**
 * Some entries of each row.
 * @param entries - M of them
 * @param index - `[B, N]`, int64, below M
 * @returns N entries
 */
export function pickEntries(entries: Entries, index: Tensor): Entries {
  return makeEntries((name) => {
    const part = entries[name];
    if (part.shape.length === 2) return part.gather(1, index);
    return part.gather(1, index.unsqueeze(2).expand(-1, -1, part.size(2)));
  });
}
