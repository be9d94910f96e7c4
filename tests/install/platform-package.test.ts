import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import {
  buildPackage,
  dependencyTarballs,
  emptyFolder,
  nodeOnlyPath,
  npmScript,
  repository,
  run,
  tarball,
  withoutNetwork,
} from '../helpers/pack.js';
import { readmeExample, toJavaScript } from '../helpers/readme.js';

describe('both tarballs on a bare machine: no network, no Python, no compiler, an empty cache, no scripts', () => {
  const folder = emptyFolder('platform');
  const project = join(folder, 'project');
  const cache = join(folder, 'cache');
  const home = join(folder, 'home');
  const environment = () => ({ PATH: join(folder, 'bin'), HOME: home, PALABRA_CACHE: cache });

  /** Runs node there, cut off the network where the machine allows that. */
  const node = (args: string[]) => {
    const [command = '', ...rest] = [...withoutNetwork(), process.execPath, ...args];
    return run(command, rest, { cwd: project, env: environment() });
  };

  beforeAll(() => {
    buildPackage();
    for (const path of [project, cache, home]) mkdirSync(path);
    nodeOnlyPath(folder);
    writeFileSync(join(project, 'package.json'), '{ "name": "example", "type": "module" }');
    const libtorch = run('node', ['scripts/build/platform-package.mjs', folder]).trim().split('\n').at(-1) ?? '';
    const packages = [tarball(repository, folder), libtorch, ...dependencyTarballs(folder)];
    const flags = ['--ignore-scripts', '--offline', '--no-audit', '--no-fund'];
    node([npmScript(), 'install', ...flags, ...packages]);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('PATH holds node alone', () => {
    expect(readdirSync(environment().PATH)).toEqual(['node']);
  });

  test('the example of README.md trains and generates', () => {
    writeFileSync(join(project, 'example.js'), toJavaScript(readmeExample(join(project, 'node_modules', 'palabra'))));
    expect(node(['example.js'])).toMatch(/loss \d/);
  });

  test('the doctor finds libtorch in the platform package', () => {
    const report = node([join(project, 'node_modules/palabra/dist/cli/main.js'), 'doctor', '--json']);
    expect(report).toContain(join(project, 'node_modules/@palabra/libtorch-linux-x64'));
  });

  test('nothing was fetched into the cache: it holds the times of this processor alone', () => {
    expect(readdirSync(cache)).toEqual(['cpu-paths']);
    for (const file of readdirSync(join(cache, 'cpu-paths'))) {
      expect(statSync(join(cache, 'cpu-paths', file)).size).toBeLessThan(1024);
    }
  });
});
