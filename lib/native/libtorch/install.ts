import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import {
  acquireLock,
  createDirectory,
  isPalabraError,
  isSystemError,
  raise,
  throwFileError,
} from '../../core/index.js';
import type { FileLock } from '../../core/index.js';
import { readElf } from '../elf.js';
import { locateInstallation, getCacheRoot } from './cache.js';
import type { Installed } from './cache.js';
import { openSupply } from './collect.js';
import type { Supply } from './collect.js';
import { listCudaLibraries, findLibrary, listForeignLibraries, listHeaders, layouts, listLicences } from './layout.js';
import { writeManifest } from './manifest.js';
import { LIBTORCH_VERSION } from './pin.js';
import type { Variant } from './pin.js';
import { probeLoad } from './probe.js';
import { listCudaRequirements, findRequirement } from './requirements.js';
import type { Source } from './sources.js';
import { Writer } from './writer.js';
import type { InstallProgress } from './writer.js';

const LOCK_POLL_MS = 500;

/** Options of {@link installLibtorch}. */
export interface InstallOptions {
  variant: Variant;
  /** A torch wheel, a folder of wheels, or a `torch` folder; absent: pip fetches it. */
  from?: string | undefined;
  /** A package index for pip. */
  indexUrl?: string | undefined;
  /** Replaces what is installed. */
  force?: boolean | undefined;
  progress: InstallProgress;
}

/** An installation, and whether it is new. */
export interface InstallResult extends Installed {
  /** False when it was there before. */
  fresh: boolean;
}

/**
 * Installs libtorch into the cache: fetch, extract, check, load once in a child process, rename into place.
 * An interrupted installation goes on where it stopped; a second one at the same time waits for the first.
 *
 * @throws PalabraError PAL_INSTALL when a step fails, PAL_FILE when the disk refuses; what was installed before stays
 */
export async function installLibtorch(options: InstallOptions): Promise<InstallResult> {
  const installation = locateInstallation(options.variant);
  if (!options.force && options.from === undefined && isInstalled(installation)) return { ...installation, fresh: false };
  const folder = dirname(installation.root);
  try {
    await createDirectory(folder);
    using _lock = await lockWhenFree(join(folder, `${options.variant}.lock`), options.progress);
    return await installLocked(options);
  } catch (cause) {
    throwFileError('libtorch install', findPath(cause) ?? folder, cause);
  }
}

/** The path that an error of the system names. */
function findPath(cause: unknown): string | undefined {
  return isSystemError(cause) && 'path' in cause && typeof cause.path === 'string' ? cause.path : undefined;
}

async function installLocked(options: InstallOptions): Promise<InstallResult> {
  const downloads = join(getCacheRoot(), 'downloads', LIBTORCH_VERSION);
  const { from, indexUrl, progress, variant } = options;
  const supply = await openSupply({ from, indexUrl, downloads, report: progress.message });
  const installation = locateInstallation(variant, supply.version);
  if (!options.force && isInstalled(installation)) return { ...installation, fresh: false };
  const staging = `${installation.root}.partial`;
  await fill(staging, supply, options);
  requireLoads(join(staging, variant === 'cuda' ? 'torch' : '', 'lib', 'libtorch_cpu.so'));
  replaceInstallation(staging, installation.root);
  rmSync(downloads, { recursive: true, force: true });
  return { ...installation, fresh: true };
}

/** Extracts all files and writes the manifest. */
async function fill(staging: string, supply: Supply, options: InstallOptions): Promise<void> {
  const writer = new Writer(staging, options.progress);
  const { version, torch } = supply;
  const layout = layouts[options.variant];
  const extra = options.variant === 'cuda' ? await supply.fetchAll(listCudaRequirements(torch.metadata())) : [];
  const sources = [torch, ...extra];
  for (const source of extra) await writer.write(source, listCudaLibraries(source), layout.libraryPath);
  await extractLibraries(writer, supply, sources, options.variant);
  await writer.write(torch, listHeaders(torch), layout.headerPath);
  for (const source of sources) await extractLicences(writer, source);
  const { files } = writer;
  writeManifest(staging, { version, variant: options.variant, sources: sources.map(({ label }) => label), files });
}

/** Extracts the first libraries, then what they need, until nothing is missing; `sources` grows on the way. */
async function extractLibraries(writer: Writer, supply: Supply, sources: Source[], variant: Variant): Promise<void> {
  const layout = layouts[variant];
  const wanted = layout.libraries(supply.torch).map((name) => ({ source: supply.torch, name }));
  const seen = new Set(wanted.map(({ name }) => name));
  for (const { source, name } of wanted) {
    await writer.write(source, [name], layout.libraryPath);
    if (variant === 'cuda') continue;
    for (const library of listNeeded(writer, layout.libraryPath(name))) {
      const next = await locate(supply, sources, library);
      if (!seen.has(next.name)) wanted.push(next);
      seen.add(next.name);
    }
  }
}

function listNeeded(writer: Writer, path: string): string[] {
  return listForeignLibraries(readElf(writer.path(path))?.needed ?? []);
}

async function locate(supply: Supply, sources: Source[], library: string): Promise<{ source: Source; name: string }> {
  for (const source of sources) {
    const name = findLibrary(source, library);
    if (name !== undefined) return { source, name };
  }
  const source = await supply.fetch(findRequirement(library, supply.torch.metadata()));
  sources.push(source);
  const name = findLibrary(source, library);
  return name === undefined ? throwLibraryMissing(library, source) : { source, name };
}

async function extractLicences(writer: Writer, source: Source): Promise<void> {
  const paths = new Map(listLicences(source));
  await writer.write(source, [...paths.keys()], (name) => paths.get(name) ?? name);
}

async function lockWhenFree(path: string, progress: InstallProgress): Promise<FileLock> {
  for (let reported = false; ; reported = true) {
    try {
      return acquireLock(path);
    } catch (error) {
      if (!isPalabraError(error) || error.code !== 'PAL_LOCKED') throw error;
      if (!reported) progress.message('Another process installs libtorch; waiting for it');
    }
    await delay(LOCK_POLL_MS);
  }
}

function isInstalled({ folder }: Installed): boolean {
  return existsSync(join(folder, 'lib', 'libtorch_cpu.so'));
}

function replaceInstallation(staging: string, root: string): void {
  const old = `${root}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(root)) renameSync(root, old);
  renameSync(staging, root);
  rmSync(old, { recursive: true, force: true });
}

function requireLoads(library: string): void {
  const reason = probeLoad(library);
  if (reason === '') return;
  raise('PAL_INSTALL', {
    where: 'libtorch install',
    expected: 'the fetched libtorch to load',
    received: `"${reason}"`,
    fix: 'It needs Linux x86-64 with glibc 2.28 or newer; `npx palabra doctor` shows what is here.',
    details: { library },
  });
}

function throwLibraryMissing(library: string, source: Source): never {
  raise('PAL_INSTALL', { where: 'libtorch install', expected: `${library} in ${source.label}`, received: 'none' });
}
