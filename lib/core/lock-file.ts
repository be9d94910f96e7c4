import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { accessFile, isSystemError, throwFileError } from './file-error.js';
import { raise } from './errors/errors.js';

/** Part of the name of a claim to the lock of an owner that has ended. */
const CLAIM = '.takeover.';
/** Tokens are part of file names. */
const TOKEN = /^[\w-]+$/;

/** The holder of a lock, as written in the lock file. */
export interface LockOwner {
  pid: number;
  host: string;
  /** The process's start in kernel ticks, which tells a reused pid from the owner; 0 where unknown. */
  processStart: number;
  token: string;
  /** The time at which it was taken, ISO 8601. */
  since?: string;
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
    since: new Date().toISOString(),
  };
  while (!tryCreate(path, owner) && !tryTakeOver(path, owner));
  const release = (): void => {
    if (readOwner(path)?.token === owner.token) remove(path);
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
    remove(temporary);
  }
}

/** Puts the owner in the place of one that has ended; false where another process has changed the lock meanwhile. */
function tryTakeOver(path: string, owner: LockOwner): boolean {
  const holder = readOwner(path);
  if (holder === undefined) return false;
  if (isAlive(holder)) refuse(path, holder);
  const claims = acquireClaim(path, holder, owner);
  const isStill = (file: string, { token }: LockOwner): boolean => readOwner(file)?.token === token;
  const isOurs = isStill(path, holder) && claims.every(({ file, by }) => isStill(file, by));
  if (!isOurs) {
    remove(claims.at(-1)!.file);
    return false;
  }
  replaceOwner(path, owner);
  removeClaims(path);
  return true;
}

/** A claim to the place of an owner that has ended. */
interface Claim {
  file: string;
  by: LockOwner;
}

/**
 * Claims the place of an owner that has ended. That can be done once; where the one that did it has ended too, its own
 * place is claimed. So one process alone goes on, whatever happened to those before.
 */
function acquireClaim(path: string, holder: LockOwner, owner: LockOwner): Claim[] {
  const claims: Claim[] = [];
  for (let ended = holder; ;) {
    const file = `${path}${CLAIM}${ended.token}`;
    if (tryCreate(file, owner)) return [...claims, { file, by: owner }];
    const by = readOwner(file);
    if (by === undefined) continue;
    if (isAlive(by)) refuse(path, by);
    claims.push({ file, by });
    ended = by;
  }
}

function replaceOwner(path: string, owner: LockOwner): void {
  const temporary = `${path}.${owner.token}`;
  try {
    writeFileSync(temporary, JSON.stringify(owner), { flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    remove(temporary);
    throwFileError('acquireLock', path, error);
  }
}

/** Once the lock has a living owner, no claim to those before it means anything. */
function removeClaims(path: string): void {
  const folder = dirname(path);
  const names = accessFile('acquireLock', folder, () => readdirSync(folder));
  for (const name of names) if (name.startsWith(`${basename(path)}${CLAIM}`)) remove(join(folder, name));
}

function remove(path: string): void {
  accessFile('acquireLock', path, () => rmSync(path, { force: true }));
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
    if (Number.isSafeInteger(owner.pid) && typeof owner.host === 'string' && TOKEN.test(owner.token)) return owner;
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
  const holder = owner
    ? `one held by process ${owner.pid} on ${owner.host}${owner.since ? ` since ${owner.since}` : ''}`
    : 'one that another process just took';
  raise('PAL_LOCKED', {
    where: 'acquireLock',
    expected: `${path} to be free`,
    received: holder,
    fix: 'Wait for that process, stop it, or use another directory.',
    details: { path, owner },
  });
}
