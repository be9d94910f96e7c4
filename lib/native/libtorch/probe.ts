import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { dirname } from 'node:path';

import { listNeededLibraries } from '../libraries.js';

/**
 * Opens libraries one after another as Node does. A library without an addon inside is opened and then refused
 * with "did not self-register", which here means success.
 */
const PROGRAM = `
const [flags, ...paths] = process.argv.slice(1);
for (const path of paths) {
  try {
    process.dlopen({ exports: {} }, path, Number(flags));
  } catch (error) {
    if (!error.message.includes('did not self-register')) {
      process.stderr.write(error.message);
      process.reallyExit(1);
    }
  }
}
process.reallyExit(0);
`;

/**
 * Opens libtorch_cpu and all it needs in a process of its own.
 *
 * @param library - path of libtorch_cpu.so
 * @returns what went wrong, in the dynamic linker's words; empty when it loads
 */
export function probeLoad(library: string): string {
  const flags = constants.dlopen.RTLD_NOW | constants.dlopen.RTLD_GLOBAL;
  const paths = listNeededLibraries(dirname(library), 'libtorch_cpu.so');
  const options = { encoding: 'utf8', timeout: 120_000 } as const;
  const child = spawnSync(process.execPath, ['-e', PROGRAM, String(flags), ...paths], options);
  if (child.status === 0) return '';
  return child.stderr || `the process ended with ${child.signal ?? child.status}`;
}
