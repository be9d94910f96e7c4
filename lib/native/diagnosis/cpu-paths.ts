import { loadAddon } from '../load.js';

/** Which path a kind of work takes on this processor. */
export interface CpuPath {
  /** For instance `float32 products`. */
  kind: string;
  path: string;
  /** Why this path is taken and others are not. */
  reason: string;
}

/**
 * Which path each kind of work takes on this processor; the first question tries and measures them.
 *
 * @param kind - the one to ask for (default: all)
 */
export function listCpuPaths(kind = ''): CpuPath[] {
  const lines = loadAddon().cpuPaths(kind).trimEnd().split('\n');
  return lines.map((line) => {
    const [name = '', path = '', reason = ''] = line.split('\t');
    return { kind: name, path, reason };
  });
}
