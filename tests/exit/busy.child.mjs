/**
 * What JavaScript does with the weight of a running program, again and again: `busy.child.mjs WHAT ROUNDS`.
 * WHAT is `read` (its gradient) or `update` (its values). Prints how often it was refused, and how often not.
 */
import { isPalabraError } from '../../dist/core/index.js';
import { noGrad, program, randn, scope } from '../../dist/tensor/index.js';

const [what, rounds] = process.argv.slice(2);
const weight = randn([8, 8], { requiresGrad: true });
const input = randn([8, 8]);
const counts = { refused: 0, done: 0 };

const step = program((x) => {
  weight.grad = undefined;
  const loss = x.matmul(weight).tanh().square().mean();
  loss.backward();
  return loss.detach();
});

function update() {
  weight.grad = undefined;
  input.matmul(weight).tanh().square().mean().backward();
  noGrad(() => weight.sub_(weight.grad, { alpha: 0.01 }));
}

/** One access, which may be refused. */
function access() {
  try {
    scope(() => void (what === 'read' ? weight.grad : update()));
    counts.done++;
  } catch (error) {
    if (!isPalabraError(error) || error.code !== 'PAL_PROGRAM') throw error;
    counts.refused++;
  }
}

(await step.run(input)).dispose();
for (let round = 0; round < Number(rounds); round++) {
  const running = step.run(input);
  for (let i = 0; i < 10; i++) access();
  (await running).dispose();
  access();
}
console.log(JSON.stringify(counts));
