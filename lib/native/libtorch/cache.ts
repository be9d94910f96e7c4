import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

import { LIBTORCH_VERSION, VARIANTS } from './pin.js';
import type { Variant } from './pin.js';

/** A libtorch in the cache. */
export interface Installed {
  version: string;
  variant: Variant;
  /** The whole installation; `palabra libtorch remove` deletes it. */
  root: string;
  /** The folder with `lib/` and `include/`. */
  folder: string;
}

/** The cache directory: `PALABRA_CACHE`, else `palabra` in the user's cache directory. */
export function getCacheRoot(): string {
  const { PALABRA_CACHE, XDG_CACHE_HOME } = process.env;
  if (PALABRA_CACHE) return PALABRA_CACHE;
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'palabra');
}

/** The folders of a version and variant in the cache, whether it is installed or not. */
export function locateInstallation(variant: Variant, version: string = LIBTORCH_VERSION): Installed {
  const root = join(getCacheRoot(), 'libtorch', `${version}-${variant}`);
  // The CUDA build finds its libraries by `../../nvidia`, as in a Python installation.
  return { version, variant, root, folder: variant === 'cuda' ? join(root, 'torch') : root };
}

/** The installations in the cache, newest version first. */
export function listInstalled(): Installed[] {
  const directory = join(getCacheRoot(), 'libtorch');
  if (!existsSync(directory)) return [];
  return readdirSync(directory).flatMap(parseName).filter(isComplete).sort(compareVersions);
}

function parseName(name: string): Installed[] {
  const [version = '', variant] = name.split('-');
  const known = VARIANTS.find((choice) => choice === variant);
  return known !== undefined && /^\d+\.\d+\.\d+$/.test(version) ? [locateInstallation(known, version)] : [];
}

function isComplete({ folder }: Installed): boolean {
  return existsSync(join(folder, 'lib', 'libtorch_cpu.so'));
}

function compareVersions(a: Installed, b: Installed): number {
  return b.version.localeCompare(a.version, 'en', { numeric: true }) || a.variant.localeCompare(b.variant);
}
