import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

import { limited } from '../../fuzz/campaign.js';

test('values that no memory is left for are an error, whichever way they are read', () => {
  const { command, args, env } = limited(fileURLToPath(new URL('large-data.child.ts', import.meta.url)));
  const { stdout, stderr, signal } = spawnSync(command, args, { env, encoding: 'utf8' });
  expect({ signal, stdout, stderr: stdout === '' ? stderr : '' }).toEqual({
    signal: null,
    stdout: 'data PAL_OUT_OF_MEMORY\nbits PAL_OUT_OF_MEMORY\ntolist PAL_OUT_OF_MEMORY\n',
    stderr: '',
  });
});
