import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';

import { buildPackage, pack, repository } from '../helpers/pack.js';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

describe('the packed tarball', () => {
  let files: string[];

  beforeAll(() => {
    buildPackage();
    files = pack(repository).files.map(({ path }) => path);
  });

  test('holds dist, prebuilds, licences, README and package.json, and nothing else', () => {
    const outside = files.filter((path) => !path.startsWith('dist/') && !path.startsWith('prebuilds/'));
    expect(outside.sort()).toEqual(['LICENSE', 'README.md', 'THIRD_PARTY_LICENSES.md', 'package.json']);
  });

  test('holds modules, declarations and source maps in dist', () => {
    const dist = files.filter((path) => path.startsWith('dist/'));
    expect(dist.filter((path) => !/\.(?:js|js\.map|d\.ts)$/.test(path))).toEqual([]);
    expect(dist).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'dist/cli/main.js']));
  });

  test('holds the loader and the two libraries of the one platform', () => {
    expect(files.filter((path) => path.startsWith('prebuilds/')).sort()).toEqual([
      'prebuilds/linux-x64/libpalabra_core.so',
      'prebuilds/linux-x64/libpalabra_ops.so',
      'prebuilds/linux-x64/palabra.node',
    ]);
  });

  test('says where it runs', () => {
    expect(manifest.os).toEqual(['linux']);
    expect(manifest.cpu).toEqual(['x64']);
    expect(manifest.engines.node).toBe('>=20.19');
  });
});

describe('installing', () => {
  test('runs no script of ours', () => {
    const hooks = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare'];
    expect(Object.keys(manifest.scripts).filter((name) => hooks.includes(name))).toEqual([]);
  });

  test('does not fall back to node-gyp', () => {
    expect(manifest.gypfile).toBe(false);
  });
});
