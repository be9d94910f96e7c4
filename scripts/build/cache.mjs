/** Where set-up keeps what it fetches: `PALABRA_CACHE`, else the platform's cache folder. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The cache folder, whether it exists or not. */
export function cacheDirectory() {
  const { PALABRA_CACHE, XDG_CACHE_HOME } = process.env;
  return resolve(PALABRA_CACHE || join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'palabra'));
}
