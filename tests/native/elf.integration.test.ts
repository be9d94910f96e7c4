import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';

import { readElf } from '../../lib/native/elf.js';
import { findOtherCopy, listNeededLibraries } from '../../lib/native/libraries.js';
import { compileLibrary, stubTorch, temporaryFolder } from '../helpers/stub-libtorch.js';

describe('readElf', () => {
  test('reads interpreter and needed libraries of a program', () => {
    const info = readElf(process.execPath);
    expect(info?.interpreter).toBe('/lib64/ld-linux-x86-64.so.2');
    expect(info?.needed).toEqual(expect.arrayContaining(['libc.so.6', 'libstdc++.so.6']));
  });

  test('a library has no interpreter', () => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'libempty.so');
    compileLibrary(path, 'int palabra_empty;', ['-Wl,--no-as-needed', '-lm']);
    expect(readElf(path)).toEqual({ interpreter: undefined, needed: ['libm.so.6', 'libc.so.6'] });
  });

  test('gives nothing for a file of another kind', () => {
    expect(readElf('package.json')).toBeUndefined();
  });
});

describe('listNeededLibraries', () => {
  test('puts the libraries beside before those that need them', () => {
    using folder = temporaryFolder();
    stubTorch(folder.path, 2, 13);
    const lib = join(folder.path, 'lib');
    expect(listNeededLibraries(lib, 'libtorch_cpu.so')).toEqual([join(lib, 'libc10.so'), join(lib, 'libtorch_cpu.so')]);
  });

  test('is empty when there is no such library', () => {
    expect(listNeededLibraries('/', 'libtorch_cpu.so')).toEqual([]);
  });
});

describe('findOtherCopy', () => {
  test('finds a file of the same name that is another file', () => {
    using folder = temporaryFolder();
    stubTorch(join(folder.path, 'a'), 2, 13);
    stubTorch(join(folder.path, 'b'), 2, 13);
    const [a = '', b = ''] = ['a', 'b'].map((name) => join(folder.path, name, 'lib', 'libc10.so'));
    expect(findOtherCopy(a, ['/lib/libm.so.6', b])).toBe(b);
    expect(findOtherCopy(a, [join(folder.path, 'b', '..', 'a', 'lib', 'libc10.so')])).toBeUndefined();
  });
});
