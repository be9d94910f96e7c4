import { readFileSync } from 'node:fs';
import { arch, cpus, platform } from 'node:os';

import { parseCpuPaths } from './cpu-paths.js';
import type { CpuPath } from './cpu-paths.js';
import { getErrorMessage } from '../failures.js';
import type { Attempt } from '../failures.js';
import { getCacheRoot } from '../libtorch/cache.js';
import { listInstructionSets, load } from '../load.js';
import type { Loaded } from '../load.js';
import { openLoader } from '../loader.js';
import type { Loader } from '../loader.js';
import { resolveLibtorch } from '../resolve.js';
import { readPackageVersion } from '../version.js';

/** The findings of `palabra doctor`: absent fields could not be found out, and `problem` says why. */
export interface Diagnosis {
  palabra: string;
  node: string;
  system: string;
  cache: string;
  cpu: CpuReport;
  addon?: { path: string; builtFor: string; libc: string };
  resolution?: Attempt[];
  libtorch?: LibtorchReport;
  /** The message of the error that loading ends with. */
  problem?: string;
}

/** The processor. */
export interface CpuReport {
  vendor: string;
  model: string;
  cores: number;
  /** Instruction sets this process may use. */
  instructionSets?: string[];
}

/** libtorch in this process. */
export interface LibtorchReport {
  version: string;
  folder: string;
  /** The instruction set that its kernels use. */
  capability: string;
  /** Libraries for matrix products that it was built with. */
  gemm: string[];
  /** Which path each kind of work takes on this processor, and why. */
  paths: CpuPath[];
  threads: number;
  devices: Record<string, number>;
}

/** Tries each step of loading and tells what each one sees; it never throws. */
export function diagnose(): Diagnosis {
  const report: Diagnosis = {
    palabra: readPackageVersion(),
    node: process.version,
    system: `${platform()}-${arch()}`,
    cache: getCacheRoot(),
    cpu: reportCpu(),
  };
  try {
    addLoader(report, openLoader());
    report.libtorch = reportLibtorch(load());
  } catch (error) {
    report.problem = getErrorMessage(error);
  }
  return report;
}

function addLoader(report: Diagnosis, { loader, path }: { loader: Loader; path: string }): void {
  report.addon = { path, builtFor: loader.builtFor, libc: loader.libc };
  report.cpu.instructionSets = listInstructionSets(loader);
  report.resolution = resolveLibtorch(loader.builtFor).trace;
}

function reportLibtorch({ core, libtorch, version }: Loaded): LibtorchReport {
  const { cpuCapability, config } = core.runtime();
  return {
    version,
    folder: libtorch,
    capability: cpuCapability,
    gemm: listGemmBackends(config),
    paths: parseCpuPaths(core.cpuPaths('')),
    threads: core.threads(),
    devices: { cpu: 1, cuda: core.deviceCount('cuda') },
  };
}

/** Libraries that libtorch's build text names, with their versions. */
function listGemmBackends(config: string): string[] {
  const patterns = [/(oneAPI Math Kernel Library Version [\d.]+)/, /(MKL-DNN v[\d.]+|oneDNN v[\d.]+)/, /(OpenBLAS)/];
  return patterns.flatMap((pattern) => pattern.exec(config)?.[1] ?? []);
}

function reportCpu(): CpuReport {
  const vendor = /^vendor_id\s*: (.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? 'unknown';
  const all = cpus();
  return { vendor, model: all[0]?.model ?? 'unknown', cores: all.length };
}
