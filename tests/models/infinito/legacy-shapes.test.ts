import { expect, test } from '@jest/globals';
import { Infinito, listLegacyShapes } from '../../../lib/models/index.js';
import type { InfinitoOptions } from '../../../lib/models/index.js';

const count = (shapes: Record<string, readonly number[]>): number =>
  Object.values(shapes).reduce((sum, shape) => sum + shape.reduce((product, size) => product * size, 1), 0);

test.each([
  ['A and B', { width: 512, layers: 4 }, 65_324_439],
  ['A and B, one gate', { width: 512, layers: 4, gate: 'static' } as const, 65_325_464],
  ['A and B, a gate of the sequence', { width: 512, layers: 4, gate: 'dynamic' } as const, 65_391_256],
  ['six layers', { width: 512, layers: 6 }, 71_629_207],
  ['small', { width: 384, layers: 3 }, 44_749_271],
  ['small, one gate', { width: 384, layers: 3, gate: 'static' } as const, 44_750_040],
  ['tiny, one gate', { width: 256, layers: 2, gate: 'static' } as const, 27_798_808],
])('the models of the design note have the parameters that it counts: %s', (_, sizes, expected) => {
  expect(count(listLegacyShapes(sizes))).toBe(expected);
});

test('two vocabulary matrices are 79 % of them', () => {
  const shapes = listLegacyShapes({ width: 512, layers: 4 });
  const { 'embedding.weight': input, 'head.weight': output } = shapes;
  expect([input, output]).toEqual([
    [50_257, 512],
    [50_257, 512],
  ]);
  expect(count({ input: input!, output: output! }) / count(shapes)).toBeCloseTo(0.79, 2);
});

test('no such model is built or trained, and the refusal says why', () => {
  const options = { vocabSize: 9, memory: { type: 'legacy' } } as unknown as InfinitoOptions;
  expect(() => new Infinito(options)).toThrow(/PAL_UNSUPPORTED.*saw the tokens it was to predict.*listLegacyShapes/s);
  expect(() => listLegacyShapes({ width: 0, layers: 1 })).toThrow(/PAL_ARGUMENT.*width/s);
});
