import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { raise } from '../../core/errors/index.js';
import type { Variant } from './pin.js';
import { hashFile } from './sources.js';

const FILE = 'manifest.json';

/** The record of an installation: every file with its length and hash. */
export interface Manifest {
  version: string;
  variant: Variant;
  /** The wheels or folders that it was made from. */
  sources: string[];
  files: Record<string, FileRecord>;
}

/** One file of an installation; `sha256` in hexadecimal. */
export interface FileRecord {
  bytes: number;
  sha256: string;
}

/** Writes the manifest into an installation. */
export function writeManifest(root: string, manifest: Manifest): void {
  writeFileSync(join(root, FILE), `${JSON.stringify(manifest, null, 1)}\n`, { flush: true });
}

/** Reads the manifest of an installation. @throws PalabraError PAL_INSTALL when there is none */
export function readManifest(root: string): Manifest {
  const path = join(root, FILE);
  if (!existsSync(path)) return throwNoManifest(path);
  return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
}

/** The files of an installation that are absent or differ from its manifest. */
export async function listChangedFiles(root: string): Promise<string[]> {
  const changed: string[] = [];
  for (const [name, { sha256 }] of Object.entries(readManifest(root).files)) {
    const path = join(root, name);
    if (!existsSync(path) || (await hashFile(path)) !== sha256) changed.push(name);
  }
  return changed;
}

function throwNoManifest(path: string): never {
  raise('PAL_INSTALL', {
    where: 'libtorch',
    expected: `an installation with ${path}`,
    received: 'none',
    fix: 'Run `npx palabra libtorch install --force`.',
    details: { path },
  });
}
