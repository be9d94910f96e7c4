import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const CHILD = fileURLToPath(new URL('file-errors.child.mjs', import.meta.url));

/** What came out of one reader or writer. */
interface Outcome {
  /** The places that call the system, of which each failed once. */
  calls: number;
  wrong: readonly string[];
}

const areas = ['text', 'sources', 'models', 'training', 'adapters', 'fetched'];

test.each(areas)('%s: whichever call of the system fails, the error is that of the file', async (area) => {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', CHILD, area], {
    env,
    maxBuffer: 2 ** 26,
  });
  const outcomes = Object.entries(JSON.parse(stdout) as Record<string, Outcome>);
  expect(outcomes.filter(([, { calls }]) => calls === 0)).toEqual([]);
  expect(outcomes.flatMap(([name, { wrong }]) => wrong.map((text) => `${name}: ${text}`))).toEqual([]);
});
