import { raise } from '../core/index.js';
import { cacheRoot } from './libtorch/cache.js';
import { LIBTORCH_VERSION, PLATFORM_PACKAGE } from './libtorch/pin.js';

/** Why the native part of the library did not load, as `details.reason` of the error. */
export type LoadFailure =
  | 'no-addon'
  | 'no-libtorch'
  | 'wrong-version'
  | 'wrong-libc'
  | 'second-copy'
  | 'missing-cpu-feature'
  | 'cannot-open';

const WHERE = 'palabra';

/** One place where libtorch was looked for. */
export interface Attempt {
  /** The setting, package or folder that names the place. */
  source: string;
  /** The folder that holds `lib/`, when the place gives one. */
  folder: string | undefined;
  /** Whether libtorch is there. */
  found: boolean;
  /** What was seen there, for people. */
  note: string;
}

/** Reports that no prebuilt or built `palabra.node` fits this machine. @throws NativeLoadError always */
export function addonMissing(root: string, cause: unknown): never {
  fail('no-addon', {
    expected: `an addon for ${process.platform}-${process.arch} in ${root}`,
    received: 'none',
    plan: [
      'On Linux x64 with glibc, reinstall the package: its prebuilds/ folder is missing.',
      'From a clone of the repository: `npm run setup`.',
      'Other systems are not supported yet.',
    ],
    cause,
  });
}

/** Reports that libtorch is in none of the places. @throws NativeLoadError always */
export function noLibtorch(version: string, trace: readonly Attempt[]): never {
  fail('no-libtorch', {
    expected: `libtorch ${version}`,
    received: `none in the ${trace.length} places searched`,
    plan: [
      `\`npm install ${PLATFORM_PACKAGE}\` (CPU; needs nothing else),`,
      `or \`npx palabra libtorch install\` (fetches it with Python's pip into ${cacheRoot()}),`,
      `or set PALABRA_PYTHON_TORCH to the \`torch\` folder of a Python that has torch ${version}.`,
    ],
    notes: ['Searched:', ...trace.map(({ source, note }) => `  ${source}: ${note}`)],
    details: { trace },
  });
}

/** Reports a libtorch of another version than the addon was built for. @throws NativeLoadError always */
export function wrongVersion(folder: string, expected: string, received: string | undefined): never {
  fail('wrong-version', {
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
export function wrongLibc(received: string, cause?: unknown): never {
  fail('wrong-libc', {
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
export function secondCopy(ours: string, theirs: string): never {
  fail('second-copy', {
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
export function missingCpuFeature(missing: readonly string[], usable: readonly string[]): never {
  fail('missing-cpu-feature', {
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
export function cannotOpen(path: string, error: unknown): never {
  const reason = errorText(error);
  const needed = /version [`'](GLIBC(?:XX)?_[\d.]+)' not found/.exec(reason)?.[1];
  if (needed !== undefined) wrongLibc(`a system without ${needed}, which ${path} needs`, error);
  if (/ld-musl|libc\.musl|: libc\.so: /.test(reason)) wrongLibc(`${path}, built for musl`, error);
  fail('cannot-open', {
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

function fail(reason: LoadFailure, failure: Failure): never {
  const { expected, received, plan, notes = [], details, cause } = failure;
  const fix = ['What to do:', ...plan.map((line) => `  - ${line}`), ...notes].join('\n');
  raise('PAL_NATIVE_LOAD', { where: WHERE, expected, received, fix, details: { reason, ...details }, cause });
}

/** The message of any thrown value. Errors of the addon come from another realm under jest: their class tells nothing. */
export function errorText(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
