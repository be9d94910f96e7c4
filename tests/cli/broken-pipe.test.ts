import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';

test('a reader that goes away is no failure', async () => {
  const args = ['--import', 'tsx', resolve('lib/cli/main.ts'), 'train', '--help'];
  const child = spawn(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '' } });
  child.stdout.destroy();
  let errors = '';
  child.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
  const code = await new Promise((done) => child.on('close', done));
  expect([code, errors]).toEqual([0, '']);
});
