import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

import { palabra, startPalabra } from '../../helpers/cli.js';
import { stubTorch, stubWheel, temporaryFolder, zip } from '../../helpers/stub-libtorch.js';

const HEADERS = 200;
const KILL_AT = fileURLToPath(new URL('../../helpers/kill-at.mjs', import.meta.url));

describe('palabra libtorch install --from', () => {
  const root = temporaryFolder();
  const cache = join(root.path, 'cache');
  const place = join(cache, 'libtorch', '2.13.0-cpu');
  const env = { PALABRA_CACHE: cache, PALABRA_PYTHON: '/nowhere/python', PATH: '/nowhere' };
  let wheel = '';

  const install = (...args: string[]) => palabra(['libtorch', 'install', ...args], env);

  beforeAll(() => {
    wheel = stubWheel(root.path, { headers: HEADERS });
  });

  beforeEach(() => {
    rmSync(cache, { recursive: true, force: true });
  });

  afterAll(() => {
    root[Symbol.dispose]();
  });

  test('a wheel: libraries, headers, licences and a manifest, nothing else', async () => {
    expect(await install('--from', wheel)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Installed: libtorch 2\.13\.0 cpu/) });
    expect(readdirSync(place).sort()).toEqual(['include', 'lib', 'licenses', 'manifest.json']);
    expect(readdirSync(join(place, 'lib')).sort()).toEqual(['libc10.so', 'libtorch_cpu.so']);
    expect(readdirSync(join(place, 'include'))).toHaveLength(HEADERS);
    expect(readFileSync(join(place, 'licenses', 'torch', 'LICENSE'), 'utf8')).toBe('The licence.\n');
    expect(readdirSync(join(cache, 'libtorch'))).toEqual(['2.13.0-cpu']);
  });

  test('a second time it stays as it is', async () => {
    await install('--from', wheel);
    expect((await install('--from', wheel)).stdout).toMatch(/^Already installed/);
    expect((await install()).stdout).toMatch(/^Already installed/);
  });

  test('a folder of wheels and a torch folder', async () => {
    expect(await install('--from', root.path)).toMatchObject({ status: 0 });
    expect(await install('--from', join(root.path, 'wheel', 'torch'), '--force')).toMatchObject({ status: 0 });
    expect(readdirSync(join(place, 'include'))).toHaveLength(HEADERS);
  });

  test('list --verify finds a changed file, --force mends it, remove deletes it', async () => {
    await install('--from', wheel);
    expect(await palabra(['libtorch', 'list', '--verify'], env)).toMatchObject({ status: 0, stdout: expect.stringContaining(place) });
    writeFileSync(join(place, 'include', '7.h'), '// changed');
    expect(await palabra(['libtorch', 'list', '--verify'], env)).toMatchObject({ status: 1, stderr: expect.stringContaining('include/7.h') });
    await install('--from', wheel, '--force');
    expect((await palabra(['libtorch', 'list', '--verify'], env)).status).toBe(0);
    expect(await palabra(['libtorch', 'remove'], env)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Removed: /) });
    expect(existsSync(place)).toBe(false);
  });

  test('killed in the middle it leaves nothing half done, and goes on where it stopped', async () => {
    const aim = { NODE_OPTIONS: `--import ${KILL_AT}`, PALABRA_KILL_AT: `include/\\d+\\.h$ ${HEADERS / 2} 0` };
    const child = startPalabra(['libtorch', 'install', '--from', wheel], { ...env, ...aim });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    expect(existsSync(place)).toBe(false);
    const written = readdirSync(join(`${place}.partial`, 'include')).filter((name) => name.endsWith('.h'));
    expect(written).toHaveLength(HEADERS / 2);
    const { ino } = statSync(join(`${place}.partial`, 'include', written[0]!));
    expect(await install('--from', wheel)).toMatchObject({ status: 0 });
    expect(statSync(join(place, 'include', written[0]!)).ino).toBe(ino);
    expect((await palabra(['libtorch', 'list', '--verify'], env)).status).toBe(0);
  });

  test('two at the same time: the second waits and finds it installed', async () => {
    const children = [1, 2].map(() => startPalabra(['libtorch', 'install', '--from', wheel], env));
    const endings = await Promise.all(children.map((child) => once(child, 'exit')));
    expect(endings.map(([status]) => status)).toEqual([0, 0]);
    expect((await palabra(['libtorch', 'list', '--verify'], env)).status).toBe(0);
  });
});

describe('palabra libtorch install refuses', () => {
  const failing = async (args: string[], env: NodeJS.ProcessEnv) => {
    const { status, stderr } = await palabra(['libtorch', 'install', ...args], env);
    expect(status).toBe(1);
    return stderr;
  };

  test('a wheel whose files differ from its record', async () => {
    using root = temporaryFolder();
    const wheel = stubWheel(root.path, { headers: 1, wrongRecord: true });
    const cache = join(root.path, 'cache');
    expect(await failing(['--from', wheel], { PALABRA_CACHE: cache })).toContain('The wheel is damaged');
    expect(existsSync(join(cache, 'libtorch', '2.13.0-cpu'))).toBe(false);
  });

  test('a libtorch that does not load, with the reason of the dynamic linker', async () => {
    using root = temporaryFolder();
    const torch = join(root.path, 'site', 'torch');
    stubTorch(torch, 2, 13, ['-Wl,-z,defs', '-Wl,--unresolved-symbols=ignore-all', '-Wl,-u,palabra_absent']);
    mkdirSync(join(root.path, 'site', 'torch-2.13.0.dist-info'));
    writeFileSync(join(torch, 'lib', 'libc10.so'), 'not a library');
    const message = await failing(['--from', torch], { PALABRA_CACHE: join(root.path, 'cache') });
    expect(message).toMatch(/expected the fetched libtorch to load, received .*libc10\.so/);
  });

  test('a file that is no wheel and a path that does not exist', async () => {
    using root = temporaryFolder();
    const env = { PALABRA_CACHE: join(root.path, 'cache') };
    expect(await failing(['--from', 'package.json'], env)).toContain('[PAL_INSTALL]');
    expect(await failing(['--from', '/nowhere'], env)).toContain('expected --from a torch wheel');
  });

  test('a wheel that lacks a library which no package brings', async () => {
    using root = temporaryFolder();
    const site = join(root.path, 'wheel');
    const flags = ['-Wl,--no-as-needed', '-lcrypt'];
    stubTorch(join(site, 'torch'), 2, 13, flags);
    const wheel = zip(site, join(root.path, 'torch-2.13.0-cp312-none-any.whl'));
    expect(await failing(['--from', wheel], { PALABRA_CACHE: join(root.path, 'cache') })).toContain('libcrypt.so');
  });

  test('to go on without pip, and says what to do', async () => {
    using root = temporaryFolder();
    const env = { PALABRA_CACHE: join(root.path, 'cache'), PALABRA_PYTHON: '/nowhere/python', PATH: '/nowhere' };
    const message = await failing([], env);
    expect(message).toContain('expected a Python 3 with pip');
    expect(message).toContain('npm install @palabra/libtorch-linux-x64');
    expect(message).toContain('apt-get install python3-pip');
    expect(message).toContain('--from');
  });

  test('a package index that does not answer', async () => {
    using root = temporaryFolder();
    const env = { PALABRA_CACHE: join(root.path, 'cache'), PIP_RETRIES: '0', PIP_NO_INDEX: '', PIP_FIND_LINKS: '' };
    expect(await failing(['--index-url', 'http://127.0.0.1:9/simple'], env)).toContain('expected pip to fetch torch==2.13.0');
  });
});
