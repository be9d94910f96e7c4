import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

import { root } from './processes.js';

/** The path of SmolLM2-135M-Instruct's file; undefined, with the reason printed, where it can't be had. */
export function findModelFile(): string | undefined {
  const script = resolve(root, 'scripts/build/smollm.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  console.error(`No model of 135 M: ${stderr.trim()}`);
  return undefined;
}
