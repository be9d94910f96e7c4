/** Threads that programs add to this process beside busy processes, once an idle team has come or a minute was computed. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { program, rand, setThreads } from '../../dist/tensor/index.js';

const threads = () => readdirSync('/proc/self/task').length;
const processors = availableParallelism();
setThreads(processors);
const before = threads();
const withoutIdle = before + processors; // The thread of programs and its team.

const busy = Array.from({ length: 2 * processors }, () =>
  spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
);
try {
  const x = rand([256, 256]);
  const squared = program((value) => value.matmul(value).exp());
  do (await squared.run(x)).dispose();
  while (threads() < withoutIdle + 2 && process.cpuUsage().user < 60e6);
} finally {
  for (const child of busy) child.kill('SIGKILL');
}
console.log(JSON.stringify({ idle: threads() - withoutIdle }));
process.exit(0);
