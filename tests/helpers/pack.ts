import { spawnSync } from 'node:child_process';
import type { SpawnSyncOptions } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** The repository. */
export const repository = resolve('.');

/** A file of a tarball, as `npm pack --json` lists it. */
export interface PackedFile {
  path: string;
  size: number;
}

/** What `npm pack --json` tells of a tarball. */
export interface Packed {
  filename: string;
  files: PackedFile[];
}

/** A new empty folder below the system's temporary one. */
export function emptyFolder(name: string): string {
  return mkdtempSync(join(tmpdir(), `palabra-${name}-`));
}

/** Runs a command to its end; throws with its output when it fails. */
export function run(command: string, args: string[], options: SpawnSyncOptions = {}): string {
  const result = spawnSync(command, args, { cwd: repository, ...options, encoding: 'utf8', maxBuffer: 1e8 });
  if (result.status === 0) return result.stdout;
  const ending = result.error?.message ?? `status ${result.status}, signal ${result.signal}`;
  throw new Error(`${command} ${args.join(' ')}: ${ending}\n${result.stdout}${result.stderr}`);
}

/** The path of npm's own script, so that it runs without a shell and without PATH. */
export function npmScript(): string {
  const npm = run('npm', ['root', '--global']).trim();
  return join(npm, 'npm', 'bin', 'npm-cli.js');
}

/** Runs npm with this process's node. */
export function npm(args: string[], options: SpawnSyncOptions = {}): string {
  return run(process.execPath, [npmScript(), ...args], options);
}

/** Builds dist/ and prebuilds/, so that the tarball holds what a published one would. */
export function buildPackage(): void {
  npm(['run', '--silent', 'build:ts']);
  npm(['run', '--silent', 'prebuild']);
}

/** Packs a folder into `target`; `--dry-run` where no target is given. */
export function pack(folder: string, target?: string): Packed {
  const place = target === undefined ? ['--dry-run'] : ['--pack-destination', target];
  const told = npm(['pack', '--json', '--ignore-scripts', ...place], { cwd: folder });
  const list = JSON.parse(told) as Packed[] | Record<string, Packed>;
  const [only] = Object.values(list);
  if (only === undefined) throw new Error(`npm pack told nothing of ${folder}: ${told}`);
  return only;
}

/** Packs a folder into `target` and returns the path of the tarball. */
export function tarball(folder: string, target: string): string {
  return join(target, pack(folder, target).filename);
}

/** Packs the runtime dependencies of the repository, theirs included, out of node_modules. */
export function dependencyTarballs(target: string): string[] {
  return [...dependencyFolders(repository, new Set())].map((folder) => tarball(folder, target));
}

function dependencyFolders(folder: string, seen: Set<string>): Set<string> {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { dependencies?: object };
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const found = packageFolder(name, folder);
    if (!seen.has(found)) dependencyFolders(found, seen.add(found));
  }
  return seen;
}

/** Walks up from `folder` like Node's resolution does, without asking the package's `exports`. */
function packageFolder(name: string, folder: string): string {
  const paths = createRequire(join(folder, 'package.json')).resolve.paths(name) ?? [];
  for (const path of paths) {
    try {
      readFileSync(join(path, name, 'package.json'));
      return join(path, name);
    } catch {
      continue;
    }
  }
  throw new Error(`${name} is not installed below ${dirname(folder)}`);
}

/** A folder for PATH that holds node and nothing else. */
export function nodeOnlyPath(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, 'node'));
  return bin;
}

/** The words before a command that take the network from it; empty where the machine does not allow that. */
export function withoutNetwork(): string[] {
  const unshare = ['/usr/bin/unshare', '-rn'];
  return spawnSync(unshare[0]!, [...unshare.slice(1), 'true']).status === 0 ? unshare : [];
}
