import { expect, test } from '@jest/globals';

import { run } from '../helpers/pack.js';

test('package-lock.json lists the optional packages of all systems, without which `npm ci` refuses it', () => {
  const program = `
    import { readFileSync } from 'node:fs';
    import { missingPackages } from './scripts/build/complete-lock.mjs';
    const missing = missingPackages(JSON.parse(readFileSync('package-lock.json', 'utf8')));
    console.log(missing.map(({ name }) => name).join(' ') || 'none');
  `;
  expect(run(process.execPath, ['--input-type=module', '-e', program]).trim()).toBe('none');
});
