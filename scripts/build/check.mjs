/** Runs every check, tells the name and time of each, and fails when one failed. `npm run check -- lint docs` runs some. */
import { spawnSync } from 'node:child_process';

const checks = ['types', 'lint', 'format', 'layers', 'dead', 'package-lint', 'docs', 'native-lint'];

/** Runs one npm script and prints its outcome. */
function passes(name) {
  const start = performance.now();
  const { status } = spawnSync('npm', ['run', '--silent', name], { stdio: 'inherit' });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`check ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
  return status === 0;
}

const wanted = process.argv.length > 2 ? process.argv.slice(2) : checks;
const failed = wanted.filter((name) => !passes(name));
if (failed.length > 0) {
  console.log(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
