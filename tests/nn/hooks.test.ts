import { expect, test } from '@jest/globals';
import { Linear, Module, watchForward } from '../../lib/nn/index.js';
import { ones } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

class Twice extends Module {
  readonly inner = new Linear(2, 2);

  forward(x: Tensor): Tensor {
    return this.inner.forward(this.inner.forward(x));
  }
}

test('watchForward tells every output, inner modules first, and leaves no trace', () => {
  const model = new Twice();
  const seen: [string, unknown][] = [];
  let output: Tensor;
  {
    using _watch = watchForward(model, (path, value) => void seen.push([path, value]));
    output = model.forward(ones([1, 2]));
  }
  expect(seen.map(([path]) => path)).toEqual(['inner', 'inner', '']);
  expect(seen.at(-1)![1]).toBe(output);
  expect(Object.hasOwn(model, 'forward') || Object.hasOwn(model.inner, 'forward')).toBe(false);
  model.forward(ones([1, 2]));
  expect(seen).toHaveLength(3);
});

test('two watches end in any order that nests, and a pass that throws is watched no more', () => {
  const model = new Twice();
  const outer: string[] = [];
  const fail = () => {
    throw new Error('enough');
  };
  const first = watchForward(model, (path) => void outer.push(path));
  expect(() => {
    using _second = watchForward(model, fail);
    model.forward(ones([1, 2]));
  }).toThrow('enough');
  model.forward(ones([1, 2]));
  first[Symbol.dispose]();
  expect(outer).toEqual(['inner', 'inner', 'inner', '']);
  expect(Object.hasOwn(model, 'forward')).toBe(false);
});
