import { describe, expect, test } from '@jest/globals';
import { trainerSection } from '../../../lib/cli/commands/training/train-sections.js';
import { overlayLayers, traceLayers } from '../../../lib/cli/settings/layers.js';
import type { SettingsLayer, SettingsSource } from '../../../lib/cli/settings/layers.js';
import { overlaySettings } from '../../../lib/core/index.js';

const sources: SettingsSource[] = ['default', 'recipe', 'preset', 'config file', 'flag'];
const layer = (source: SettingsSource, trainer: object): SettingsLayer => ({ source, settings: { trainer } });
const sections = [trainerSection];

describe('settings over settings', () => {
  test.each([
    [{ a: 1, b: 2 }, { b: 3 }, { a: 1, b: 3 }],
    [{ a: 1 }, { a: undefined }, { a: 1 }],
    [{ a: 1 }, { a: null }, { a: null }],
    [{ a: { b: 1, c: 2 } }, { a: { c: 3 } }, { a: { b: 1, c: 3 } }],
    [{ a: [1, 2] }, { a: [3] }, { a: [3] }],
    [{ a: { b: 1 } }, { a: 2 }, { a: 2 }],
    [{ a: 2 }, { a: { b: 1 } }, { a: { b: 1 } }],
    [{ a: { type: 'x', b: 1 } }, { a: { b: 2 } }, { a: { type: 'x', b: 2 } }],
    [{ a: { type: 'x', b: 1 } }, { a: { type: 'x' } }, { a: { type: 'x', b: 1 } }],
    [{ a: { type: 'x', b: 1 } }, { a: { type: 'y' } }, { a: { type: 'y' } }],
  ])('%j, over it %j', (below, above, expected) => {
    expect(overlaySettings(below, above)).toEqual(expected);
  });

  test('of alternatives those named above take the place of all below', () => {
    const below = { steps: 1, epochs: 2, seed: 3 };
    expect(overlaySettings(below, { minutes: 4 }, ['steps', 'epochs', 'minutes'])).toEqual({ minutes: 4, seed: 3 });
    expect(overlaySettings(below, { seed: 4 }, ['steps', 'epochs', 'minutes'])).toEqual({ ...below, seed: 4 });
  });
});

describe.each(sources)('what %s names', (upper) => {
  const others = sources.filter((source) => source !== upper);

  test.each(others)('wins over %s where it stands above, and is said to', (lower) => {
    const [a, b] = sources.indexOf(upper) > sources.indexOf(lower) ? [lower, upper] : [upper, lower];
    const layers = [layer(a, { batchSize: 1, zLoss: 1 }), layer(b, { batchSize: 2 })];
    expect(overlayLayers(sections, layers)).toEqual({ trainer: { batchSize: 2, zLoss: 1 } });
    expect(Object.fromEntries(traceLayers(sections, layers))).toEqual({
      'trainer.batchSize': { source: b },
      'trainer.zLoss': { source: a },
    });
  });

  const bounds = { steps: 1, epochs: 2, tokens: 3, minutes: 4 };
  test.each(Object.entries(bounds))('as %s replaces every bound below', (bound, value) => {
    const layers = [layer('default', bounds), layer(upper, { [bound]: value + 1 })];
    expect(overlayLayers(sections, layers)).toEqual({ trainer: { [bound]: value + 1 } });
    expect([...traceLayers(sections, layers)]).toEqual([[`trainer.${bound}`, { source: upper }]]);
  });
});

test('the fields of a variant that another one replaced come from nowhere', () => {
  const layers = [
    layer('preset', { schedule: { type: 'plateau', patience: 2, warmup: 3 } }),
    layer('flag', { schedule: { type: 'cosine', warmup: 4 } }),
  ];
  expect([...traceLayers(sections, layers).keys()]).toEqual(['trainer.schedule.type', 'trainer.schedule.warmup']);
});
