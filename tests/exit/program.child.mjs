/**
 * A process that ends while a program runs on the compute thread: `program.child.mjs WAY DELAY_MS`.
 * WAY is `exit` (process.exit), `throw` (an uncaught error) or `wait` (until a signal comes).
 */
import { program, randn } from '../../dist/tensor/index.js';

const [way, delay] = process.argv.slice(2);

const weight = randn([96, 96], { requiresGrad: true });
const step = program((input) => {
  weight.grad = undefined;
  let hidden = input;
  for (let layer = 0; layer < 40; layer++) hidden = hidden.matmul(weight).tanh();
  const loss = hidden.square().mean();
  loss.backward();
  return loss.detach();
});

/** Runs the program again and again; never comes back. */
async function work(input) {
  for (;;) (await step.run(input)).dispose();
}

/** Ends the process the way it was told. */
function end() {
  if (way === 'throw') throw new Error('uncaught on purpose');
  process.exit(0);
}

const input = randn([64, 96]);
(await step.run(input)).dispose();
void work(input);
if (way !== 'wait') setTimeout(end, Number(delay));
console.log('running');
