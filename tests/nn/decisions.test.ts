import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Dropout, Linear, Module, buffer, parameter } from '../../lib/nn/index.js';
import { Scope, full, noGrad, ones, program, scope } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const SIZE = 4;

/** What a forward pass may go by, in a module, an array and a plain object. */
class Layer extends Module {
  weight: Tensor;
  shift = buffer(full([SIZE], 1));
  gain = 2;
  doubled = false;
  activation = (x: Tensor): Tensor => x.abs();
  readonly options = { offset: 0.5, powers: [1, 2] };

  constructor(value: number) {
    super();
    this.weight = makeWeight(value);
  }

  forward(x: Tensor): Tensor {
    const { offset, powers } = this.options;
    let y = x.mul(this.weight).add(this.shift).mul(this.gain).add(offset);
    for (const power of powers) y = y.pow(power);
    if (this.doubled) y = y.add(y);
    return this.activation(this.training ? y : y.neg());
  }
}

class Stack extends Module {
  readonly layers: Module[];
  readonly scale = { factor: 1 };

  constructor() {
    super();
    this.layers = [new Layer(1), new Layer(-2)];
  }

  forward(x: Tensor): Tensor {
    return (this.layers as Layer[]).reduce((y, layer) => layer.forward(y), x).mul(this.scale.factor);
  }
}

const makeWeight = (value: number): Tensor => parameter(full([SIZE], value), { kind: 'vector' });

/** What is done to a model between two runs; what it held lives on. */
const changes: Record<string, (model: Stack, value: number, layer: number) => void> = {
  'another parameter': (model, value, layer) => void (pick(model, layer).weight = makeWeight(value)),
  'another buffer': (model, value, layer) => void (pick(model, layer).shift = buffer(full([SIZE], value))),
  'another layer': (model, value, layer) =>
    void model.replace(`layers.${layer % model.layers.length}`, new Layer(value)),
  'one layer more': (model, value) => void (model.layers.length < 3 && model.layers.push(new Layer(value))),
  'one layer less': (model) => void (model.layers.length > 1 && model.layers.pop()),
  'a number': (model, value, layer) => void (pick(model, layer).gain = value),
  'a flag': (model, value, layer) => void (pick(model, layer).doubled = value > 0),
  'a function': (model, value, layer) => void (pick(model, layer).activation = value > 0 ? (x) => x : (x) => x.sin()),
  'a setting': (model, value, layer) => void (pick(model, layer).options.offset = value),
  'a list': (model, value, layer) => void pick(model, layer).options.powers.splice(0, 2, 1, value > 0 ? 3 : 2),
  'a setting of the whole': (model, value) => void (model.scale.factor = value),
  'training mode': (model, value) => void model.train(value > 0),
  'training mode of a layer': (model, value, layer) => void pick(model, layer).train(value > 0),
  'values in place': (model, value, layer) => noGrad(() => void pick(model, layer).weight.fill_(value)),
  nothing: () => undefined,
};

const pick = (model: Stack, layer: number): Layer => model.layers[layer % model.layers.length] as Layer;

const change = fc.record({
  name: fc.constantFrom(...Object.keys(changes)),
  value: fc.constantFrom(-1, 0.5, 1, 2),
  layer: fc.nat(2),
});

