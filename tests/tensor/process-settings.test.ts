import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

test('a setting of the process holds while any of its threads asks for it', () => {
  const child = fileURLToPath(new URL('process-settings.child.mjs', import.meta.url));
  const { stdout, stderr } = spawnSync(process.execPath, [child], { encoding: 'utf8' });
  expect(stdout.trim().split('\n')).toEqual([
    'start: false false',
    'beside: true true',
    'ended: false false',
    'withdrawn there: true true',
    'asked here: true',
    'withdrawn here: false false',
  ]);
  expect(stderr).toBe('');
});
