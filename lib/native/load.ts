import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';

import { createNativeError } from '../core/errors/index.js';
import type { CoreAddon } from './addon.js';
import { throwCannotOpen, throwMissingCpuFeature, throwNoLibtorch, throwSecondCopy, throwWrongVersion } from './failures.js';
import { readCpuQuota } from './cpu-quota.js';
import { findOtherCopy, listNeededLibraries } from './libraries.js';
import { openAddon, openLoader } from './loader.js';
import type { Loader } from './loader.js';
import { hasCudaDevice, resolveLibtorch } from './resolve.js';
import type { Resolution } from './resolve.js';

const REQUIRED_INSTRUCTION_SETS = ['avx2', 'fma', 'f16c'];

/** The instruction sets that each value of PALABRA_CPU_CAPABILITY keeps palabra from. */
const BEYOND_CAPABILITY: Record<string, RegExp> = {
  default: /^(avx|fma|f16c|amx)/,
  avx2: /^(avx512|avx_vnni|amx)/,
  avx512: /^(avx512_(bf16|fp16)|amx)/,
};

/** The addon and the libtorch it was loaded with. */
export interface Loaded {
  core: CoreAddon;
  /** The folder of libtorch in use. */
  libtorch: string;
  /** The version that libtorch gives for itself. */
  version: string;
}

let loaded: Loaded | undefined;

/**
 * The addon; libtorch and the core are loaded at the first call.
 *
 * @throws NativeLoadError with a plan for the cause
 */
export function loadAddon(): CoreAddon {
  return load().core;
}

/**
 * Finds and opens libtorch, then the addon's libraries, once.
 *
 * @throws NativeLoadError with a plan for the cause
 */
export function load(): Loaded {
  return (loaded ??= loadAll());
}

/** True where palabra may use any of the named instruction sets, in the spelling of /proc/cpuinfo. */
export function hasInstructionSet(...names: readonly string[]): boolean {
  const beyond = BEYOND_CAPABILITY[process.env.PALABRA_CPU_CAPABILITY ?? ''];
  const usable = listInstructionSets(openLoader().loader).filter((name) => !beyond?.test(name));
  return names.some((name) => usable.includes(name));
}

/** The instruction sets this process may use, in the spelling of /proc/cpuinfo. */
export function listInstructionSets(loader: Loader): string[] {
  return loader.instructionSets() ?? readKernelInstructionSets();
}

function loadAll(): Loaded {
  const { loader, path } = openLoader();
  requireInstructionSets(loader);
  const libtorch = requireLibtorch(resolveLibtorch(loader.builtFor), loader.builtFor);
  const version = openLibtorch(loader, join(libtorch, 'lib'));
  const core = openCore(loader, dirname(path));
  loader.releasePages(join(libtorch, 'lib', 'libtorch_cpu.so'));
  if (isMainThread) process.on('exit', () => core.stop());
  return { core, libtorch, version };
}

function requireInstructionSets(loader: Loader): void {
  const usable = listInstructionSets(loader);
  const missing = REQUIRED_INSTRUCTION_SETS.filter((name) => !usable.includes(name));
  if (missing.length > 0) throwMissingCpuFeature(missing, usable);
}

function readKernelInstructionSets(): string[] {
  const flags = /^flags\s*: (.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? '';
  return flags.split(' ').filter((flag) => /^(sse4|avx|fma|f16c|amx)/.test(flag));
}

function requireLibtorch(resolution: Resolution, version: string): string {
  return resolution.folder ?? throwNoLibtorch(version, resolution.trace);
}

function openLibtorch(loader: Loader, folder: string): string {
  const libtorch = join(folder, 'libtorch_cpu.so');
  refuseOtherCopies(loader, [join(folder, 'libc10.so'), libtorch]);
  for (const path of listNeededLibraries(folder, 'libtorch_cpu.so')) open(loader, path);
  const version = loader.torchVersion(libtorch);
  if (!version?.startsWith(`${loader.builtFor}.`)) return throwWrongVersion(dirname(folder), loader.builtFor, version);
  openCuda(loader, folder);
  return version;
}

/** CUDA kernels cost a second and 280 MB, so they are opened only where a device is. */
function openCuda(loader: Loader, folder: string): void {
  const path = join(folder, 'libtorch_cuda.so');
  if (hasCudaDevice() && existsSync(path)) open(loader, path);
}

function openCore(loader: Loader, folder: string): CoreAddon {
  const operators = join(folder, 'libpalabra_ops.so');
  refuseOtherCopies(loader, [operators]);
  const core = openAddon<CoreAddon>(join(folder, 'libpalabra_core.so'));
  core.initialize(createNativeError);
  core.loadLibrary(operators);
  limitThreads(core);
  return core;
}

/** libtorch counts processors; a control group may grant less time than they have. What the user asks for stays. */
function limitThreads(core: CoreAddon): void {
  const { OMP_NUM_THREADS, MKL_NUM_THREADS } = process.env;
  const quota = OMP_NUM_THREADS || MKL_NUM_THREADS ? undefined : readCpuQuota();
  if (quota !== undefined) core.limitThreads(Math.max(1, Math.ceil(quota)));
}

function refuseOtherCopies(loader: Loader, paths: readonly string[]): void {
  const present = loader.loaded();
  for (const path of paths) {
    const other = findOtherCopy(path, present);
    if (other !== undefined) throwSecondCopy(path, other);
  }
}

function open(loader: Loader, path: string): void {
  try {
    loader.open(path);
  } catch (error) {
    throwCannotOpen(path, error);
  }
}
