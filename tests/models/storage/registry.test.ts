import { describe, expect, test } from '@jest/globals';

import { architectures, buildModel, findArchitecture, registerModel } from '../../../lib/models/index.js';

describe.each(architectures.map((architecture) => [architecture.kind, architecture] as const))('%s', (kind, found) => {
  test.each(Object.entries(found.presets))('builds its preset %s', (_, preset) => {
    using model = buildModel(kind, { ...preset, vocabSize: 17, ...(kind === 'gpt' && { contextLength: 8 }) });
    expect(model.kind).toBe(kind);
    expect(model.config).toMatchObject({ vocabSize: 17 });
  });

  test('its least size is no more than the model has', () => {
    using model = found.build({ vocabSize: 17 });
    const { layers, numbers } = found.measureLeastSize(model.config);
    expect(layers).toBeLessThanOrEqual(Object.keys(model.stateDict()).length);
    expect(numbers).toBeLessThanOrEqual(model.parameterCount());
    expect(numbers).toBeGreaterThan(0.2 * model.parameterCount());
  });

  test('takes the dropout that one share means', () => {
    using model = found.build({ vocabSize: 17, dropout: found.toDropout(0.25) });
    expect(JSON.stringify(model.config)).toContain('0.25');
  });
});

test('names of kinds and presets are unique', () => {
  const presets = architectures.flatMap((architecture) => Object.keys(architecture.presets));
  expect(new Set(presets).size).toBe(presets.length);
  const kinds = architectures.map(({ kind }) => kind);
  expect(new Set(kinds).size).toBe(kinds.length);
});

test('an unknown kind is refused with a suggestion', () => {
  expect(() => findArchitecture('here', 'gtp')).toThrow(/\[PAL_CONFIG\] here: .*gpt, lstm.*"gtp".*gpt/s);
});

test('a kind is registered once', () => {
  expect(() => registerModel(architectures[0]!)).toThrow(/\[PAL_ARGUMENT\] registerModel: .*of its own.*"gpt"/);
});
