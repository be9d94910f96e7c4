/** The way of `lib/text` into `palabra.node`: nothing from here leads to libtorch. */
import { isMainThread } from 'node:worker_threads';

import { createNativeError } from '../core/errors/index.js';
import { openLoader } from './loader.js';
import type { TextAddon } from './text-addon.js';

export type * from './text-addon.js';

let opened: TextAddon | undefined;

/**
 * The text part of the addon, opened at the first call; libtorch is not looked for.
 *
 * @throws NativeLoadError when there is no addon for this machine
 */
export function openTextAddon(): TextAddon {
  opened ??= open();
  return opened;
}

function open(): TextAddon {
  const { text } = openLoader().loader;
  text.initialize(createNativeError);
  if (isMainThread) process.on('exit', () => text.stop());
  return text;
}
