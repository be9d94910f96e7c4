import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { acquireLock } from '../../lib/core/index.js';
import type { LockOwner } from '../../lib/core/index.js';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'palabra-lock-'));
  path = join(directory, 'run.lock');
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** The id of no process: Linux has ids below 4,194,304. */
const DEAD = 4_194_305;

function writeOwner(owner: Partial<LockOwner>): void {
  writeFileSync(path, JSON.stringify({ pid: 1, host: hostname(), processStart: 0, token: 't', ...owner }));
}

describe('acquireLock', () => {
  test('one owner at a time; free again after release', () => {
    const lock = acquireLock(path);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(lock.owner);
    expect(() => acquireLock(path)).toThrow(
      expect.objectContaining({ code: 'PAL_LOCKED', details: { path, owner: lock.owner } }),
    );
    lock.release();
    lock.release();
    const again = acquireLock(path);
    expect(again.owner.token).not.toBe(lock.owner.token);
    lock.release();
    expect(existsSync(path)).toBe(true);
    again[Symbol.dispose]();
    expect(readdirSync(directory)).toEqual([]);
  });

  test('takes over from a process that has ended', () => {
    writeOwner({ pid: DEAD });
    const lock = acquireLock(path);
    expect(lock.owner.pid).toBe(process.pid);
    expect(readdirSync(directory)).toEqual(['run.lock']);
  });

  test('takes over when the pid now belongs to a younger process', () => {
    writeOwner({ pid: process.pid, processStart: 1 });
    expect(acquireLock(path).owner.processStart).toBeGreaterThan(1);
  });

  test('never takes over from another machine', () => {
    writeOwner({ pid: DEAD, host: 'elsewhere' });
    expect(() => acquireLock(path)).toThrow('received one held by process');
  });

  test('does not remove a file that is no lock', () => {
    writeFileSync(path, 'precious');
    expect(() => acquireLock(path)).toThrow('to be a lock file, received 8 characters of something else');
    expect(readFileSync(path, 'utf8')).toBe('precious');
    expect(readdirSync(directory)).toEqual(['run.lock']);
  });

  test('names a directory that is missing', () => {
    expect(() => acquireLock(join(directory, 'missing', 'run.lock'))).toThrow(
      expect.objectContaining({ code: 'PAL_FILE' }),
    );
  });

  test('names the start of the holder', () => {
    const { owner } = acquireLock(path);
    expect(() => acquireLock(path)).toThrow(`held by process ${process.pid} on ${hostname()} since ${owner.since}`);
  });

  test.each([1, 3])('goes on where %i processes ended while they took a lock over', (count) => {
    writeOwner({ pid: DEAD, token: 'token-0' });
    const lock = readFileSync(path, 'utf8');
    for (let i = 0; i < count; i++)
      writeFileSync(`${path}.takeover.token-${i}`, lock.replace('token-0', `token-${i + 1}`));
    expect(acquireLock(path).owner.pid).toBe(process.pid);
    expect(readdirSync(directory)).toEqual(['run.lock']);
  });

  test('leaves a takeover to the living process that claims it', () => {
    writeOwner({ pid: DEAD, token: 'dead' });
    writeFileSync(`${path}.takeover.dead`, JSON.stringify({ pid: process.pid, host: hostname(), processStart: 0, token: 'b' })); // prettier-ignore
    expect(() => acquireLock(path)).toThrow(`received one held by process ${process.pid}`);
  });

  test('a token that would lead out of the folder is none', () => {
    writeOwner({ pid: DEAD, token: '../x' });
    expect(() => acquireLock(path)).toThrow('to be a lock file');
  });
});
