import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, jest, test } from '@jest/globals';

import { palabra } from '../helpers/cli.js';
import { temporaryFolder } from '../helpers/stub-libtorch.js';

jest.setTimeout(60_000);

describe('palabra', () => {
  test('--help lists the commands and ends well', () => {
    const { status, stdout } = palabra(['--help']);
    expect(status).toBe(0);
    for (const word of ['libtorch', 'doctor', 'Exit codes']) expect(stdout).toContain(word);
  });

  test('--version is the one of package.json', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(palabra(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n` });
  });

  test.each([
    [['libtorch', 'instal'], 'Did you mean install?'],
    [['doctor', '--jsn'], 'Did you mean --json?'],
    [['libtorch', 'install', '--variant', 'rocm'], 'cpu, cuda'],
    [['nonsense'], 'unknown command'],
  ])('wrong usage ends with 2 and a hint: %j', (args, hint) => {
    expect(palabra(args)).toMatchObject({ status: 2, stderr: expect.stringContaining(hint) });
  });

  test('a command of its own has help', () => {
    const { status, stdout } = palabra(['libtorch', 'install', '--help']);
    expect(status).toBe(0);
    for (const word of ['--variant', '--from', '--index-url', 'PALABRA_CACHE']) expect(stdout).toContain(word);
  });
});

describe('palabra libtorch with an empty cache', () => {
  test('list says how to fill it', () => {
    using cache = temporaryFolder();
    const env = { PALABRA_CACHE: cache.path };
    expect(palabra(['libtorch', 'list'], env)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('libtorch install'),
    });
    expect(palabra(['libtorch', 'list', '--json'], env).stdout).toBe('[]\n');
  });

  test('remove has nothing to do', () => {
    using cache = temporaryFolder();
    expect(palabra(['libtorch', 'remove'], { PALABRA_CACHE: cache.path })).toMatchObject({
      status: 0,
      stdout: 'Nothing to remove.\n',
    });
  });
});

describe('palabra doctor where nothing loads', () => {
  test('tells machine and problem and ends with 1', () => {
    using cache = temporaryFolder();
    const { status, stdout } = palabra(['doctor', '--json'], { PALABRA_LIBTORCH: join(cache.path, 'none') });
    const report = JSON.parse(stdout);
    expect(status).toBe(1);
    expect(report.problem).toContain('[PAL_NATIVE_LOAD]');
    expect(report.cpu.cores).toBeGreaterThan(0);
    expect(palabra(['doctor'], { PALABRA_LIBTORCH: cache.path }).stdout).toContain('What to do:');
  });
});
