import { readFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

import { palabra, startPalabra } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

describe('palabra', () => {
  test('--help lists the commands and ends well', async () => {
    const { status, stdout } = await palabra(['--help']);
    expect(status).toBe(0);
    for (const word of ['libtorch', 'doctor', 'Exit codes']) expect(stdout).toContain(word);
  });

  test('--version is the one of package.json', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await palabra(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  test.each([
    [['libtorch', 'instal'], 'Did you mean install?'],
    [['doctor', '--jsn'], 'Did you mean --json?'],
    [['libtorch', 'install', '--variant', 'rocm'], 'cpu, cuda'],
    [['nonsense'], 'unknown command'],
  ])('wrong usage ends with 2 and a hint: %j', async (args, hint) => {
    expect(await palabra(args)).toMatchObject({ status: 2, stderr: expect.stringContaining(hint) });
  });

  test('the program itself ends with the exit code', async () => {
    const children = [['--version'], ['nonsense']].map((args) => once(startPalabra(args), 'exit'));
    expect((await Promise.all(children)).map(([status]) => status)).toEqual([0, 2]);
  });

  test('a command of its own has help', async () => {
    const { status, stdout } = await palabra(['libtorch', 'install', '--help']);
    expect(status).toBe(0);
    for (const word of ['--variant', '--from', '--index-url', 'PALABRA_CACHE']) expect(stdout).toContain(word);
  });
});

describe('palabra libtorch with an empty cache', () => {
  test('list says how to fill it', async () => {
    using cache = temporaryFolder();
    const env = { PALABRA_CACHE: cache.path };
    expect(await palabra(['libtorch', 'list'], env)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('libtorch install'),
    });
    expect((await palabra(['libtorch', 'list', '--json'], env)).stdout).toBe('[]\n');
  });

  test('remove has nothing to do', async () => {
    using cache = temporaryFolder();
    expect(await palabra(['libtorch', 'remove'], { PALABRA_CACHE: cache.path })).toMatchObject({
      status: 0,
      stdout: 'Nothing to remove.\n',
    });
  });
});

describe('palabra doctor where nothing loads', () => {
  test('tells machine and problem and ends with 1', async () => {
    using cache = temporaryFolder();
    const { status, stdout } = await palabra(['doctor', '--json'], { PALABRA_LIBTORCH: join(cache.path, 'none') });
    const report = JSON.parse(stdout);
    expect(status).toBe(1);
    expect(report.problem).toContain('[PAL_NATIVE_LOAD]');
    expect(report.cpu.cores).toBeGreaterThan(0);
    expect((await palabra(['doctor'], { PALABRA_LIBTORCH: cache.path })).stdout).toContain('What to do:');
  });
});
