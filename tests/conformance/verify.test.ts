import { expect, test } from '@jest/globals';
import { verify } from '../../lib/evaluation/index.js';
import { manualSeed } from '../../lib/tensor/index.js';
import { floatTypes } from '../helpers/element-types.js';
import { LeakingModel, models } from './models.js';

const cases = Object.entries(models).flatMap(([name, make]) => floatTypes.map((dtype) => ({ name, dtype, make })));

test.each(cases)(
  '$name in $dtype: no information from the future, from other rows or documents',
  async ({ make, dtype }) => {
    manualSeed(3);
    const model = make().to({ dtype });
    const { checks, passed } = await verify(model, { noiseSteps: 0 });
    expect(checks.filter(({ verdict }) => verdict === 'failed')).toEqual([]);
    expect(passed).toBe(true);
    const found = Object.fromEntries(checks.map(({ name, verdict }) => [name, verdict]));
    expect(found).toMatchObject({
      causality: 'passed',
      'batch independence': 'passed',
      'packing isolation': 'passed',
      'cache equality': 'passed',
      'idempotent evaluation': 'passed',
      'rows of the state': 'passed',
    });
    model.dispose();
  },
);

test.each(floatTypes)('a leak is seen in %s', async (dtype) => {
  manualSeed(3);
  using model = new LeakingModel().to({ dtype });
  expect((await verify(model, { noiseSteps: 0 })).checks[0]!.verdict).toBe('failed');
});
