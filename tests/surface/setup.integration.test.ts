import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

import { temporaryFolder } from '../helpers/stub-libtorch.js';

/** Evaluates an expression over the exports of a script of the build, in a process of its own. */
function evaluate(script: string, expression: string, cwd = '.', env: NodeJS.ProcessEnv = {}): unknown {
  const program = `import * as script from '${resolve('scripts/build', script)}'; console.log(JSON.stringify(${expression}))`;
  const options = { encoding: 'utf8', cwd, env: { ...process.env, ...env } } as const;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], options);
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as unknown;
}

describe('what set-up needs', () => {
  test('Node from 20.19 on', () => {
    const versions = ['18.20.8', '20.18.3', '20.19.0', '22.1.0'];
    const problems = evaluate('tools.mjs', `${JSON.stringify(versions)}.map((v) => script.nodeProblem(v) ?? null)`);
    expect(problems).toEqual([
      expect.stringContaining('this is 18.20.8'),
      expect.stringContaining('20.19'),
      null,
      null,
    ]);
  });

  test('names every missing tool and how Debian gets it', () => {
    const missing = evaluate('tools.mjs', "script.missingTools(['cmake', 'compiler', 'make', 'pip'])", '.', {
      PATH: '/nowhere',
      CXX: undefined,
    });
    for (const tool of ['CMake 3.20', 'C++20 compiler', 'Ninja or make', 'Python 3 with pip']) {
      expect(missing).toContain(tool);
    }
    expect(missing).toContain('sudo apt-get install -y cmake g++ make python3-pip');
  });

  test('a bare clone on a machine without tools: set-up says what is missing and changes nothing', () => {
    using clone = temporaryFolder();
    cpSync('scripts/build', join(clone.path, 'scripts', 'build'), { recursive: true });
    for (const name of ['package.json', 'package-lock.json']) copyFileSync(name, join(clone.path, name));
    const env = { PATH: '/nowhere', PALABRA_CACHE: join(clone.path, 'cache') };
    const { status, stderr } = spawnSync(process.execPath, ['scripts/build/setup.mjs'], {
      encoding: 'utf8',
      cwd: clone.path,
      env,
    });
    expect(status).toBe(1);
    expect(stderr).toContain('Missing on this machine:');
    expect(stderr).not.toContain('Installing packages');
  });
});

describe('stamps of set-up', () => {
  const hash = (folder: string) => evaluate('stamp.mjs', "script.hashOf(['a', 'absent'], ['x'])", folder);

  test('a hash sees names and contents below a folder', () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, 'a', 'b'), { recursive: true });
    writeFileSync(join(folder.path, 'a', 'b', 'c'), '1');
    const before = hash(folder.path);
    expect(hash(folder.path)).toBe(before);
    writeFileSync(join(folder.path, 'a', 'b', 'c'), '2');
    const changed = hash(folder.path);
    writeFileSync(join(folder.path, 'a', 'd'), '');
    expect(new Set([before, changed, hash(folder.path)]).size).toBe(3);
  });

  test('a step is fresh after its success with the same inputs, until it begins again', () => {
    using folder = temporaryFolder();
    const expression = `[
      script.isFresh('step', 'h'), script.mark('step', 'h'), script.isFresh('step', 'h'),
      script.isFresh('step', 'other'), script.unmark('step'), script.isFresh('step', 'h')
    ].filter((value) => value !== undefined)`;
    expect(evaluate('stamp.mjs', expression, folder.path)).toEqual([false, true, false, false]);
  });
});
