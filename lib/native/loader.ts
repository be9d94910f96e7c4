import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

import type NodeGypBuild from 'node-gyp-build';

import { throwAddonMissing, throwCannotOpen, throwWrongLibc } from './failures.js';
import { readElf } from './elf.js';
import type { DataAddon } from './data-addon.js';
import type { TextAddon } from './text-addon.js';

/** The typed surface of `palabra.node`, which loads without libtorch. */
export interface Loader {
  /** The `major.minor` of the libtorch that the addon was built for. */
  readonly builtFor: string;
  /** The version of the C library in use. */
  readonly libc: string;
  /** Opens a library for all later ones to link with. @throws Error with the dynamic linker's words */
  open(path: string): void;
  /** Full paths of the shared libraries in this process. */
  loaded(): string[];
  /** Gives back the pages of an open library that only its start needed; those needed again come back by themselves. */
  releasePages(path: string): void;
  /** The `major.minor.patch` that an open libtorch_cpu gives for itself; undefined when it gives none. */
  torchVersion(path: string): string | undefined;
  /** Instruction sets that CPU, kernel and C library allow; undefined when the C library doesn't tell. */
  instructionSets(): string[] | undefined;
  /** Batches from token files. */
  readonly data: DataAddon;
  /** Byte-pair encoding. */
  readonly text: TextAddon;
}

const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

let opened: { loader: Loader; path: string } | undefined;

/**
 * Opens `palabra.node` of this package: `build/Release` in development, `prebuilds/` when packed.
 *
 * @throws NativeLoadError when there is none for this machine
 */
export function openLoader(): { loader: Loader; path: string } {
  if (opened === undefined) {
    requireGlibc(process.execPath);
    const path = findLoader();
    opened = { loader: openAddon<Loader>(path), path };
  }
  return opened;
}

/**
 * Loads a shared library as an addon of Node and returns its exports.
 *
 * @throws NativeLoadError with a plan when the dynamic linker refuses it
 */
export function openAddon<T>(path: string): T {
  const target = { exports: {} };
  try {
    process.dlopen(target, path);
  } catch (error) {
    throwCannotOpen(path, error);
  }
  return target.exports as T;
}

/** The package is asked for where it stands, so that a bundle with palabra inside ends here, in words. */
function findLoader(): string {
  try {
    const nodeGypBuild = createRequire(import.meta.url)('node-gyp-build') as typeof NodeGypBuild;
    return nodeGypBuild.path(packageRoot);
  } catch (error) {
    return throwAddonMissing(packageRoot, error);
  }
}

/** Refuses a Node that runs on musl: libtorch exists for glibc only. */
function requireGlibc(program: string): void {
  const interpreter = readElf(program)?.interpreter;
  if (interpreter?.includes('ld-musl')) throwWrongLibc(`Node on musl (${interpreter})`);
}
