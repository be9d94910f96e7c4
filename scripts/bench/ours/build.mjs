/** Builds the addon from clean in a temporary folder, without a compiler cache, and prints the seconds as JSON. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { libtorchFolder } from '../../build/libtorch.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'palabra-build-'));

/** Runs cmake and stops at a failure. */
function cmake(...args) {
  const { status } = spawnSync('cmake', args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, CCACHE_DISABLE: '1' },
  });
  if (status !== 0) throw new Error(`cmake ${args.join(' ')} ended with ${status}`);
}

try {
  const start = performance.now();
  cmake('-S', root, '-B', folder, '-DCMAKE_BUILD_TYPE=Release', `-DPALABRA_LIBTORCH=${libtorchFolder()}`);
  cmake('--build', folder, '--parallel', '2');
  console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000 }));
} finally {
  rmSync(folder, { recursive: true });
}
