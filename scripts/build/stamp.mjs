/** Content stamps: a step of set-up is skipped when a hash of its inputs is the one of its last success. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The files below the given files and folders, in a fixed order; paths that do not exist are left out. */
function filesOf(paths) {
  return paths.flatMap((path) => {
    if (!existsSync(path)) return [];
    return statSync(path).isDirectory() ? filesOf(readdirSync(path).map((name) => join(path, name))) : [path];
  });
}

/** A hash over names and contents of all files below `paths`, and over `extra` words. */
export function hashOf(paths, extra = []) {
  const hash = createHash('sha256');
  for (const path of filesOf(paths).sort()) hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  return hash.update(extra.join('\0')).digest('hex');
}

const place = (name) => join('build', 'stamps', name);

/** Whether the step succeeded last with these inputs. */
export function isFresh(name, hash) {
  return existsSync(place(name)) && readFileSync(place(name), 'utf8') === hash;
}

/** Records that the step succeeded with these inputs. */
export function mark(name, hash) {
  mkdirSync(dirname(place(name)), { recursive: true });
  writeFileSync(place(name), hash);
}

/** Forgets the last success, before a step begins to change its outputs. */
export function unmark(name) {
  rmSync(place(name), { force: true });
}
