import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

import { buildPackage, dependencyTarballs, emptyFolder, npm, repository, run, tarball } from '../helpers/pack.js';
import { readmeExample, toJavaScript } from '../helpers/readme.js';

describe('the tarball in an empty folder, install scripts disabled', () => {
  const folder = emptyFolder('tarball');
  const project = join(folder, 'project');

  beforeAll(() => {
    buildPackage();
    mkdirSync(project);
    writeFileSync(join(project, 'package.json'), '{ "name": "example", "type": "module" }');
    const packages = [tarball(repository, folder), ...dependencyTarballs(folder)];
    npm(['install', '--ignore-scripts', '--offline', '--no-audit', '--no-fund', ...packages], { cwd: project });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('the example of README.md trains and generates', () => {
    writeFileSync(join(project, 'example.js'), toJavaScript(readmeExample(join(project, 'node_modules', 'palabra'))));
    expect(run(process.execPath, ['example.js'], { cwd: project })).toMatch(/loss \d/);
  });

  test('the example of README.md fits the types of the package', () => {
    writeFileSync(join(project, 'example.ts'), readmeExample());
    const options = [
      '--strict',
      '--noEmit',
      '--target',
      'es2022',
      '--module',
      'nodenext',
      '--lib',
      'es2023,esnext.disposable',
    ];
    const types = ['--types', 'node', '--typeRoots', join(repository, 'node_modules/@types')];
    const tsc = join(repository, 'node_modules/typescript/bin/tsc');
    run(process.execPath, [tsc, ...options, ...types, 'example.ts'], { cwd: project });
  });

  test('the command line answers', () => {
    const cli = join(project, 'node_modules', '.bin', 'palabra');
    expect(run(cli, ['--help'], { cwd: project })).toMatch(/libtorch[^]*doctor/);
  });
});
