/** An adapter from outside: LoRA on every linear map of a model, without a change in lib. */
import { describe, expect, test } from '@jest/globals';
import { Gpt, LstmLanguageModel, buildModel } from '../../lib/models/index.js';
import type { LanguageModel } from '../../lib/models/index.js';
import { Linear, Module, parameter } from '../../lib/nn/index.js';
import { buildOptimizer } from '../../lib/optim/index.js';
import { allclose, linear, manualSeed, noGrad, randint, randn, scope, zeros } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

/** y = Wx + b + B·A·x, where B starts at zero. */
class LoraLinear extends Module {
  a: Tensor;
  b: Tensor;

  constructor(
    readonly base: Linear,
    rank: number,
  ) {
    super();
    base.freeze();
    this.a = parameter(randn([rank, base.inFeatures]), { kind: 'vector' });
    this.b = parameter(zeros([base.outFeatures, rank]), { kind: 'vector' });
  }

  forward(x: Tensor): Tensor {
    return this.base.forward(x).add(linear(linear(x, this.a), this.b));
  }
}

/** Puts an adapter on every linear map but the head, and freezes all else. */
function adapt(model: LanguageModel, rank: number): string[] {
  model.freeze();
  const maps = [...model.namedModules()].filter(([path, module]) => module instanceof Linear && path !== 'head');
  for (const [path, map] of maps) model.replace(path, new LoraLinear(map as Linear, rank));
  return maps.map(([path]) => path);
}

const sizes = { vocabSize: 11, width: 8, layers: 2 } as const;
const models: [string, () => LanguageModel][] = [
  ['Gpt', () => new Gpt({ ...sizes, heads: 2, contextLength: 8 })],
  ['LSTM', () => new LstmLanguageModel({ ...sizes, embeddingDim: 8, tied: true, dropout: 0 })],
];

describe.each(models)('LoRA on %s', (_name, make) => {
  test('changes nothing at first, trains its factors alone, and is stored by path', () => {
    manualSeed(1);
    const model = make();
    const [inputs, targets] = [randint(0, 11, [4, 8]), randint(0, 11, [4, 8])];
    const before = noGrad(() => model.forward(inputs));
    const paths = adapt(model, 2);
    expect(paths.length).toBeGreaterThan(0);
    expect(
      allclose(
        noGrad(() => model.forward(inputs)),
        before,
      ),
    ).toBe(true);

    const names = Object.keys(model.namedParameters({ trainable: true })).sort();
    expect(names).toEqual(paths.flatMap((path) => [`${path}.a`, `${path}.b`]).sort());
    const frozen = Object.values(model.namedParameters({ trainable: false }));
    const bits = frozen.map((tensor) => tensor.bits());
    const optimizer = buildOptimizer({ type: 'adamw', learningRate: 0.05 }, model);
    const losses = Array.from({ length: 20 }, () =>
      scope(() => {
        model.zeroGrad();
        const { lossSum, count } = model.accumulateGradients(inputs, targets);
        optimizer.step();
        return lossSum.div(count).item();
      }),
    );
    expect(losses.at(-1)!).toBeLessThan(losses[0]!);
    expect(frozen.map((tensor) => tensor.bits())).toEqual(bits);
    expect(frozen.every(({ grad }) => grad === undefined)).toBe(true);
    expect(Object.keys(model.stateDict())).toContain(`${paths[0]!}.base.weight`);
    expect(Object.keys(optimizer.stateDict()).every((name) => /\.[ab]\.\w+$/.test(name))).toBe(true);
    optimizer.dispose();
  });
});

test('an optimizer that is given all parameters holds nothing for frozen ones', () => {
  const model = buildModel('gpt', { ...sizes, heads: 2, contextLength: 8 });
  adapt(model, 2);
  for (const type of ['adamw', 'sgd', 'muon', 'schedule-free'] as const) {
    const optimizer = buildOptimizer({ type }, model);
    expect(Object.keys(optimizer.stateDict()).filter((name) => /embedding|base/.test(name))).toEqual([]);
    optimizer.average?.applyShadow();
    optimizer.average?.restore();
    optimizer.dispose();
  }
});
