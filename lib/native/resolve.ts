import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { Attempt } from './failures.js';
import { listInstalled } from './libtorch/cache.js';
import { PLATFORM_PACKAGE } from './libtorch/pin.js';
import type { Variant } from './libtorch/pin.js';

/** Where libtorch was found, and what was seen on the way. */
export interface Resolution {
  /** The folder with `lib/libtorch_cpu.so`; undefined when no place has it. */
  folder: string | undefined;
  /** The places in order; those after the first that has it are not looked at. */
  trace: Attempt[];
}

/**
 * Looks for libtorch: `PALABRA_LIBTORCH`, `PALABRA_PYTHON_TORCH`, the cache with CUDA when a device is
 * present, the platform package, the cache. A variable that is set ends the search.
 *
 * @param version - the `major.minor` that is wanted from the cache
 */
export function resolveLibtorch(version: string): Resolution {
  const trace: Attempt[] = [];
  for (const look of places) {
    const attempt = look(version);
    trace.push(attempt);
    if (attempt.found || attempt.folder !== undefined) break;
  }
  const last = trace.at(-1);
  return { folder: last?.found ? last.folder : undefined, trace };
}

/** Whether the machine shows a CUDA device of NVIDIA's driver. */
export function hasCudaDevice(): boolean {
  return existsSync('/dev/nvidiactl') || existsSync('/dev/dxg');
}

const places: readonly ((version: string) => Attempt)[] = [
  () => fromVariable('PALABRA_LIBTORCH'),
  () => fromVariable('PALABRA_PYTHON_TORCH'),
  (version) => (hasCudaDevice() ? fromCache('cuda', version) : absent('cache (cuda)', 'no CUDA device on this machine')),
  fromPackage,
  (version) => fromCache('cpu', version),
];

function fromVariable(name: string): Attempt {
  const folder = process.env[name];
  return folder ? inFolder(name, folder) : absent(name, 'not set');
}

function fromCache(variant: Variant, version: string): Attempt {
  const source = `cache (${variant})`;
  const all = listInstalled();
  const match = all.find((one) => one.variant === variant && one.version.startsWith(`${version}.`));
  if (match !== undefined) return inFolder(source, match.folder);
  const others = all.map((one) => `${one.version}-${one.variant}`).join(', ');
  return absent(source, others ? `no ${version} among ${others}` : 'empty');
}

function fromPackage(): Attempt {
  const file = packageFile();
  return file === undefined ? absent(PLATFORM_PACKAGE, 'not installed') : inFolder(PLATFORM_PACKAGE, dirname(file));
}

function packageFile(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(`${PLATFORM_PACKAGE}/package.json`);
  } catch {
    return undefined;
  }
}

function inFolder(source: string, folder: string): Attempt {
  const found = existsSync(join(folder, 'lib', 'libtorch_cpu.so'));
  return { source, folder, found, note: found ? folder : `${folder} holds no lib/libtorch_cpu.so` };
}

function absent(source: string, note: string): Attempt {
  return { source, folder: undefined, found: false, note };
}
