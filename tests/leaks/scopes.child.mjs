/** A synchronous loop over 1 MB tensors in scopes: `scopes.child.mjs COUNT`; prints the peak over the start in bytes. */
import { readFileSync, writeFileSync } from 'node:fs';

import { ones, scope } from '../../dist/tensor/index.js';

/** A line of the kernel's account of this process, in bytes. */
function account(name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
}

const megabyte = [2 ** 18];
scope(() => void ones(megabyte).add(1));
// Loading libtorch takes more for a moment; from here on the kernel counts its peak anew.
writeFileSync('/proc/self/clear_refs', '5');
const start = account('VmRSS');
for (let i = Number(process.argv[2]); i > 0; i--) scope(() => void ones(megabyte));
console.log(JSON.stringify({ start, over: account('VmHWM') - start }));
