import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

import { lowerSets } from '../helpers/cpu-sets.js';
import { runNode } from './qemu.js';

/** The tests of our operators: against PyTorch's arithmetic, and through the functions that call them. */
const tests = ['tests/parity/ops', 'tests/tensor/linear-rows', 'tests/tensor/functional/neural', 'tests/nn/recurrent'];

/** Runs them in a process of their own and gives jest's report. */
async function runTests(env: Record<string, string>): Promise<{ numPassedTests: number; failed: string[] }> {
  const folder = mkdtempSync(join(tmpdir(), 'palabra-sets-'));
  try {
    const outputFile = join(folder, 'report.json');
    const jest = ['node_modules/jest/bin/jest.js', '--selectProjects', 'parity', 'native', '--runInBand', '--json'];
    const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    await runNode([...node, ...jest, `--outputFile=${outputFile}`, '--', ...tests], undefined, env);
    const report = JSON.parse(readFileSync(outputFile, 'utf8'));
    const failed = report.testResults.flatMap(({ assertionResults, message, status }: Suite) =>
      status === 'failed' && assertionResults.length === 0
        ? [message]
        : assertionResults.filter((result) => result.status === 'failed').map(({ fullName }) => fullName),
    );
    return { numPassedTests: report.numPassedTests, failed };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Suite {
  status: string;
  message: string;
  assertionResults: { status: string; fullName: string }[];
}

describe('our operators on lower instruction sets', () => {
  test.concurrent.each(Object.entries(lowerSets))('%s', async (_name, env) => {
    const { numPassedTests, failed } = await runTests(env);
    expect(failed).toEqual([]);
    expect(numPassedTests).toBeGreaterThan(20);
  });
});
