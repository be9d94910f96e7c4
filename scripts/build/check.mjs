/**
 * Runs every check, two at a time, tells the name and time of each, and fails when one failed. `npm run check -- lint docs`
 * runs some.
 */
import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** The longest first, so that no core waits at the end. */
const checks = ['lint', 'native-lint', 'docs', 'package-lint', 'types', 'dead', 'format', 'layers'];

/** Runs one npm script and prints what it said and its outcome once it has ended. */
function passes(name) {
  const start = performance.now();
  const child = spawn('npm', ['run', '--silent', name], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  return new Promise((done) => {
    child.on('error', (error) => (output += `${error.message}\n`));
    child.on('close', (status) => {
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      process.stdout.write(output);
      console.log(`check ${name}: ${status === 0 ? 'passed' : 'FAILED'} in ${seconds} s`);
      done(status === 0);
    });
  });
}

const queue = process.argv.length > 2 ? process.argv.slice(2) : checks;
const failed = [];
// `package-lint` builds the library anew where it is stale, and `types` would read it half written.
if (queue.includes('package-lint'))
  spawnSync(process.execPath, ['scripts/build/setup.mjs', '--only', 'typescript'], { stdio: 'inherit' });
const lane = async () => {
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) if (!(await passes(name))) failed.push(name);
};
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
if (failed.length > 0) {
  console.log(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
