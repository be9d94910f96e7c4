import { expect, test } from '@jest/globals';
import { parseConfig } from '../../../lib/core/index.js';
import { lossConfigSchema } from '../../../lib/models/index.js';

test('the training loss is the plain cross-entropy unless terms are named; a smoothing of 1 leaves nothing to learn', () => {
  expect(parseConfig('loss', lossConfigSchema, {})).toEqual({ labelSmoothing: 0, zLoss: 0 });
  expect(() => parseConfig('loss', lossConfigSchema, { labelSmoothing: 1 })).toThrow(/\[PAL_CONFIG\].*labelSmoothing/s);
});
