import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Gpt } from '../../lib/models/index.js';
import { buildOptimizer } from '../../lib/optim/index.js';
import type { OptimizerConfigOptions, ParameterGroupConfig } from '../../lib/optim/index.js';
import { manualSeed, noGrad, randn } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

const kinds: OptimizerConfigOptions['type'][] = ['adamw', 'sgd', 'muon', 'schedule-free'];

describe('rates and decays of parameters by name', () => {
  let model: Gpt;
  beforeAll(() => {
    manualSeed(3);
    model = new Gpt({ vocabSize: 7, contextLength: 4, width: 8, layers: 2, heads: 2 });
  });
  afterAll(() => model.dispose());

  const entries: ParameterGroupConfig[] = [
    { match: ['blocks.0.*Norm', 'norm'], learningRateScale: 0.1, weightDecay: 0.5 },
    { match: 'blocks.0', learningRateScale: 0.25 },
    { match: 'embedding', learningRateScale: 0 },
  ];

  /** The rate and the decay of each parameter. */
  const listRates = (type: OptimizerConfigOptions['type'], rules?: ParameterGroupConfig[]) => {
    const { groups } = buildOptimizer({ type, learningRate: 1, weightDecay: 0.2 }, model, rules);
    const pairs = groups.flatMap(({ parameters, learningRate, weightDecay }) =>
      Object.keys(parameters).map((name) => [name, [learningRate.item<number>(), weightDecay]] as const),
    );
    return Object.fromEntries(pairs);
  };

  test.each(kinds)('%s: the first entry that names a parameter counts, all else stays', (type) => {
    const [plain, ruled] = [listRates(type), listRates(type, entries)];
    expect(Object.keys(ruled).sort()).toEqual(Object.keys(model.namedParameters()).sort());
    for (const [name, [rate, decay]] of Object.entries(plain)) {
      const expected = /^(norm|blocks\.0\..*Norm)\./.test(name)
        ? [rate * 0.1, 0.5]
        : [rate * (name.startsWith('blocks.0.') ? 0.25 : name.startsWith('embedding') ? 0 : 1), decay];
      expect([name, ruled[name]]).toEqual([name, expected]);
    }
  });

  test.each(kinds)('%s: an update is as much smaller as the rate', (type) => {
    const measure = (rules: ParameterGroupConfig[]) => {
      const copy = new Gpt(model.config);
      copy.loadStateDict(model.stateDict());
      const optimizer = buildOptimizer({ type, learningRate: 0.01, weightDecay: 0 }, copy, rules);
      const { query } = copy.blocks[1]!.attention as unknown as { query: { weight: ReturnType<typeof randn> } };
      manualSeed(5);
      for (const tensor of copy.parameters()) tensor.grad = randn(tensor.shape);
      const before = query.weight.detach().clone();
      optimizer.step();
      return noGrad(() => query.weight.sub(before).norm().item<number>());
    };
    const whole = measure([]);
    expect(measure([{ match: '*.query', learningRateScale: 0.5 }]) / whole).toBeCloseTo(0.5, 3);
  });

  test('what acts on nothing is an error', () => {
    const build = (rules: object[]) => () => buildOptimizer({ type: 'adamw' }, model, rules as ParameterGroupConfig[]);
    expect(build([{ match: 'blocks.9' }])).toThrow(/\[PAL_CONFIG\].*parameterGroups\[0\]\.match.*"blocks\.9".*Known:/s);
    expect(build([{ match: 'blocks' }, { match: 'blocks.0' }])).toThrow(/parameterGroups\[1\].*named before/);
    expect(build([{ match: 'blocks', learningrate: 1 }])).toThrow(/parameterGroups\[0\].*learningrate: unknown key/s);
    model.embedding.freeze();
    expect(build([{ match: 'embedding', learningRateScale: 2 }])).toThrow(/"embedding", which names none/);
    model.embedding.unfreeze();
  });
});
