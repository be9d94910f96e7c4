import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';

import {
  AttentionKernel,
  CausalSelfAttention,
  attentionSchema,
  causalMask,
  countSoftmaxMaps,
  fanInUniform,
} from '../../../lib/nn/index.js';
import { allclose, manualSeed, matmul, randn, scope } from '../../../lib/tensor/index.js';
import type { Tensor } from '../../../lib/tensor/index.js';

const FOLDER = 'lib/nn/attention';
const schema = attentionSchema(z);

/** The types that files of the folder define, by what they export. */
async function findDefinedTypes(): Promise<string[]> {
  const modules = await Promise.all(
    readdirSync(FOLDER).map((file) => import(join('..', '..', '..', FOLDER, file)) as Promise<Record<string, unknown>>),
  );
  const variants = modules.flatMap((module) => Object.values(module)).filter(isVariant);
  return variants.map((variant) => variant.schema(z).shape.type.value);
}

function isVariant(
  value: unknown,
): value is { schema: (zod: typeof z) => z.ZodObject<{ type: z.ZodLiteral<string> }> } {
  return typeof value === 'object' && value !== null && 'softmaxMaps' in value && 'create' in value;
}

describe('attention variants', () => {
  test('every file that defines one is in the union of configurations', async () => {
    const types = schema.options.map((option) => option.shape.type.value);
    expect((await findDefinedTypes()).sort()).toEqual([...types].sort());
    expect(types).toContain('softmax');
  });

  test('settings have their defaults, and unknown types and keys are refused', () => {
    expect(schema.parse({ type: 'differential' })).toEqual({ type: 'differential', eps: 1e-5 });
    expect(() => schema.parse({ type: 'sofmax' })).toThrow();
    expect(() => schema.parse({ type: 'softmax', cap: 3 })).toThrow();
  });

  test.each([
    ['softmax', 1],
    ['differential', 2],
  ])('%s has %i softmax maps a head', (type, maps) => {
    expect(countSoftmaxMaps(schema.parse({ type }))).toBe(maps);
  });
});

/** The mean of the values that a query may see. */
class MeanAttention extends AttentionKernel {
  weights(q: Tensor, keys: Tensor): Tensor {
    const seen = causalMask(q.size(2), keys.size(2), q.device).to(q.dtype); // T S
    return seen.div(seen.sum(-1, { keepdim: true })).expand(q.size(0), q.size(1), -1, -1); // B H T S
  }

  forward(q: Tensor, keys: Tensor, values: Tensor): Tensor {
    return matmul(this.weights(q, keys), values.repeatInterleave(q.size(1) / values.size(1), 1));
  }
}

test('a way to attend from outside needs no line of the library', () => {
  manualSeed(2);
  const sizes = { width: 8, heads: 4, kvHeads: 2, bias: false, dropout: 0 };
  const attention = { softmaxMaps: 1, create: () => new MeanAttention() };
  const initializers = { initialize: fanInUniform, initializeOutput: fanInUniform };
  using layer = new CausalSelfAttention({ ...sizes, ...initializers, attention });
  scope(() => {
    const x = randn([2, 5, 8]);
    const values = layer.value.forward(x).cumsum(1); // B T K·D
    const means = values.div(causalMask(5, 5, 'cpu').to(x.dtype).sum(-1).unsqueeze(-1));
    const heads = means.unflatten(2, [2, 2]).repeatInterleave(2, 2).flatten(2);
    expect(allclose(layer.forward(x, { training: false }), layer.output.forward(heads), { atol: 1e-6 })).toBe(true);
  });
});
