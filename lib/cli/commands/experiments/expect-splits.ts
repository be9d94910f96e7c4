import { raise } from '../../../core/index.js';
import type { Prepared } from '../../../data/index.js';

/**
 * Requires a validation part, and a test part where something is scored on it.
 * @param prepared - the data
 * @param tested - whether the test part is needed
 * @throws DataError naming the part that is missing
 */
export function expectSplits(prepared: Pick<Prepared, 'validation' | 'test'>, tested: boolean): void {
  for (const split of tested ? (['validation', 'test'] as const) : (['validation'] as const)) {
    if (prepared[split] !== undefined) continue;
    raise('PAL_DATA', {
      where: 'experiment',
      expected: `a ${split} part in the data`,
      received: 'none',
      fix: `Name its share in the base, as prepare: {split: {${split}: 0.1}}.`,
    });
  }
}
