import type { z } from 'zod';
import { raise } from '../../../core/index.js';
import type { Zod } from '../../../core/index.js';
import type { RotaryScaling } from '../../../nn/index.js';

/**
 * The schema of rotary embeddings, with the name of the kind in either of two fields.
 * @param z - the zod module, which is loaded at first use
 * @returns an object of the fields; scalings of these kinds read no other
 */
export const ropeSchema = (z: Zod) =>
  z.object({
    rope_theta: z.number().optional(),
    rope_type: z.enum(['default', 'linear', 'llama3']).optional(),
    type: z.enum(['default', 'linear', 'llama3']).optional(),
    factor: z.number().optional(),
    low_freq_factor: z.number().optional(),
    high_freq_factor: z.number().optional(),
    original_max_position_embeddings: z.int().optional(),
    partial_rotary_factor: z.literal(1).optional(),
  });

/** The fields of a rotation. */
type Rope = z.output<ReturnType<typeof ropeSchema>>;
interface Rotary {
  type: 'rotary';
  base: number;
  scaling?: RotaryScaling;
}

/**
 * Our positions for theirs: older folders have the base beside the scaling, newer ones all in one.
 * @param theirs - the fields of `config.json`, the newer `rope_parameters` before the older two
 * @returns rotary positions, of base 10,000 where no field has one
 * @throws ConfigError when a scaling lacks a number
 */
export function importPositions(theirs: {
  rope_theta?: number | undefined;
  rope_scaling?: Rope | null | undefined;
  rope_parameters?: Rope | null | undefined;
}): Rotary {
  const rope = theirs.rope_parameters ?? theirs.rope_scaling ?? {};
  const base = rope.rope_theta ?? theirs.rope_theta ?? 10_000;
  const scaling = importScaling(rope);
  return { type: 'rotary', base, ...(scaling && { scaling }) };
}

function importScaling(rope: Rope): Rotary['scaling'] {
  const type = rope.rope_type ?? rope.type ?? 'default';
  if (type === 'default') return undefined;
  const field = (name: 'factor' | 'low_freq_factor' | 'high_freq_factor' | 'original_max_position_embeddings') =>
    rope[name] ?? throwMissing(`${name} for rope_type ${type}`);
  if (type === 'linear') return { type, factor: field('factor') };
  return {
    ...{
      type,
      factor: field('factor'),
      lowFreqFactor: field('low_freq_factor'),
      highFreqFactor: field('high_freq_factor'),
    },
    originalContextLength: field('original_max_position_embeddings'),
  };
}

function throwMissing(expected: string): never {
  raise('PAL_CONFIG', { where: 'LLaMA config.json', expected, received: 'none' });
}

/**
 * Their fields for a scaling of ours.
 * @param scaling - of the rotary frequencies
 * @returns the value of `rope_scaling`
 */
export function exportScaling(scaling: NonNullable<Rotary['scaling']>): Rope {
  if (scaling.type === 'linear') return { rope_type: 'linear', factor: scaling.factor };
  return {
    ...{ rope_type: 'llama3', factor: scaling.factor },
    ...{ low_freq_factor: scaling.lowFreqFactor, high_freq_factor: scaling.highFreqFactor },
    original_max_position_embeddings: scaling.originalContextLength,
  };
}
