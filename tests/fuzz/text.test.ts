import { spawnSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import type { TextCampaign } from './text.child.js';

const CALLS = Number(process.env.PALABRA_FUZZ_TEXT ?? 10_000);
const TIME_MS = 150 * Math.max(CALLS, 10_000);

function run(campaign: string, calls: number): TextCampaign {
  const args = ['--import', 'tsx', 'tests/fuzz/text.child.ts', campaign, '4', String(calls)];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: TIME_MS });
  expect({ status, signal, stderr }).toEqual({ status: 0, signal: null, stderr: '' });
  return JSON.parse(stdout) as TextCampaign;
}

describe('the text part of palabra.node and tokenizer.json: no crash, no hang, PalabraErrors alone', () => {
  test.each([
    ['entries', 10 * CALLS],
    ['files', CALLS],
  ])('%s, %i calls', (campaign, calls) => {
    const { outcomes, failures } = run(campaign, calls);
    console.log(`fuzz, ${campaign}: ${JSON.stringify(outcomes)}`);
    expect(failures).toEqual([]);
    expect(outcomes.accepted).toBeGreaterThan(calls / 20);
    expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(calls);
  });
});
