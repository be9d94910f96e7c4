import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';

import { compileLibrary, stubTorch, temporaryFolder } from '../helpers/stub-libtorch.js';
import type { LoadOutcome } from '../helpers/load-child.js';
import { load } from '../../lib/native/load.js';

const child = ['--import', 'tsx', resolve('tests/helpers/load-child.ts')];

/** Loads the addon in a process of its own. */
function loadWith(env: NodeJS.ProcessEnv, args: string[] = [], node = process.execPath): LoadOutcome {
  const options = { encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '', ...env } } as const;
  const { status, signal, stdout, stderr } = spawnSync(node, [...child, ...args], options);
  if (status !== 0 || stdout === '') throw new Error(`the child ended with ${signal ?? status}: ${stderr}`);
  return JSON.parse(stdout) as LoadOutcome;
}

/** The error that loading must end with. */
function failure(reason: string, words: RegExp): object {
  const details = expect.objectContaining({ reason });
  return { loaded: false, code: 'PAL_NATIVE_LOAD', message: expect.stringMatching(words), details };
}

/** The libtorch that this process uses. */
const libtorch = (): string => load().libtorch;

describe('a load that cannot work prints a plan for its cause', () => {
  const root = temporaryFolder();
  afterAll(() => {
    root[Symbol.dispose]();
  });

  test('no libtorch: three ways to get it, and where it was looked for', () => {
    const env = { PALABRA_CACHE: join(root.path, 'empty'), PALABRA_LIBTORCH: '', PALABRA_PYTHON_TORCH: '' };
    const outcome = loadWith(env);
    expect(outcome).toMatchObject(failure('no-libtorch', /expected libtorch 2\.13, received none in the 5 places/));
    for (const way of ['npm install @palabra/libtorch', 'palabra libtorch install', 'PALABRA_PYTHON_TORCH']) {
      expect(outcome.message).toContain(way);
    }
    expect(outcome.message).toContain('cache (cpu): empty');
  });

  test('a variable that points to nothing', () => {
    const outcome = loadWith({ PALABRA_LIBTORCH: join(root.path, 'nothing') });
    expect(outcome).toMatchObject(failure('no-libtorch', /PALABRA_LIBTORCH: .*nothing holds no lib\/libtorch_cpu\.so/));
  });

  test('wrong version: both versions', () => {
    const torch = join(root.path, 'old');
    stubTorch(torch, 2, 12);
    const outcome = loadWith({ PALABRA_LIBTORCH: torch });
    expect(outcome).toMatchObject(failure('wrong-version', /expected libtorch 2\.13, .* received 2\.12\.0 in .*old/));
    expect(outcome.message).toContain('palabra libtorch install');
  });

  test('a library that gives no version', () => {
    const lib = join(root.path, 'mute', 'lib');
    compileLibrary(join(lib, 'libtorch_cpu.so'), 'int palabra_stub;');
    const outcome = loadWith({ PALABRA_LIBTORCH: join(root.path, 'mute') });
    expect(outcome).toMatchObject(failure('wrong-version', /received a version that it does not tell/));
  });

  test('wrong libc: a newer glibc is needed', () => {
    const torch = join(root.path, 'glibc');
    newerGlibc(join(root.path, 'future'));
    const flags = [`-L${join(root.path, 'future')}`, '-l:libc.so.6', '-Wl,-u,palabra_future', '-nodefaultlibs'];
    stubTorch(torch, 2, 13, flags);
    const outcome = loadWith({ PALABRA_LIBTORCH: torch });
    expect(outcome).toMatchObject(failure('wrong-libc', /received a system without GLIBC_2\.99, which .* needs/));
    expect(outcome.message).toContain('glibc 2.28');
  });

  test('wrong libc: Node on musl', () => {
    using short = shortFolder();
    const outcome = loadWith({}, [], muslNode(short.path));
    expect(outcome).toMatchObject(failure('wrong-libc', /received Node on musl \(.*ld-musl/));
    expect(outcome.message).toContain('node:20-bookworm-slim');
  });

  test('second copy: another libc10 is in the process', () => {
    const copy = join(root.path, 'copy', 'libc10.so');
    mkdirSync(join(root.path, 'copy'));
    copyFileSync(join(libtorch(), 'lib', 'libc10.so'), copy);
    const outcome = loadWith({ LD_PRELOAD: [process.env.LD_PRELOAD ?? [], copy].flat().join(':') });
    expect(outcome).toMatchObject(failure('second-copy', /libc10\.so to be the only copy in this process/));
    expect(outcome.message).toContain(copy);
  });

  test('second copy: palabra itself, installed twice', () => {
    const release = join(root.path, 'twice', 'build', 'Release');
    mkdirSync(release, { recursive: true });
    for (const name of ['palabra.node', 'libpalabra_core.so', 'libpalabra_ops.so']) {
      copyFileSync(join('build', 'Release', name), join(release, name));
    }
    const outcome = loadWith({}, ['worker', join(root.path, 'twice')]);
    expect(outcome).toMatchObject(failure('second-copy', /twice.*libpalabra_ops\.so to be the only copy/));
    expect(outcome.message).toContain('npm ls palabra');
  });

  test.each(['AVX2', 'FMA'])('missing CPU feature: %s is switched off', (feature) => {
    const outcome = loadWith({ GLIBC_TUNABLES: `glibc.cpu.hwcaps=-${feature}` });
    const words = new RegExp(`expected a CPU with ${feature.toLowerCase()}, received sse4_2`);
    expect(outcome).toMatchObject(failure('missing-cpu-feature', words));
    expect(outcome.message).toContain('-cpu host');
  });

  test('an incomplete folder: the words of the dynamic linker', () => {
    const torch = join(root.path, 'incomplete');
    stubTorch(torch, 2, 13);
    rmSync(join(torch, 'lib', 'libc10.so'));
    const outcome = loadWith({ PALABRA_LIBTORCH: torch });
    expect(outcome).toMatchObject(failure('cannot-open', /libc10\.so: cannot open shared object file/));
  });

  test('no addon for this machine', () => {
    const outcome = loadWith({ PALABRA_PREBUILD: root.path, PREBUILDS_ONLY: '1' });
    expect(outcome).toMatchObject(failure('no-addon', /expected an addon for linux-x64 in .*, received none/));
    expect(outcome.message).toContain('npm run setup');
  });
});

describe('a load that works', () => {
  test('in a process of its own', () => {
    expect(loadWith({})).toEqual({ loaded: true });
  });

  test('again in a worker of the same process', () => {
    expect(loadWith({}, ['worker'])).toEqual({ loaded: true });
  });

  test('with libtorch named by either variable', () => {
    expect(loadWith({ PALABRA_LIBTORCH: libtorch() })).toEqual({ loaded: true });
    expect(loadWith({ PALABRA_LIBTORCH: '', PALABRA_PYTHON_TORCH: libtorch() })).toEqual({ loaded: true });
  });

  test('gives the version that libtorch tells', () => {
    expect(load().version).toMatch(/^2\.13\.\d+$/);
  });
});

/** A C library of the future, to link with: it defines one symbol of version GLIBC_2.99. */
function newerGlibc(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const script = join(folder, 'versions');
  writeFileSync(script, 'GLIBC_2.99 { global: palabra_future; };');
  const flags = ['-nostdlib', '-Wl,-soname,libc.so.6', `-Wl,--version-script=${script}`];
  compileLibrary(join(folder, 'libc.so.6'), 'int palabra_future(void) { return 1; }', flags);
}

/** A folder whose path leaves room for a file name where Node keeps the path of its dynamic linker. */
function shortFolder(): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'p'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A copy of Node that asks for a dynamic linker with musl's name, which here is glibc's. */
function muslNode(folder: string): string {
  const glibc = '/lib64/ld-linux-x86-64.so.2';
  const musl = join(folder, 'ld-musl');
  symlinkSync(glibc, musl);
  const program = readFileSync(process.execPath);
  const at = program.indexOf(`${glibc}\0`);
  if (at < 0 || musl.length > glibc.length) throw new Error(`no room for ${musl} in Node's program header`);
  program.write(musl.padEnd(glibc.length, '\0'), at, 'latin1');
  const node = join(folder, 'node');
  writeFileSync(node, program);
  chmodSync(node, 0o755);
  return node;
}
