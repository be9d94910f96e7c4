/**
 * `npm run nightly`: clang-tidy over every file, then the tests that count, at their larger size. Takes hours; the last line
 * is as that of `npm test`.
 */
import { spawnSync } from 'node:child_process';

/** Every size that a test reads from its environment. */
const sizes = {
  PALABRA_KILLS: 10_000,
  PALABRA_FLIPS: 10_000,
  PALABRA_RESUMES: 500,
  PALABRA_WORKERS: 1000,
  PALABRA_ENDS: 1000,
  PALABRA_FUZZ_CALLS: 1_000_000,
  PALABRA_FUZZ_RUNNING: 10_000,
  PALABRA_FUZZ_RUNS: 50_000_000,
  PALABRA_FUZZ_FILES: 1_000_000,
  PALABRA_FUZZ_TEXT: 1_000_000,
  PALABRA_FUZZ_CONFIGS: 1_000_000,
  PALABRA_MLFLOW: 1,
  PALABRA_CPU_MODELS: 'Haswell,EPYC-Rome,EPYC-Milan',
};

/** The tests that read them, by project. */
const tests = {
  native: [
    'tests/training/resume',
    'tests/training/checkpoint/',
    'tests/tensor/safetensors',
    'tests/training/callbacks/mlflow',
  ],
  system: ['tests/fuzz', 'tests/exit'],
  cpus: ['tests/cpus/emulated'],
};

const given = Object.fromEntries(
  Object.entries(sizes).map(([name, size]) => [name, process.env[name] ?? String(size)]),
);
const counts = { passed: 0, failed: 0 };
const { status: tidied } = spawnSync(process.execPath, ['scripts/build/clang-tidy.mjs', '--all'], { stdio: 'inherit' });
counts[tidied === 0 ? 'passed' : 'failed'] += 1;
for (const [project, paths] of Object.entries(tests)) {
  // The limit of jest.config.mjs on a test that hangs is for the small size.
  const args = ['scripts/build/test.mjs', project, '--', '--testTimeout=86400000', ...paths];
  const { stdout } = spawnSync(process.execPath, args, {
    env: { ...process.env, ...given },
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  process.stdout.write(stdout);
  const [, passed, failed] = /(\d+) passed, (\d+) failed\n$/.exec(stdout) ?? [null, 0, 1];
  counts.passed += Number(passed);
  counts.failed += Number(failed);
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;
