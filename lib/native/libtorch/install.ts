import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { acquireLock, isPalabraError, raise } from '../../core/index.js';
import type { FileLock } from '../../core/index.js';
import { readElf } from '../elf.js';
import { cachePlace, cacheRoot } from './cache.js';
import type { Installed } from './cache.js';
import { openSupply } from './collect.js';
import type { Supply } from './collect.js';
import { cudaLibrariesOf, findLibrary, foreignLibraries, headersOf, layouts, licencesOf } from './layout.js';
import { writeManifest } from './manifest.js';
import { LIBTORCH_VERSION } from './pin.js';
import type { Variant } from './pin.js';
import { probeLoad } from './probe.js';
import { cudaRequirements, requirementFor } from './requirements.js';
import type { Source } from './sources.js';
import { Writer } from './writer.js';
import type { InstallProgress } from './writer.js';

const LOCK_POLL_MS = 500;

/** How libtorch is installed. */
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

/** What was done. */
export interface InstallResult extends Installed {
  /** False when it was there before. */
  fresh: boolean;
}

/**
 * Installs libtorch into the cache: fetch, extract, check, load once in a child process, rename into place.
 * An interrupted installation goes on where it stopped; a second one at the same time waits for the first.
 *
 * @throws PalabraError PAL_INSTALL when a step fails; what was installed before stays
 */
export async function installLibtorch(options: InstallOptions): Promise<InstallResult> {
  const place = cachePlace(options.variant);
  if (!options.force && options.from === undefined && isInstalled(place)) return { ...place, fresh: false };
  mkdirSync(dirname(place.root), { recursive: true });
  using _lock = await lockWhenFree(join(dirname(place.root), `${options.variant}.lock`), options.progress);
  return await installLocked(options);
}

async function installLocked(options: InstallOptions): Promise<InstallResult> {
  const downloads = join(cacheRoot(), 'downloads', LIBTORCH_VERSION);
  const { from, indexUrl, progress, variant } = options;
  const supply = await openSupply({ from, indexUrl, downloads, report: progress.message });
  const place = cachePlace(variant, supply.version);
  if (!options.force && isInstalled(place)) return { ...place, fresh: false };
  const staging = `${place.root}.partial`;
  await fill(staging, supply, options);
  requireLoads(join(staging, variant === 'cuda' ? 'torch' : '', 'lib', 'libtorch_cpu.so'));
  putInPlace(staging, place.root);
  rmSync(downloads, { recursive: true, force: true });
  return { ...place, fresh: true };
}

/** Extracts all files and writes the manifest. */
async function fill(staging: string, supply: Supply, options: InstallOptions): Promise<void> {
  const writer = new Writer(staging, options.progress);
  const { version, torch } = supply;
  const layout = layouts[options.variant];
  const extra = options.variant === 'cuda' ? await supply.fetchAll(cudaRequirements(torch.metadata())) : [];
  const sources = [torch, ...extra];
  for (const source of extra) await writer.write(source, cudaLibrariesOf(source), layout.libraryPlace);
  await extractLibraries(writer, supply, sources, options.variant);
  await writer.write(torch, headersOf(torch), layout.headerPlace);
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
    await writer.write(source, [name], layout.libraryPlace);
    if (variant === 'cuda') continue;
    for (const library of neededBy(writer, layout.libraryPlace(name))) {
      const next = await locate(supply, sources, library);
      if (!seen.has(next.name)) wanted.push(next);
      seen.add(next.name);
    }
  }
}

function neededBy(writer: Writer, place: string): string[] {
  return foreignLibraries(readElf(writer.path(place))?.needed ?? []);
}

async function locate(supply: Supply, sources: Source[], library: string): Promise<{ source: Source; name: string }> {
  for (const source of sources) {
    const name = findLibrary(source, library);
    if (name !== undefined) return { source, name };
  }
  const source = await supply.fetch(requirementFor(library, supply.torch.metadata()));
  sources.push(source);
  const name = findLibrary(source, library);
  return name === undefined ? libraryMissing(library, source) : { source, name };
}

async function extractLicences(writer: Writer, source: Source): Promise<void> {
  const places = new Map(licencesOf(source));
  await writer.write(source, [...places.keys()], (name) => places.get(name) ?? name);
}

async function lockWhenFree(path: string, progress: InstallProgress): Promise<FileLock> {
  for (let told = false; ; told = true) {
    try {
      return acquireLock(path);
    } catch (error) {
      if (!isPalabraError(error) || error.code !== 'PAL_LOCKED') throw error;
      if (!told) progress.message('Another process installs libtorch; waiting for it');
    }
    await delay(LOCK_POLL_MS);
  }
}

function isInstalled({ folder }: Installed): boolean {
  return existsSync(join(folder, 'lib', 'libtorch_cpu.so'));
}

function putInPlace(staging: string, root: string): void {
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

function libraryMissing(library: string, source: Source): never {
  raise('PAL_INSTALL', { where: 'libtorch install', expected: `${library} in ${source.label}`, received: 'none' });
}
