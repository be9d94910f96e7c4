/**
 * The cost of one `add` on four floats whose result a scope frees, and of a call of the addon that does next to nothing;
 * prints microseconds, the best of several rounds that take turns.
 */
import { loadAddon } from '../../dist/native/index.js';
import { scope, tensor } from '../../dist/tensor/index.js';

const native = loadAddon();
const add = native.operator('aten::add.Tensor').id;
const a = native.fromData(new Float32Array(4), [4], 'float32');
const b = native.fromData(new Float32Array(4), [4], 'float32');
const [x, y] = [tensor([1, 2, 3, 4]), tensor([1, 2, 3, 4])];
const CALLS = 1000;
const ROUNDS = 400;

const ways = {
  empty() {
    for (let i = 0; i < CALLS; i++) native.gradMode();
  },
  /** Boxed calls in a native scope. */
  boxed() {
    const depth = native.scopeEnter();
    for (let i = 0; i < CALLS; i++) native.call(add, a, b);
    native.scopeExit(depth, []);
  },
  /** The same through Tensor. */
  typed() {
    scope(() => {
      for (let i = 0; i < CALLS; i++) x.add(y);
    });
  },
};

/** Microseconds a call; the machine may be busy, so the best of many short rounds. */
const best = { empty: Infinity, boxed: Infinity, typed: Infinity };
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, run] of Object.entries(ways)) {
    const start = performance.now();
    run();
    best[name] = Math.min(best[name], ((performance.now() - start) * 1000) / CALLS);
  }
}
console.log(JSON.stringify(best));
