/**
 * Lets the system refuse an operation on files, as a disk that fails would: `failAt` counts the calls on paths that match
 * a pattern, or on files opened there, and throws at the one that is asked for.
 */
import sync from 'node:fs';
import asynchronous from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { constants } from 'node:os';
import { setImmediate } from 'node:timers';

const NAMES = ['access', 'appendFile', 'copyFile', 'cp', 'link', 'lstat', 'mkdir', 'mkdtemp', 'open', 'readFile'];
const OTHERS = ['readdir', 'readlink', 'rename', 'rm', 'stat', 'statfs', 'symlink', 'truncate', 'unlink', 'writeFile'];
const NAMED = [...NAMES, ...OTHERS];
const BY_DESCRIPTOR = ['read', 'fstat', 'fsync', 'ftruncate', 'write'];
const BY_HANDLE = ['appendFile', 'datasync', 'read', 'readFile', 'stat', 'sync', 'truncate', 'write', 'writeFile'];

/** What is asked for: none until `failAt` says so. */
const fault = { pattern: undefined, operation: 0, code: 'EIO', calls: 0, last: '', sites: new Map() };
const descriptors = new Map();

/** The error of a call that is to fail; undefined for others. */
function findFault(syscall, path) {
  if (fault.pattern === undefined || typeof path !== 'string' || !fault.pattern.test(path)) return undefined;
  fault.last = `${syscall} ${path}`;
  const call = ++fault.calls;
  const site = new Error(syscall).stack;
  if (!fault.sites.has(site)) fault.sites.set(site, call);
  if (call !== fault.operation) return undefined;
  const { code } = fault;
  return Object.assign(new Error(`${code}: refused, ${syscall} '${path}'`), {
    errno: -constants.errno[code],
    code,
    syscall,
    path,
  });
}

/** Each kind of call, with its path found by `getPath`, fails in its own way. */
function watch(module, name, { getPath, fail, after = (value) => value }) {
  const original = module[name];
  if (original === undefined) return;
  module[name] = function (...args) {
    const path = getPath.call(this, args);
    const error = findFault(name.replace(/Sync$/, ''), path);
    if (error !== undefined) return fail(error, args);
    return after(original.apply(this, args), path, args);
  };
}

const throwing = (error) => {
  throw error;
};
const rejecting = (error) => Promise.reject(error);
const calling = (error, args) => void setImmediate(args.at(-1), error);
const firstPath = ([first]) => (first instanceof URL ? first.pathname : first);
const openPath = ([first]) => (typeof first === 'number' ? descriptors.get(first) : firstPath([first]));

function watchHandle(handle, path) {
  for (const name of BY_HANDLE) watch(handle, name, { getPath: () => path, fail: rejecting });
  return handle;
}

function watchAll() {
  for (const name of NAMED) {
    const after = name === 'open' ? (opening, path) => opening.then((handle) => watchHandle(handle, path)) : undefined;
    watch(asynchronous, name, { getPath: firstPath, fail: rejecting, ...(after && { after }) });
    const remember = (descriptor, path) => (descriptors.set(descriptor, path), descriptor);
    watch(sync, `${name}Sync`, { getPath: openPath, fail: throwing, ...(name === 'open' && { after: remember }) });
  }
  for (const name of BY_DESCRIPTOR) {
    watch(sync, `${name}Sync`, { getPath: openPath, fail: throwing });
    watch(sync, name, { getPath: openPath, fail: calling });
  }
  // Streams open by the call that takes a function.
  const { open } = sync;
  sync.open = (path, ...rest) => {
    const error = findFault('open', path);
    if (error !== undefined) return calling(error, rest);
    const done = rest.pop();
    return open(path, ...rest, (refused, descriptor) => {
      if (!refused) descriptors.set(descriptor, path);
      done(refused, descriptor);
    });
  };
  syncBuiltinESMExports();
}

let watching = false;

/**
 * Runs `work` with one call that fails.
 *
 * @param pattern - what the path of a call must match to be counted
 * @param operation - which call, counted from 1; 0 for none
 * @param code - of the error, as `EIO`
 * @param work - what to run
 * @returns the first call of each place in the code; or the call that failed, in words, and the error of `work`
 */
export async function failAt(pattern, operation, code, work) {
  if (!watching) watchAll();
  watching = true;
  Object.assign(fault, { pattern, operation, code, calls: 0, last: '', sites: new Map() });
  try {
    await work();
    return { places: [...fault.sites.values()] };
  } catch (error) {
    return { call: fault.last, error };
  } finally {
    fault.pattern = undefined;
  }
}
