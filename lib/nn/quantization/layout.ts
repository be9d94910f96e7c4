import { checkOptions, expectOneOf } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import type { Tensor } from '../../tensor/index.js';

/** The types in which weights are held that are not trained, by their names. */
export const weightFormats = ['bfloat16', 'int8', 'int4'] as const;

/** The type in which a weight is held that is not trained: a half, a quarter or some eighth of float32. */
export type WeightFormat = (typeof weightFormats)[number];

/** The sizes of groups that share a factor. */
export const groupSizes = [32, 64, 128] as const;

/** A type, and what shares a factor in it. */
export interface WeightLayout {
  /** The type. */
  format: WeightFormat;
  /** Numbers of a row that share a factor in float16 (default: of int4 32; of int8 all of a row, in float32). */
  group?: number | undefined;
  /** Whether a group of int4 has an offset in float16 beside its factor (default true). */
  zeroPoint?: boolean | undefined;
}

/** The keys of {@link WeightLayout}. */
export const layoutKeys: OptionChecks<WeightLayout> = {
  format: (where, name, value) => expectOneOf(where, name, value, weightFormats),
  group: (where, name, value) => expectOneOf(where, name, value, groupSizes),
  zeroPoint: true,
};

/** A layout that rows of some width have. */
export interface RowLayout {
  format: WeightFormat;
  /** Undefined where a row has one factor or none. */
  group: number | undefined;
  zeroPoint: boolean;
}

/**
 * What rows of a width are held in: where groups don't fill a row, int8 with one factor.
 * @param layout - a type alone, or with its groups
 * @param width - the numbers of a row
 * @returns the layout with its defaults
 */
export function toLayout(layout: WeightFormat | WeightLayout, width: number): RowLayout {
  const given = typeof layout === 'string' ? { format: layout } : checkOptions('quantizeRows', layout, layoutKeys);
  const { format, group = format === 'int4' ? 32 : undefined, zeroPoint = true } = given;
  if (format === 'bfloat16') return { format, group: undefined, zeroPoint: false };
  if (group === undefined || width === 0 || width % group !== 0)
    return { format: 'int8', group: undefined, zeroPoint: false };
  return { format, group, zeroPoint: zeroPoint && format === 'int4' };
}

/**
 * The type in which a weight is held.
 * @param weight - of {@link isQuantized}
 * @returns its name; numbers of int4 lie in uint8
 */
export function getWeightFormat({ dtype }: Tensor): WeightFormat {
  return dtype === 'uint8' ? 'int4' : (dtype as WeightFormat);
}
