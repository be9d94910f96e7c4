/**
 * Aims a kill at an operation on files, so that it falls into a save however fast or busy the machine is. In the process
 * that is to die: `killAt(/\.tmp/, 3)`, or `--import` this module with `PALABRA_KILL_AT="<pattern> <operation> <turns>"`.
 */
import sync from 'node:fs';
import asynchronous from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { setImmediate } from 'node:timers';

const watched = [
  [asynchronous, ['mkdir', 'open', 'readdir', 'rename', 'rm', 'symlink', 'writeFile']],
  [sync, ['linkSync', 'mkdirSync', 'renameSync']],
];

/**
 * Dies by SIGKILL while an operation on files is under way, or right after one that blocks.
 *
 * @param pattern - what one of the operation's paths must match to be counted
 * @param operation - which of them, counted from 1
 * @param turns - turns of the event loop from the start of the operation to the kill
 */
export function killAt(pattern, operation, turns = 0) {
  let left = operation;
  const die = (wait) => (wait > 0 ? setImmediate(die, wait - 1) : process.kill(process.pid, 'SIGKILL'));
  const watch = (module, name) => {
    const original = module[name];
    module[name] = (...args) => {
      const running = original(...args);
      const counts = args.slice(0, 2).some((path) => typeof path === 'string' && pattern.test(path));
      if (counts && --left === 0) die(turns);
      return running;
    };
  };
  for (const [module, names] of watched) for (const name of names) watch(module, name);
  syncBuiltinESMExports();
}

if (process.env.PALABRA_KILL_AT !== undefined) {
  const [pattern, operation, turns] = process.env.PALABRA_KILL_AT.split(' ');
  killAt(new RegExp(pattern), Number(operation), Number(turns));
}
