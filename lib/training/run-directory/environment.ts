import { execFile } from 'node:child_process';
import { cpus, hostname, release, totalmem } from 'node:os';
import { promisify } from 'node:util';
import { loadAddon, readPackageVersion } from '../../native/index.js';
import { getThreads } from '../../tensor/index.js';

/** The machine and the versions that a run is made with. */
export interface Environment {
  time: string;
  palabra: string;
  node: string;
  libtorch: string;
  cpu: string;
  /** Vector instructions that libtorch uses. */
  cpuCapability: string;
  cores: number;
  /** Threads of one operator. */
  threads: number;
  memoryBytes: number;
  host: string;
  kernel: string;
  command: readonly string[];
  /** The revision of the working directory; null where there is none. */
  gitRevision: string | null;
  /** True if files differ from that revision; null where there is none. */
  gitChanged: boolean | null;
}

/**
 * Describes this process and machine.
 * @returns versions, processor, memory and command; the git revision is null where there is none
 */
export async function describeEnvironment(): Promise<Environment> {
  const { libtorch, cpuCapability } = loadAddon().runtime();
  const gitRevision = await runGit('rev-parse', 'HEAD');
  return {
    time: new Date().toISOString(),
    palabra: readPackageVersion(),
    node: process.version,
    libtorch,
    cpu: cpus()[0]?.model ?? 'unknown',
    cpuCapability,
    cores: cpus().length,
    threads: getThreads(),
    memoryBytes: totalmem(),
    host: hostname(),
    kernel: release(),
    command: process.argv,
    gitRevision,
    gitChanged: gitRevision === null ? null : (await runGit('status', '--porcelain', '--untracked-files=no')) !== '',
  };
}

/** Runs git on the working directory and gives what it prints; null where it is no repository or there is no git. */
async function runGit(...args: string[]): Promise<string | null> {
  try {
    return (await promisify(execFile)('git', args, { timeout: 5000 })).stdout.trim();
  } catch {
    return null;
  }
}
