import { expect, test } from '@jest/globals';

import { runCampaign } from './campaign.js';

/** Sessions of some fifty calls each. */
const SESSIONS = Number(process.env.PALABRA_FUZZ_RUNNING ?? 100);

test(`${SESSIONS} sessions of random calls over the tensors of a program under way: no crash, no hang`, async () => {
  const found = await runCampaign({ operators: ['running'], seed: 7, from: 0, to: SESSIONS, patience: 3 });
  const refused = JSON.stringify(found.refused);
  console.log(`fuzz: ${found.calls} calls: ${found.accepted} accepted, refused ${refused}`);
  expect(found.deaths).toEqual([]);
  expect(found.failures).toEqual([]);
  expect(found.calls).toBeGreaterThan(SESSIONS * 20);
  expect(found.accepted).toBeGreaterThan(found.calls / 4);
  expect(found.refused.PAL_PROGRAM).toBeGreaterThan(SESSIONS);
});
