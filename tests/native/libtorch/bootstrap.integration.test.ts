import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

test('the set-up of a bare clone has the installer of the command line', () => {
  const args = ['scripts/build/install-libtorch.mjs', '--help'];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('--from');
});
