/**
 * Runs the jest projects one after another and sums their counts: `node scripts/build/test.mjs [project …] [-- jest arguments]`.
 * The last line is `N passed, N failed`. A suite that does not run counts as a failure, and so does a run without tests.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';

const allProjects = ['unit', 'integration', 'native', 'parity', 'cpus', 'system'];
/** Those without libtorch, whose threads would fight for the cores. */
const parallel = new Set(['unit', 'integration']);
/** How many of the slowest tests a whole run names. */
const SLOWEST = 20;
const jest = resolve('node_modules/jest/bin/jest.js');

/** The projects asked for and the arguments that go to jest. */
function parse(words) {
  const end = words.indexOf('--');
  const projects = end === -1 ? words : words.slice(0, end);
  const unknown = projects.filter((name) => !allProjects.includes(name));
  if (unknown.length > 0) throw new Error(`test: expected projects of ${allProjects.join(', ')}, received ${unknown}.`);
  return { projects: projects.length > 0 ? projects : allProjects, extra: end === -1 ? [] : words.slice(end + 1) };
}

/** The counts of one project, from jest's own report. */
function counts(report, status) {
  const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = report;
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  const unexplained = status !== 0 && failed === 0 ? 1 : 0;
  return { passed: numPassedTests, failed: failed + unexplained, skipped: numPendingTests };
}

/** Runs one project, those without libtorch in parallel. */
function runProject(project, folder, extra) {
  const outputFile = join(folder, `${project}.json`);
  const order = parallel.has(project) ? ['--maxWorkers=2'] : ['--runInBand'];
  const args = [jest, '--selectProjects', project, ...order, '--json', `--outputFile=${outputFile}`, ...extra];
  const NODE_OPTIONS = `${process.env.NODE_OPTIONS ?? ''} --experimental-vm-modules --disable-warning=ExperimentalWarning`;
  const env = { ...process.env, NODE_OPTIONS: NODE_OPTIONS.trim() };
  const { status, signal } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'], env });
  const report = readReport(outputFile, project, signal ?? status);
  return { ...counts(report, status), slowest: slowestOf(report) };
}

/** The tests of a report that took longest, in seconds. */
function slowestOf({ testResults = [] }) {
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, duration }) => ({
      seconds: (duration ?? 0) / 1000,
      name: `${relative(process.cwd(), name)} › ${fullName}`,
    })),
  );
}

/** Reads jest's report; a process that ended without one is a failed suite. */
function readReport(file, project, ending) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    console.log(`${project}: jest ended with ${ending} and left no report`);
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numRuntimeErrorTestSuites: 1 };
  }
}

const { projects, extra } = parse(process.argv.slice(2));
const folder = mkdtempSync(join(tmpdir(), 'palabra-test-'));
const total = { passed: 0, failed: 0, skipped: 0 };
const slowest = [];
for (const project of projects) {
  const start = performance.now();
  const result = runProject(project, folder, extra);
  for (const key of Object.keys(total)) total[key] += result[key];
  slowest.push(...result.slowest);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(
    `${project}: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped in ${seconds} s`,
  );
}
rmSync(folder, { recursive: true });
if (extra.length === 0) {
  console.log(`the ${SLOWEST} slowest tests:`);
  slowest.sort((a, b) => b.seconds - a.seconds);
  for (const { seconds, name } of slowest.slice(0, SLOWEST))
    console.log(`${seconds.toFixed(1).padStart(7)} s  ${name}`);
}
if (total.passed + total.failed === 0) console.log('no test ran');
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0;
