import { describe, expect, test } from '@jest/globals';
import {
  addAdapter,
  combineAdapters,
  deleteAdapter,
  getAdapterParameters,
  listAdapters,
  mergeAdapters,
  setAdapter,
  setAdapterScale,
  setAdapterTrainable,
  withRowAdapters,
  withoutAdapters,
} from '../../lib/adapters/index.js';
import type { LoraOptions } from '../../lib/adapters/index.js';
import { generate } from '../../lib/generation/index.js';
import type { Gpt } from '../../lib/models/index.js';
import { Linear, Module, parameter } from '../../lib/nn/index.js';
import { AdamW } from '../../lib/optim/index.js';
import { cat, noGrad, program, scope, tensor } from '../../lib/tensor/index.js';
import { ByteTokenizer } from '../../lib/text/index.js';
import { freedAfterEach } from '../helpers/freed.js';
import { computeDistance, logitsOf, newIds, newLlama, perturb } from './models.js';

freedAfterEach();

/** A model with adapters `one` and `two`, as if they had been trained. */
function newPair(options: LoraOptions = {}, config: Parameters<typeof newLlama>[0] = {}): Gpt {
  const model = newLlama(config);
  for (const name of ['one', 'two']) {
    addAdapter(model, { r: 4, loraDropout: 0, ...options }, { name });
    perturb(model, name);
  }
  return model;
}

const bitsOf = (model: Module, name: string) =>
  Object.values(getAdapterParameters(model, name)).map((value) => value.bits());

