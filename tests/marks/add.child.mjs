/** The cost of one `add` on four floats whose result a scope frees; prints microseconds, the best of several rounds. */
import { loadAddon } from '../../dist/native/index.js';
import { scope, tensor } from '../../dist/tensor/index.js';

const native = loadAddon();
const add = native.operator('aten::add.Tensor').id;
const a = native.fromData(new Float32Array(4), [4], 'float32');
const b = native.fromData(new Float32Array(4), [4], 'float32');
const [x, y] = [tensor([1, 2, 3, 4]), tensor([1, 2, 3, 4])];
const adds = 1000;

/** Boxed calls in a native scope. */
function boxed() {
  const depth = native.scopeEnter();
  for (let i = 0; i < adds; i++) native.call(add, a, b);
  native.scopeExit(depth, []);
}

/** The same through Tensor. */
function typed() {
  scope(() => {
    for (let i = 0; i < adds; i++) x.add(y);
  });
}

/** Microseconds an add; the machine may be busy, so the best of many short rounds. */
function time(round) {
  let best = Infinity;
  for (let i = 0; i < 400; i++) {
    const start = performance.now();
    round();
    best = Math.min(best, performance.now() - start);
  }
  return (best * 1000) / adds;
}

console.log(JSON.stringify({ boxed: time(boxed), typed: time(typed) }));
