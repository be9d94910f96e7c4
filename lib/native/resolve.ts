import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { Attempt } from './failures.js';
import { listInstalled } from './libtorch/cache.js';
import { PLATFORM_PACKAGE } from './libtorch/pin.js';
import type { Variant } from './libtorch/pin.js';

/** The folder of libtorch and the lookups that led to it. */
export interface Resolution {
  /** The folder with `lib/libtorch_cpu.so`; undefined when no lookup found it. */
  folder: string | undefined;
  /** The lookups in order; those after the first that found it are not made. */
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
  for (const look of lookups) {
    const attempt = look(version);
    trace.push(attempt);
    if (attempt.found || attempt.folder !== undefined) break;
  }
  const last = trace.at(-1);
  return { folder: last?.found ? last.folder : undefined, trace };
}

/** True where the machine shows a CUDA device of NVIDIA's driver. */
export function hasCudaDevice(): boolean {
  return existsSync('/dev/nvidiactl') || existsSync('/dev/dxg');
}

const lookups: readonly ((version: string) => Attempt)[] = [
  () => lookUpVariable('PALABRA_LIBTORCH'),
  () => lookUpVariable('PALABRA_PYTHON_TORCH'),
  (version) => (hasCudaDevice() ? lookUpCache('cuda', version) : reportAbsent('cache (cuda)', 'no CUDA device on this machine')),
  lookUpPackage,
  (version) => lookUpCache('cpu', version),
];

function lookUpVariable(name: string): Attempt {
  const folder = process.env[name];
  return folder ? lookUpFolder(name, folder) : reportAbsent(name, 'not set');
}

function lookUpCache(variant: Variant, version: string): Attempt {
  const source = `cache (${variant})`;
  const all = listInstalled();
  const match = all.find((one) => one.variant === variant && one.version.startsWith(`${version}.`));
  if (match !== undefined) return lookUpFolder(source, match.folder);
  const others = all.map((one) => `${one.version}-${one.variant}`).join(', ');
  return reportAbsent(source, others ? `no ${version} among ${others}` : 'empty');
}

function lookUpPackage(): Attempt {
  const file = findPackageFile();
  return file === undefined ? reportAbsent(PLATFORM_PACKAGE, 'not installed') : lookUpFolder(PLATFORM_PACKAGE, dirname(file));
}

function findPackageFile(): string | undefined {
  try {
    return createRequire(import.meta.url).resolve(`${PLATFORM_PACKAGE}/package.json`);
  } catch {
    return undefined;
  }
}

function lookUpFolder(source: string, folder: string): Attempt {
  const found = existsSync(join(folder, 'lib', 'libtorch_cpu.so'));
  return { source, folder, found, note: found ? folder : `${folder} holds no lib/libtorch_cpu.so` };
}

function reportAbsent(source: string, note: string): Attempt {
  return { source, folder: undefined, found: false, note };
}
