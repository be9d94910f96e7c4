/** The way of `lib/data` into `palabra.node`: nothing from here leads to libtorch. */
import { isMainThread } from 'node:worker_threads';

import { createNativeError } from '../core/errors/index.js';
import type { DataAddon } from './data-addon.js';
import { openLoader } from './loader.js';

export type * from './data-addon.js';

let opened: DataAddon | undefined;

/**
 * The data part of the addon, opened at the first call; libtorch is not looked for.
 *
 * @throws NativeLoadError when there is no addon for this machine
 */
export function openDataAddon(): DataAddon {
  opened ??= open();
  return opened;
}

function open(): DataAddon {
  const { data } = openLoader().loader;
  data.initialize(createNativeError);
  if (isMainThread) process.on('exit', () => data.stop());
  return data;
}
