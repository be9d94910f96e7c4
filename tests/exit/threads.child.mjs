/** Threads of this process after operators here, after a program on the compute thread, and what children inherit. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { program, rand, setThreads } from '../../dist/tensor/index.js';

const threads = () => readdirSync('/proc/self/task').length;

setThreads(4);
const before = threads();
const x = rand([512, 512]);
x.matmul(x).exp();
const here = threads();
const squared = program((value) => value.matmul(value).exp());
for (let i = 0; i < 3; i++) await squared.run(x);
const replayed = threads();
x.matmul(x).exp();
const both = threads();
const inherited = execFileSync('env', { encoding: 'utf8' }).match(/^GOMP_SPINCOUNT=.*$/m)?.[0] ?? '';
console.log(JSON.stringify({ before, here, replayed, both, inherited }));
process.exit(0);