describe('several adapters', () => {
  test('act one by one, together, or not at all', () => {
    const model = newPair({ bias: 'all', modulesToSave: ['head'] }, { bias: true });
    const plain = logitsOf(newLlama({ bias: true }));
    const two = logitsOf(model);
    setAdapter(model, 'one');
    const one = logitsOf(model);
    expect(computeDistance(one, two)).toBeGreaterThan(0.01);
    expect(withoutAdapters(model, () => logitsOf(model))).toEqual(plain);
    expect(logitsOf(model)).toEqual(one);
    setAdapter(model, []);
    expect(logitsOf(model)).toEqual(plain);
    setAdapter(model, ['two']);
    expect(logitsOf(model)).toEqual(two);
    setAdapter(model, ['one', 'two']);
    expect(computeDistance(logitsOf(model), two)).toBeGreaterThan(0.001);
    expect(() => withoutAdapters(model, () => Promise.resolve())).toThrow('a function that ends at once');
    expect(() => setAdapter(model, 'three')).toThrow('received "three". Known: one, two.');
  });

  test('are told with what they hold', () => {
    const model = newPair();
    setAdapterTrainable(model, 'one', false);
    const told = listAdapters(model).map(({ name, active, trainable, modules }) => [
      name,
      active,
      trainable,
      modules.length,
    ]);
    expect(told).toEqual([['one', false, false, 14], ['two', true, true, 14]]); // prettier-ignore
    expect(listAdapters(newLlama())).toEqual([]);
  });

  test('have a strength, which merging takes over', () => {
    const [model, other] = [newPair({ useRslora: true }), newPair({ useRslora: true, loraAlpha: 4 })];
    setAdapterScale(model, 'two', 0.5);
    const half = logitsOf(model);
    expect(computeDistance(half, logitsOf(other))).toBeLessThan(1e-6);
    mergeAdapters(model);
    expect(computeDistance(logitsOf(model), half)).toBeLessThan(1e-5);
    const off = newPair();
    setAdapterScale(off, 'two', 0);
    expect(computeDistance(logitsOf(off), logitsOf(newLlama()))).toBeLessThan(1e-6);
    expect(() => setAdapterScale(off, 'two', NaN)).toThrow('factor to be a finite number');
  });

  test('are trained apart: only what steps changes, whichever acts', () => {
    const model = newPair();
    const [one, two] = ['one', 'two'].map((name) => new AdamW([{ parameters: getAdapterParameters(model, name) }]));
    const backward = (name: string) => {
      setAdapter(model, name);
      scope(() => model.accumulateGradients(newIds(), newIds()));
    };
    const before = { one: bitsOf(model, 'one'), two: bitsOf(model, 'two') };
    backward('one');
    backward('two');
    one!.step();
    expect(bitsOf(model, 'two')).toEqual(before.two);
    expect(bitsOf(model, 'one')).not.toEqual(before.one);
    const after = bitsOf(model, 'one');
    two!.step();
    expect(bitsOf(model, 'one')).toEqual(after);
    expect(bitsOf(model, 'two')).not.toEqual(before.two);
    setAdapterTrainable(model, 'one', false);
    one!.zeroGrad();
    setAdapter(model, ['one', 'two']);
    scope(() => model.accumulateGradients(newIds(), newIds()));
    expect(Object.values(getAdapterParameters(model, 'one')).every(({ grad }) => grad === undefined)).toBe(true);
    expect(Object.values(getAdapterParameters(model, 'two')).every(({ grad }) => grad !== undefined)).toBe(true);
    one!.dispose();
    two!.dispose();
  });

  test('are taken off: the model is as it was', () => {
    const model = newPair({ bias: 'all' }, { bias: true });
    deleteAdapter(model, 'two');
    expect(listAdapters(model).map(({ name, active }) => [name, active])).toEqual([['one', false]]);
    expect(logitsOf(model)).toEqual(logitsOf(newLlama({ bias: true })));
    deleteAdapter(model, 'one');
    expect(Object.keys(model.stateDict())).toEqual(Object.keys(newLlama({ bias: true }).stateDict()));
    expect(() => deleteAdapter(model, 'one')).toThrow('It has none');
  });

  test.each([{}, { useDora: true }, { targetModules: ['embedding', 'down', 'head'] }])(
    'stand side by side in a batch, a row each: %j',
    (options: LoraOptions) => {
      const model = newPair(options);
      const ids = scope(() => cat([newIds(), newIds().narrow(0, 0, 1)], 0));
      const pass = () => scope(() => noGrad(() => model.forward(ids, { training: false }))).tolist() as number[][][];
      const mixed = withRowAdapters(model, ['two', undefined, 'one'], pass);
      setAdapter(model, 'one');
      const one = pass();
      setAdapter(model, 'two');
      const two = pass();
      const none = withoutAdapters(model, pass);
      for (const [row, expected] of [two[0]!, none[1]!, one[2]!].entries())
        expect(computeDistance(mixed[row]!.flat(), expected.flat())).toBeLessThan(2e-6);
      expect(pass()).toEqual(two);
      expect(() => withRowAdapters(model, ['one'], pass)).toThrow('expected 1 rows, one for each name');
      expect(() => withRowAdapters(model, ['three'], pass)).toThrow('"three"');
    },
  );

  test('change what a program computes that was recorded before', async () => {
    const model = newPair({ modulesToSave: ['norm'] });
    using pass = program((ids: ReturnType<typeof newIds>) => noGrad(() => model.forward(ids, { training: false })));
    const changes = [
      () => setAdapter(model, 'one'),
      () => setAdapter(model, []),
      () => setAdapter(model, 'two'),
      () => setAdapterScale(model, 'two', 0.25),
      () => mergeAdapters(model),
    ];
    for (const change of [() => undefined, ...changes]) {
      change();
      for (let i = 0; i < 2; i++) {
        const replayed = await pass.run(newIds());
        expect(replayed.data()).toEqual(logitsOf(model));
      }
    }
  });

  test('leave nothing of one in a text that another writes', async () => {
    const tokenizer = new ByteTokenizer();
    const model = newPair({}, { vocabSize: tokenizer.size, contextLength: 64 });
    const write = async (): Promise<string> => {
      let text = '';
      for await (const piece of generate(model, tokenizer, 'some words', { temperature: 0, maxTokens: 20 }))
        text += piece.text;
      return text;
    };
    const two = await write();
    setAdapter(model, 'one');
    const one = await write();
    expect(one).not.toBe(two);
    setAdapter(model, 'two');
    expect(await write()).toBe(two);
    // Other weights under the same name.
    perturb(model, 'two', 0.5);
    const changed = await write();
    const cold = newPair({}, { vocabSize: tokenizer.size, contextLength: 64 });
    perturb(cold, 'two', 0);
    noGrad(() => {
      const source = Object.values(getAdapterParameters(model, 'two'));
      Object.values(getAdapterParameters(cold, 'two')).forEach((value, i) => value.copy_(source[i]!));
    });
    const [left, right] = [changed, await writeWith(cold, tokenizer)];
    expect(left).toBe(right);
  });
});

