import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';

import { attentionSchema, countSoftmaxMaps } from '../../../lib/nn/index.js';

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
