import { expect, test } from '@jest/globals';

import { LIBTORCH_VERSION } from '../../../lib/native/libtorch/pin.js';
import { run } from '../../helpers/pack.js';

test('the build and the library pin the same libtorch', () => {
  const program = "import('./scripts/build/libtorch.mjs').then(({ libtorchVersion }) => console.log(libtorchVersion))";
  expect(run(process.execPath, ['-e', program]).trim()).toBe(LIBTORCH_VERSION);
});