async function writeWith(model: Gpt, tokenizer: ByteTokenizer): Promise<string> {
  let text = '';
  for await (const piece of generate(model, tokenizer, 'some words', { temperature: 0, maxTokens: 20 }))
    text += piece.text;
  return text;
}

/** One number in, one out: y = w·x with w = 0. */
class Scalar extends Module {
  readonly map = new Linear(1, 1, { bias: false, weight: parameter(tensor([[0]]), { kind: 'matrix' }) });
}

function newScalar(parts: Record<string, [a: number, b: number]>, options: LoraOptions = {}): Scalar {
  const model = new Scalar();
  for (const [name, [a, b]] of Object.entries(parts)) {
    addAdapter(model, { r: 1, loraAlpha: 1, loraDropout: 0, ...options }, { name });
    const [A, B] = Object.values(getAdapterParameters(model, name));
    noGrad(() => {
      A!.fill_(a);
      B!.fill_(b);
    });
  }
  return model;
}

const slopeOf = ({ map }: Scalar): number => noGrad(() => map.forward(tensor([[1]])).item());

describe('combining', () => {
  const parts = { one: [10, 0.1], two: [2, 0.2] } satisfies Record<string, [number, number]>;

  test('adds updates, not factors: 0.3 · 10 · 0.1 + 0.7 · 2 · 0.2 = 0.58', () => {
    const model = newScalar(parts);
    combineAdapters(model, { name: 'both', weights: { one: 0.3, two: 0.7 } });
    expect(slopeOf(model)).toBeCloseTo(0.58, 6);
    combineAdapters(model, { name: 'less', weights: { one: -1 } });
    expect(slopeOf(model)).toBeCloseTo(-1, 6);
  });

  test.each([{}, { useRslora: true }, { rankPattern: { up: 2 } }, { targetModules: ['up', 'embedding'] }])(
    'one adapter, weight 1, is that adapter: %j',
    (options: LoraOptions) => {
      const model = newPair(options);
      const two = logitsOf(model);
      combineAdapters(model, { name: 'same', weights: { two: 1 } });
      expect(computeDistance(logitsOf(model), two)).toBeLessThan(1e-6);
      combineAdapters(model, { name: 'sum', weights: { two: 0.5, one: 2, same: 0.5 } });
      const sum = logitsOf(model);
      setAdapterScale(model, 'one', 2);
      setAdapter(model, ['one', 'two']);
      expect(computeDistance(sum, logitsOf(model))).toBeLessThan(5e-5);
    },
  );

  test('refuses what has no such form', () => {
    const cases: [LoraOptions, RegExp][] = [
      [{ useDora: true }, /DoRA/],
      [{ bias: 'all' }, /tensors in the place/],
      [{ modulesToSave: ['head'] }, /tensors in the place/],
    ];
    for (const [options, message] of cases) {
      const model = newPair(options, { bias: true });
      expect(() => combineAdapters(model, { name: 'both', weights: { one: 1, two: 1 } })).toThrow(message);
      expect(listAdapters(model)).toHaveLength(2);
    }
    const model = newScalar(parts);
    expect(() => combineAdapters(model, { name: 'one', weights: { one: 1 } })).toThrow('a name that no adapter has');
    expect(() => combineAdapters(model, { name: 'x', weights: {} })).toThrow('at least one adapter');
    expect(() => combineAdapters(model, { name: 'x', weights: { one: Infinity } })).toThrow('weights.one');
    expect(() => combineAdapters(model, { name: 'x', weights: { three: 1 } })).toThrow('"three"');
  });
});
