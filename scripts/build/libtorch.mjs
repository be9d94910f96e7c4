/** Where the build finds libtorch: the variables that the loader reads too, else the cache. */
import { join, resolve } from 'node:path';
import { cacheDirectory } from './cache.mjs';

/** The pinned version; `LIBTORCH_VERSION` in lib/native is the same. */
export const libtorchVersion = '2.13.0';

/** The folder with `lib/` and `include/`, whether it exists or not. */
export function libtorchFolder() {
  const { PALABRA_LIBTORCH, PALABRA_PYTHON_TORCH } = process.env;
  const own = PALABRA_LIBTORCH || PALABRA_PYTHON_TORCH;
  return resolve(own || join(cacheDirectory(), 'libtorch', `${libtorchVersion}-cpu`));
}
