import { deferSchema, raise } from '../../core/index.js';
import { getWeightFormat, isQuantized, listQuantized, weightFormats } from '../../nn/index.js';
import type { Module, WeightFormat } from '../../nn/index.js';

/** What `config.json` says of weights that are stored in a shorter type than they are computed with. */
export const compressionSchema = deferSchema((z) =>
  z
    .array(
      z.strictObject({
        method: z.literal('quantize').describe('How the weights were made smaller.'),
        options: z.strictObject({
          weights: z
            .enum(weightFormats)
            .describe('The type; of int8 and int4 the factors of rows or groups lie beside the weights.'),
        }),
      }),
    )
    .optional()
    .describe('What was done to the weights, in its order.'),
);

/** One step of it. */
export interface Compression {
  method: 'quantize';
  options: { weights: WeightFormat };
}

/**
 * Describes what a model's weights are held in.
 * @param model - any module
 * @returns an entry for each type; undefined where all weights are as they are computed with
 */
export function describeCompression(model: Module): Compression[] | undefined {
  const held = listQuantized(model).map(([, { weight }]) => getWeightFormat(weight));
  const formats = weightFormats.filter((format) => held.includes(format));
  return formats.length === 0 ? undefined : formats.map((weights) => ({ method: 'quantize', options: { weights } }));
}

/**
 * Requires weights in the types that they are computed with.
 * @param where - the caller
 * @param model - any module
 * @throws PalabraError of code PAL_UNSUPPORTED for a weight that is held in a shorter type
 */
export function expectDense(where: string, model: Module): void {
  const [found] = listQuantized(model);
  if (found === undefined || !isQuantized(found[1].weight)) return;
  raise('PAL_UNSUPPORTED', {
    where,
    expected: 'weights in the type that they are computed with',
    received: `${found[0]} held in ${getWeightFormat(found[1].weight)}`,
    fix: 'Call dequantizeWeights(model) first, or use saveModel, which stores them as they are.',
  });
}
