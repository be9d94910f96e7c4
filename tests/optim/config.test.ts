import { afterAll, describe, expect, test } from '@jest/globals';
import { LstmLanguageModel } from '../../lib/models/index.js';
import { AdamW, Muon, SGD, ScheduleFreeAdamW, buildOptimizer } from '../../lib/optim/index.js';
import type { OptimizerConfigOptions } from '../../lib/optim/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

describe('buildOptimizer', () => {
  const model = new LstmLanguageModel({ vocabSize: 7, width: 6, embeddingDim: 4 });
  afterAll(() => model.dispose());
  const sizes = (config: OptimizerConfigOptions) =>
    buildOptimizer(config, model).groups.map((group) => Object.keys(group.parameters).length);

  test('builds each kind with its settings', () => {
    const adamw = buildOptimizer({ type: 'adamw', learningRate: 0.2, betas: [0.8, 0.95], eps: 1e-6 }, model);
    expect(adamw).toBeInstanceOf(AdamW);
    expect(adamw).toMatchObject({ learningRate: 0.2, betas: [0.8, 0.95], eps: 1e-6 });
    const sgd = buildOptimizer({ type: 'sgd', momentum: 0.5, nesterov: true }, model);
    expect(sgd).toBeInstanceOf(SGD);
    expect(sgd).toMatchObject({ learningRate: 0.1, momentum: 0.5, nesterov: true });
    const muon = buildOptimizer({ type: 'muon', scale: 'original', precision: 'bfloat16', iterations: 3 }, model);
    expect(muon).toBeInstanceOf(Muon);
    expect(muon).toMatchObject({ scale: 'original', precision: 'bfloat16', iterations: 3, momentum: 0.95 });
    expect(buildOptimizer({ type: 'schedule-free' }, model)).toBeInstanceOf(ScheduleFreeAdamW);
  });

  test('only matrices and tables decay', () => {
    for (const type of ['adamw', 'sgd', 'schedule-free'] as const) {
      const { groups } = buildOptimizer({ type, weightDecay: 0.3 }, model);
      expect(groups.map((group) => group.weightDecay)).toEqual([0.3, 0]);
    }
    expect(sizes({ type: 'adamw' })).toEqual([6, 5]);
    expect(sizes({ type: 'muon' })).toEqual([4, 2, 5]);
  });

  test('AdamW by configuration is that of language models, the class that of PyTorch', () => {
    const [built, bare] = [
      buildOptimizer({ type: 'adamw' }, model),
      new AdamW([{ parameters: model.namedParameters() }]),
    ] as [AdamW, AdamW];
    expect([built.betas, built.groups[0]!.weightDecay]).toEqual([[0.9, 0.95], 0.1]);
    expect([bare.betas, bare.groups[0]!.weightDecay]).toEqual([[0.9, 0.999], 0.01]);
  });

  test('names what does not fit', () => {
    const build = (config: object) => () => buildOptimizer(config as OptimizerConfigOptions, model);
    expect(build({ type: 'adam' })).toThrow(/\[PAL_CONFIG\].*type: expected one of "adamw".*"adamw"\?/s);
    expect(build({ type: 'sgd', betas: [0.9, 0.9] })).toThrow(/betas: unknown key/);
    expect(build({ type: 'adamw', betas: [0.9, 1] })).toThrow(/betas\[1\]: expected a number below 1/);
  });
});
