/** A worker that trains without end, by programs and by single operators; tells its parent once it is at work. */
import { parentPort } from 'node:worker_threads';

import { program, randn, scope } from '../../dist/tensor/index.js';

const [recorded, eager] = [1, 2].map(() => randn([64, 64], { requiresGrad: true }));

/** Forward and backward of a few layers. */
function update(input, weight) {
  weight.grad = undefined;
  let hidden = input;
  for (let layer = 0; layer < 20; layer++) hidden = hidden.matmul(weight).tanh();
  const loss = hidden.square().mean();
  loss.backward();
  return loss.detach();
}

const step = program((batch) => update(batch, recorded));
const input = randn([32, 64]);
(await step.run(input)).dispose();
parentPort.postMessage('working');
for (;;) {
  const running = step.run(input);
  scope(() => void update(input.mul(2), eager));
  (await running).dispose();
}
