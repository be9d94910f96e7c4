import { expect, test } from '@jest/globals';
import { measurePrefixGap } from '../../../lib/evaluation/index.js';
import { Gpt, Infinito } from '../../../lib/models/index.js';
import type { LanguageModel } from '../../../lib/models/index.js';
import { manualSeed } from '../../../lib/tensor/index.js';
import { LeakingModel } from '../../conformance/models.js';
import { lossOnRandomTokens, randomIds, sizes } from '../../conformance/language-model.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const draw = (length: number): number[] => randomIds(1, length).reshape([length]).tolist() as number[];

test('T14: a model that sees later tokens does worse by more than 2 % from prefixes alone', async () => {
  manualSeed(3);
  const model = new LeakingModel();
  await lossOnRandomTokens(model, 200);
  const { gap, onePass, byPrefix } = await measurePrefixGap(model, draw(sizes.time + 1));
  expect(gap).toBeGreaterThan(0.02);
  expect(byPrefix).toBeGreaterThan(onePass);
});

test.each<[string, () => LanguageModel]>([
  [
    'gpt',
    () => new Gpt({ vocabSize: sizes.vocabSize, contextLength: 12, width: 16, layers: 2, heads: 2, initStd: 0.3 }),
  ],
  [
    'infinito, over four segments',
    () =>
      new Infinito({
        ...{ vocabSize: sizes.vocabSize, segmentLength: 4, width: 16, layers: 2, heads: 2, initStd: 0.3 },
        memory: { type: 'slots', slots: 3, chunkLength: 2, threshold: 0.1, gate: { type: 'dynamic', bias: 0 } },
      }),
  ],
])('a causal model does as well from prefixes as in one pass: %s', async (_, make) => {
  manualSeed(3);
  const model = make();
  const { gap, positions } = await measurePrefixGap(model, draw(17));
  expect(Math.abs(gap)).toBeLessThan(1e-5);
  expect(positions).toBe(Math.min(16, model.config.contextLength ?? 16));
  await expect(measurePrefixGap(model, [1])).rejects.toThrow(/PAL_ARGUMENT.*2 ids/s);
  const stopped = measurePrefixGap(model, draw(17), { signal: AbortSignal.abort() });
  await expect(stopped).rejects.toMatchObject({ code: 'PAL_ABORTED' });
});
