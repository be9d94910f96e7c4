import { raise } from '../core/errors/index.js';
import { getCacheRoot } from './libtorch/cache.js';
import { LIBTORCH_VERSION, PLATFORM_PACKAGE } from './libtorch/pin.js';

/** The reason why the native part of the library did not load, as `details.reason` of the error. */
export type LoadFailure =
  | 'no-addon'
  | 'no-libtorch'
  | 'wrong-version'
  | 'wrong-libc'
  | 'second-copy'
  | 'missing-cpu-feature'
  | 'cannot-open';

const WHERE = 'palabra';

/** One lookup of libtorch. */
export interface Attempt {
  /** The setting, package or folder looked at. */
  source: string;
  /** The folder that holds `lib/`, when the source gives one. */
  folder: string | undefined;
  /** True where libtorch is there. */
  found: boolean;
  /** A remark on it, for people. */
  note: string;
}

/** Reports that no prebuilt or built `palabra.node` fits this machine. @throws NativeLoadError always */
export function throwAddonMissing(root: string, cause: unknown): never {
  throwLoadError('no-addon', {
    expected: `an addon for ${process.platform}-${process.arch} in ${root}`,
    received: 'none',
    plan: [
      'On Linux x64 with glibc, reinstall the package: its prebuilds/ folder is missing.',
      'From a clone of the repository: `npm run setup`.',
      'In a bundle of esbuild, webpack or rollup: keep palabra external (`--external:palabra`), native code can not be inlined.',
      'Other systems are not supported yet.',
    ],
    cause,
  });
}

/** Reports that no lookup found libtorch. @throws NativeLoadError always */
export function throwNoLibtorch(version: string, trace: readonly Attempt[]): never {
  throwLoadError('no-libtorch', {
    expected: `libtorch ${version}`,
    received: `none in the ${trace.length} places searched`,
    plan: [
      `\`npm install ${PLATFORM_PACKAGE}\` (CPU; needs nothing else),`,
      `or \`npx palabra libtorch install\` (fetches it with Python's pip into ${getCacheRoot()}),`,
      `or set PALABRA_PYTHON_TORCH to the \`torch\` folder of a Python that has torch ${version}.`,
    ],
    notes: ['Searched:', ...trace.map(({ source, note }) => `  ${source}: ${note}`)],
    details: { trace },
  });
}

/** Reports a libtorch of another version than the addon was built for. @throws NativeLoadError always */
export function throwWrongVersion(folder: string, expected: string, received: string | undefined): never {
  throwLoadError('wrong-version', {
    expected: `libtorch ${expected}, for which this addon was built`,
    received: `${received ?? 'a version that it does not tell'} in ${folder}`,
    plan: [
      `\`npx palabra libtorch install\` fetches ${LIBTORCH_VERSION};`,
      'unset PALABRA_LIBTORCH and PALABRA_PYTHON_TORCH if they name the other version;',
      'start a new process: the other version stays loaded in this one.',
    ],
    details: { folder, expected, received },
  });
}

/** Reports a C or C++ library that does not fit. @throws NativeLoadError always */
export function throwWrongLibc(received: string, cause?: unknown): never {
  throwLoadError('wrong-libc', {
    expected: 'Linux with glibc 2.28 or newer and the libstdc++ of GCC 12 or newer',
    received,
    plan: [
      'Alpine and other musl systems: use a Debian-based image, e.g. `node:20-bookworm-slim`.',
      'An older system: upgrade to Debian 12, Ubuntu 22.04, RHEL 9 or newer.',
    ],
    cause,
  });
}

/** Reports that a different file of the same library is in this process already. @throws NativeLoadError always */
export function throwSecondCopy(ours: string, theirs: string): never {
  throwLoadError('second-copy', {
    expected: `${ours} to be the only copy in this process`,
    received: `${theirs}, loaded before`,
    plan: [
      'Two copies register the same operators twice and end the process, so the second is refused.',
      'Set PALABRA_LIBTORCH to the folder above the `lib` of the loaded copy,',
      'or load the other package in a process of its own; `npm ls palabra` shows double installs.',
    ],
    details: { ours, theirs },
  });
}

/** Reports that the CPU lacks, or the system forbids, an instruction set. @throws NativeLoadError always */
export function throwMissingCpuFeature(missing: readonly string[], usable: readonly string[]): never {
  throwLoadError('missing-cpu-feature', {
    expected: `a CPU with ${missing.join(', ')}`,
    received: usable.length === 0 ? 'none of the vector instruction sets' : usable.join(', '),
    plan: [
      'Run on an x86-64 CPU from 2013 or newer (Intel Haswell, AMD Zen).',
      'In a virtual machine, pass the host CPU through (`-cpu host`).',
      'GLIBC_TUNABLES must not switch the instruction sets off.',
    ],
    details: { missing },
  });
}

/** Reports that the dynamic linker refuses a library; its words decide which plan is given. @throws NativeLoadError always */
export function throwCannotOpen(path: string, error: unknown): never {
  const reason = getErrorMessage(error);
  const needed = /version [`'](GLIBC(?:XX)?_[\d.]+)' not found/.exec(reason)?.[1];
  if (needed !== undefined) throwWrongLibc(`a system without ${needed}, which ${path} needs`, error);
  if (/ld-musl|libc\.musl|: libc\.so: /.test(reason)) throwWrongLibc(`${path}, built for musl`, error);
  throwLoadError('cannot-open', {
    expected: `${path} to load`,
    received: `"${reason}"`,
    plan: [
      'A library that is not found: the folder is incomplete, `npx palabra libtorch install --force` fetches it again.',
      'An undefined symbol: palabra and libtorch do not fit, `npx palabra doctor` shows both versions.',
    ],
    cause: error,
  });
}

interface Failure {
  expected: string;
  received: string;
  plan: readonly string[];
  notes?: readonly string[];
  details?: Readonly<Record<string, unknown>>;
  cause?: unknown;
}

function throwLoadError(reason: LoadFailure, failure: Failure): never {
  const { expected, received, plan, notes = [], details, cause } = failure;
  const fix = ['What to do:', ...plan.map((line) => `  - ${line}`), ...notes].join('\n');
  raise('PAL_NATIVE_LOAD', { where: WHERE, expected, received, fix, details: { reason, ...details }, cause });
}

/** The message of any thrown value. Errors of the addon come from another realm under jest: their class tells nothing. */
export function getErrorMessage(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
