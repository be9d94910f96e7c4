import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isSystemError, throwFileError } from './file-error.js';
import { raise } from './errors/errors.js';

const GUARD_WAIT_MS = 2000;
const RETRY_MS = 10;

/** The holder of a lock, as written in the lock file. */
export interface LockOwner {
  pid: number;
  host: string;
  /** The process's start in kernel ticks, which tells a reused pid from the owner; 0 where unknown. */
  processStart: number;
  token: string;
}

/** A lock that is held until it is released or the process ends. */
export interface FileLock {
  readonly path: string;
  readonly owner: LockOwner;
  /** Gives the lock back; a second call does nothing. */
  release(): void;
  [Symbol.dispose](): void;
}

/**
 * Takes an exclusive lock by creating a file.
 *
 * The lock of a process of this machine that has ended is taken over. A lock of another machine is
 * never taken over: whether its owner lives cannot be seen from here.
 *
 * @throws PalabraError PAL_LOCKED when another owner holds it (`details.owner`), PAL_FILE when the disk refuses
 */
export function acquireLock(path: string): FileLock {
  const owner: LockOwner = {
    pid: process.pid,
    host: hostname(),
    processStart: readStartTime(process.pid),
    token: randomUUID(),
  };
  if (!tryCreate(path, owner)) {
    removeStale(path);
    if (!tryCreate(path, owner)) refuse(path, readOwner(path));
  }
  const release = (): void => {
    if (readOwner(path)?.token === owner.token) rmSync(path, { force: true });
  };
  return { path, owner, release, [Symbol.dispose]: release };
}

/** Creates the file with its content in one step; false when it exists. */
function tryCreate(path: string, owner: LockOwner): boolean {
  const temporary = `${path}.${owner.token}`;
  try {
    writeFileSync(temporary, JSON.stringify(owner), { flag: 'wx' });
    linkSync(temporary, path);
    return true;
  } catch (error) {
    if (isSystemError(error) && error.code === 'EEXIST') return false;
    return throwFileError('acquireLock', path, error);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Removes the lock of an owner that has ended. A guard directory lets one process at a time look and remove. */
function removeStale(path: string): void {
  const guard = `${path}.takeover`;
  enterGuard(guard);
  try {
    const owner = readOwner(path);
    if (owner !== undefined && isAlive(owner)) refuse(path, owner);
    rmSync(path, { force: true });
  } finally {
    rmdirSync(guard);
  }
}

function enterGuard(guard: string): void {
  const deadline = Date.now() + GUARD_WAIT_MS;
  for (;;) {
    try {
      mkdirSync(guard);
      return;
    } catch (error) {
      if (!isSystemError(error) || error.code !== 'EEXIST') throwFileError('acquireLock', guard, error);
      if (Date.now() > deadline) refuseGuard(guard);
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
  }
}

/** The owner written in the file; undefined when there is no file. */
function readOwner(path: string): LockOwner | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    return throwFileError('acquireLock', path, error);
  }
  return parseOwner(path, text);
}

function parseOwner(path: string, text: string): LockOwner {
  try {
    const owner = JSON.parse(text) as LockOwner;
    if (Number.isSafeInteger(owner.pid) && typeof owner.host === 'string' && typeof owner.token === 'string')
      return owner;
  } catch {
    // Falls through to the refusal: what is not a lock file of ours is not ours to remove.
  }
  return raise('PAL_LOCKED', {
    where: 'acquireLock',
    expected: `${path} to be a lock file`,
    received: `${text.length} characters of something else`,
    fix: 'Remove the file when nothing uses it.',
    details: { path },
  });
}

function isAlive(owner: LockOwner): boolean {
  if (owner.host !== hostname()) return true;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (isSystemError(error) && error.code === 'ESRCH') return false;
  }
  const start = readStartTime(owner.pid);
  return start === 0 || owner.processStart === 0 || start === owner.processStart;
}

/** The start time of a process, field 22 of `/proc/PID/stat`; 0 where it cannot be read. */
function readStartTime(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? 0);
  } catch {
    return 0;
  }
}

function refuse(path: string, owner: LockOwner | undefined): never {
  const holder = owner ? `one held by process ${owner.pid} on ${owner.host}` : 'one that another process just took';
  raise('PAL_LOCKED', {
    where: 'acquireLock',
    expected: `${path} to be free`,
    received: holder,
    fix: 'Wait for that process, stop it, or use another directory.',
    details: { path, owner },
  });
}

function refuseGuard(guard: string): never {
  const ageMs = Date.now() - (statSync(guard, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  raise('PAL_LOCKED', {
    where: 'acquireLock',
    expected: `${guard} to go within ${GUARD_WAIT_MS} ms`,
    received: `one of ${Math.round(ageMs)} ms`,
    fix: 'A process ended while it took over a lock: remove that directory.',
    details: { path: guard },
  });
}
