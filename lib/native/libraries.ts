import { existsSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

import { readElf } from './elf.js';

/**
 * A library and all it needs that lies in the same folder, in the order in which they must be opened.
 *
 * @returns full paths; `name` comes last
 */
export function listNeededLibraries(folder: string, name: string): string[] {
  const order = new Set<string>();
  const visit = (library: string): void => {
    const path = join(folder, library);
    if (order.has(path) || !existsSync(path)) return;
    const needed = readElf(path)?.needed ?? [];
    needed.forEach(visit);
    order.add(path);
  };
  visit(name);
  return [...order];
}

/**
 * The first of the loaded libraries that has the same file name as `path` and yet is another file.
 *
 * @param loaded - full paths of the libraries in this process
 */
export function findOtherCopy(path: string, loaded: readonly string[]): string | undefined {
  return loaded.find((other) => basename(other) === basename(path) && !isSameFile(other, path));
}

function isSameFile(a: string, b: string): boolean {
  const [first, second] = [a, b].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return first !== undefined && first.ino === second?.ino && first.dev === second.dev;
}
