/** SmolLM2-135M-Instruct in GGUF, fetched into the cache once. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

/**
 * The path of the file; the first call on a machine fetches 98 MB.
 *
 * @throws when it cannot be fetched
 */
export function findSmolLm(): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('scripts/build/smollm.mjs')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The model could not be fetched.\n${stderr}`);
  return stdout.trim();
}
