import { expect, describe, test } from '@jest/globals';
import { Gpt } from '../../lib/models/index.js';
import { AdamW, GradientNoise, Muon, Optimizer, SGD, ScheduleFreeAdamW } from '../../lib/optim/index.js';
import type { ParameterEntry, ResolvedGroup, UpdateApplication } from '../../lib/optim/index.js';
import { TrainStep } from '../../lib/step/index.js';
import { manualSeed, noGrad, scope, zerosLike } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { Trainer } from '../../lib/training/index.js';
import type { Callback } from '../../lib/training/index.js';
import { batchOfRows } from '../helpers/batches.js';
import { freedAfterEach } from '../helpers/freed.js';
import { FaultyModel, windowData } from '../training/fixtures.js';

freedAfterEach();

const batch = batchOfRows([[1, 2, 3, 4]], [[2, 3, 4, 5]]);
const groups = (model: Gpt) => [{ parameters: model.namedParameters() }];

/** Momentum that has never heard of `skip`. */
class Careless extends Optimizer {
  protected newState(parameter: Tensor): Record<string, Tensor> {
    return { momentum: zerosLike(parameter) };
  }

  protected prepareUpdate({ learningRate }: ResolvedGroup, entries: ParameterEntry[]): UpdateApplication {
    return () => {
      for (const { parameter, gradient, state } of entries)
        parameter.sub_(state.momentum!.mul_(0.9).add_(gradient).mul(learningRate));
    };
  }
}

/** A class that looks at `skip`, and one of it that doesn't. */
class CarelessSgd extends SGD {
  protected override prepareUpdate({ learningRate }: ResolvedGroup, entries: ParameterEntry[]): UpdateApplication {
    return () => {
      for (const { parameter, gradient } of entries) parameter.sub_(gradient.mul(learningRate));
    };
  }
}

/** Updates by a `step` of its own. */
class OwnStep extends AdamW {
  override step(): void {
    super.step();
  }
}

const optimizers: Record<string, (model: Gpt) => Optimizer> = {
  AdamW: (model) => new AdamW(groups(model), { learningRate: 0.1 }),
  SGD: (model) => new SGD(groups(model), { learningRate: 0.1, momentum: 0.9 }),
  Muon: (model) => new Muon(groups(model), { learningRate: 0.1 }),
  ScheduleFreeAdamW: (model) => new ScheduleFreeAdamW(groups(model), { learningRate: 0.1 }),
  'one that ignores skip': (model) => new Careless(groups(model), { learningRate: 0.1, weightDecay: 0 }),
  'a subclass that ignores skip': (model) => new CarelessSgd(groups(model), { learningRate: 0.1, momentum: 0.9 }),
  'a subclass with a step of its own': (model) => new OwnStep(groups(model), { learningRate: 0.1 }),
};

describe.each(['program', 'eager'] as const)('%s: a loss that is not finite changes nothing', (mode) => {
  test.each(Object.keys(optimizers))('%s', async (name) => {
    manualSeed(1);
    const model = new Gpt({ vocabSize: 7, contextLength: 8, width: 8, layers: 1, heads: 2 });
    const optimizer = optimizers[name]!(model);
    const bits = () =>
      Object.entries({ ...model.stateDict(), ...optimizer.stateDict() }).map(([key, value]) => [
        key,
        [...value.bits()],
      ]);
    using step = new TrainStep({ model, optimizer, mode, nonFinite: 'report' });
    const start = bits();
    await step.run(batch);
    const before = bits();
    expect(before).not.toEqual(start);
    const weight = model.parameters()[0]!;
    const kept = scope(() => weight.detach().clone()).keep();
    noGrad(() => void weight.fill_(3e38));
    const broken = bits();
    await expect(step.run(batch)).resolves.toMatchObject({ finite: false });
    expect(bits()).toEqual(broken);
    noGrad(() => void weight.copy_(kept));
    expect(bits()).toEqual(before);
    await expect(step.run(batch)).resolves.toMatchObject({ finite: true });
    expect(bits()).not.toEqual(before);
  });
});

test('only classes that have said so are trusted', () => {
  const model = new Gpt({ vocabSize: 7, contextLength: 8, width: 8, layers: 1, heads: 2 });
  const trusted = Object.entries(optimizers).filter(([, make]) => make(model).honoursSkip);
  expect(trusted.map(([name]) => name)).toEqual(['AdamW', 'SGD', 'Muon', 'ScheduleFreeAdamW']);
});

describe('the noise on gradients falls with the updates that are made', () => {
  test('one that is left out does not count', async () => {
    const model = FaultyModel.make();
    const counts: number[] = [];
    const skipped: boolean[] = [];
    const overflow: Callback = {
      name: 'overflow',
      onStepStart: (index) => void (model.factor = index === 2 || index === 3 ? Infinity : 1),
      onStep: (step) => void skipped.push(step.skipped),
      onCheckpoint: () => undefined,
    };
    const options = {
      model,
      data: windowData(),
      batchSize: 4,
      steps: 5,
      gradientNoise: {},
      precision: 'float16',
    } as const;
    const trainer = new Trainer({ ...options, callbacks: [overflow] });
    const { callbacks } = (trainer as unknown as { session: { context: { callbacks: CallbackStates } } }).session
      .context;
    for await (const _ of trainer.steps()) counts.push(callbacks.save()['gradient-noise']!.tensors.updates!.item());
    expect(skipped).toEqual([false, true, true, false, false]);
    expect(counts).toEqual([1, 1, 1, 2, 3]);
  });

  test('alone it counts every call', () => {
    const noise = new GradientNoise();
    const count = () => noise.stateDict().updates!.item();
    noise.apply([]);
    noise.add([]);
    expect(count()).toBe(1);
    noise.advance();
    expect(count()).toBe(2);
  });
});

interface CallbackStates {
  save(): Record<string, { tensors: Record<string, Tensor> }>;
}
