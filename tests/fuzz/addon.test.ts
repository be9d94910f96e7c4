import { describe, expect, test } from '@jest/globals';

import { loadAddon } from '../../lib/native/index.js';
import { runCampaign } from './campaign.js';
import { reachableOperators } from './operators.js';

const CALLS = Number(process.env.PALABRA_FUZZ_CALLS ?? 100_000);

/** Entries come as often as one operator in twenty; a session of them makes some fifty calls. */
function calls(operators: string[]): string[] {
  return operators.flatMap((name, i) => (i % 20 === 0 ? ['', name] : [name]));
}

describe('random calls', () => {
  test(`${CALLS} of every entry and operator: no crash, no hang, PalabraErrors alone`, async () => {
    const operators = calls(reachableOperators(loadAddon()));
    const start = performance.now();
    const found = await runCampaign({ operators, seed: 20_260, from: 0, to: CALLS, patience: 5 });
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    const refused = Object.values(found.refused).reduce((sum, count) => sum + count, 0);
    console.log(
      `fuzz: ${found.calls} calls in ${seconds} s: ${found.accepted} accepted, ${refused} refused ` +
        `(${JSON.stringify(found.refused)}), ${found.deaths.length} deaths, ${found.failures.length} other errors`,
    );
    expect(found.deaths).toEqual([]);
    expect(found.failures).toEqual([]);
    expect(found.calls).toBeGreaterThanOrEqual(CALLS);
  });
});