describe('a replay gives what the function gives, whatever stands in its modules', () => {
  test('after every change of what a module holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(change, { maxLength: 2 }), { minLength: 2, maxLength: 6 }), async (rounds) => {
        using work = new Scope();
        const model = new Stack();
        using recorded = program((x: Tensor) => model.forward(x));
        const x = work.own(full([SIZE], 0.25));
        for (const changed of rounds) {
          for (const { name, value, layer } of changed) scope(() => changes[name]!(model, value, layer));
          const expected = scope(() => model.forward(x).tolist());
          for (let i = 0; i < 2; i++) expect(work.own(await recorded.run(x)).tolist()).toEqual(expected);
        }
      }),
      { numRuns: 60 },
    );
  });

  test.each(['run', 'runSync'] as const)('a parameter replaced while the old one lives: %s', async (how) => {
    using work = new Scope();
    const layer = new Linear(1, 1, { bias: false });
    const old = layer.weight;
    using recorded = program((x: Tensor) => layer.forward(x));
    const x = work.own(ones([1, 1]));
    work.own(await recorded[how](x));
    (layer as { weight: Tensor }).weight = parameter(full([1, 1], 7), { kind: 'matrix' });
    expect(work.own(await recorded[how](x)).item()).toBe(7);
    (layer as { weight: Tensor }).weight = old;
    expect(work.own(await recorded[how](x)).item()).toBe(old.item());
    expect(recorded.graphs).toBe(2);
  });

  test('modules without tensors, called by functions that no module holds', async () => {
    using work = new Scope();
    const dropout = new Dropout(0.5);
    using recorded = program((x: Tensor) => dropout.forward(x));
    const x = work.own(ones([256]));
    const count = async () =>
      work
        .own(
          work
            .own(await recorded.run(x))
            .eq(0)
            .sum(),
        )
        .item();
    expect(await count()).toBeGreaterThan(0);
    dropout.eval();
    expect(await count()).toBe(0);
    (dropout as { probability: number }).probability = 1 - 2 ** -40;
    expect(await count()).toBe(0);
    dropout.train();
    expect(await count()).toBe(256);
  });

  test('parameters that are read without a call of their module', async () => {
    using work = new Scope();
    const layer = new Layer(3);
    using recorded = program((x: Tensor) => x.mul(layer.weight).mul(layer.gain));
    const x = work.own(ones([SIZE]));
    work.own(await recorded.run(x));
    layer.gain = 5;
    expect(work.own(await recorded.run(x)).tolist()).toEqual([15, 15, 15, 15]);
  });
});

describe('a program is recorded no oftener than it needs', () => {
  /** Counts its calls, and keeps a table for the length it saw last. */
  class Counting extends Module {
    calls = 0;
    length = 0;
    table: Tensor | undefined;

    forward(x: Tensor): Tensor {
      this.calls++;
      if (this.length !== x.numel) this.table = buffer(ones([x.numel]));
      this.length = x.numel;
      return x.add(this.table!);
    }
  }

  test('where a pass itself writes down what it saw', async () => {
    using work = new Scope();
    const model = new Counting();
    using recorded = program((x: Tensor) => model.forward(x));
    const [short, long] = [work.own(ones([2])), work.own(ones([3]))];
    for (let i = 0; i < 3; i++) for (const x of [short, long]) work.own(await recorded.run(x));
    expect(recorded.graphs).toBe(2);
    expect(model.calls).toBe(2);
  });

  test('where other modules change', async () => {
    using work = new Scope();
    const [model, other] = [new Layer(1), new Layer(2)];
    using recorded = program((x: Tensor) => model.forward(x));
    const x = work.own(ones([SIZE]));
    for (let i = 0; i < 3; i++) {
      other.gain = i;
      other.weight = makeWeight(i);
      work.own(await recorded.run(x));
    }
    expect(recorded.graphs).toBe(1);
  });

  test('and leaves the modules as they were', async () => {
    using work = new Scope();
    const model = new Stack();
    const keys = () => Reflect.ownKeys(model.layers[0]!);
    const before = keys();
    using recorded = program((x: Tensor) => model.forward(x));
    work.own(await recorded.run(work.own(ones([SIZE]))));
    expect(keys()).toEqual(before);
    using failing = program((x: Tensor) => model.forward(x).item());
    await expect(failing.run(work.own(ones([SIZE])))).rejects.toMatchObject({ code: 'PAL_PROGRAM_VALUE' });
    expect(keys()).toEqual(before);
  });
});
