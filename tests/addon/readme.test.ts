import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';

import { emptyFolder, repository, run } from '../helpers/pack.js';
import { readmeBlocks } from '../helpers/readme.js';

const library = pathToFileURL(join(repository, 'lib', 'index.ts')).href;

test.each(readmeBlocks().map((code, index) => [index + 1, code] as const))(
  'block %i of README.md runs from the sources',
  (_, code) => {
    const folder = emptyFolder('readme');
    const file = join(folder, 'example.mts');
    writeFileSync(file, code.replaceAll("from 'palabra'", `from '${library}'`));
    const printed = run(process.execPath, ['--import', 'tsx', file]);
    rmSync(folder, { recursive: true });
    expect(printed).toMatch(/loss \d/);
  },
);
