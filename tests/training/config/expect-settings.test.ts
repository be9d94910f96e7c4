import { describe, expect, test } from '@jest/globals';
import { AdamW } from '../../../lib/optim/index.js';
import { TrainStep } from '../../../lib/step/index.js';
import { EarlyStopping, Trainer } from '../../../lib/training/index.js';
import type { TrainerOptions } from '../../../lib/training/index.js';
import { newModel, trained, windowData } from '../fixtures.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

const refused = (options: Partial<TrainerOptions>) => () =>
  new Trainer({ model: newModel(), data: windowData(), steps: 1, ...options });

describe('what can not act is refused', () => {
  const data = { train: windowData().train };

  test.each([
    ['early stopping', { earlyStopping: {} }, /earlyStopping/],
    ['early stopping as a callback', { callbacks: [new EarlyStopping()] }, /earlyStopping/],
    ['a schedule that waits for evaluations', { schedule: { type: 'plateau' } }, /the plateau schedule/],
    ['a best metric', { bestMetric: 'loss' }, /bestMetric/],
    ['the best weights', { restoreBest: true }, /restoreBest/],
    ['evaluations at named steps', { evaluateAt: Array.of(1) }, /evaluateAt/],
  ] as const)('%s without validation data', (_, options, message) => {
    expect(refused({ ...options, data })).toThrow(message);
    expect(refused({ ...options, data })).toThrow(/\[PAL_CONFIG\].*a validation split for .* received none/);
    expect(refused(options)).not.toThrow();
  });

  test('a moving average of weights that an optimizer averages already', () => {
    const options = { optimizer: { type: 'schedule-free' }, ema: {} } as const;
    expect(refused(options)).toThrow(/\[PAL_CONFIG\].*ema.*ScheduleFreeAdamW.*Leave out ema/);
  });
});

describe('an optimizer is one of the model', () => {
  test('every trainable parameter is in a group, or named as left out', async () => {
    const model = newModel();
    const { 'head.weight': _head, ...others } = model.namedParameters();
    const [[name]] = Object.entries(model.namedParameters()) as [[string, unknown]];
    const { [name]: first, ...rest } = others;
    const optimizer = new AdamW([{ parameters: rest }]);
    expect(refused({ model, optimizer })).toThrow(new RegExp(`\\[PAL_ARGUMENT\\] Trainer: .*${name}.* in no group`));
    expect(() => new TrainStep({ model, optimizer })).toThrow(/\[PAL_ARGUMENT\] TrainStep/);
    expect(refused({ model, optimizer, leftOut: ['no.such'] })).toThrow(/leftOut.*no\.such/);
    const leftOut = Object.keys(model.namedParameters()).filter((key) => !(key in rest));
    const before = [...first!.bits()];
    const { steps } = await trained({ model, optimizer, leftOut, steps: 2 });
    expect(steps).toHaveLength(2);
    expect([...first!.bits()]).toEqual(before);
    optimizer.dispose();
  });

  test('frozen parameters need no group; those of another model have none here', () => {
    const [model, other] = [newModel(), newModel()];
    const optimizer = new AdamW([{ parameters: other.namedParameters() }]);
    expect(refused({ model, optimizer })).toThrow(/\[PAL_ARGUMENT\].*in no group/);
    const both = new AdamW([{ parameters: { ...model.namedParameters() } }, { parameters: prefixed(other) }]);
    expect(refused({ model, optimizer: both })).toThrow(/\[PAL_ARGUMENT\].*parameters of another model/);
    for (const parameter of model.parameters().slice(1)) parameter.requiresGrad = false;
    const [entry] = Object.entries(model.namedParameters());
    const fitting = new AdamW([{ parameters: Object.fromEntries([entry!]) }]);
    expect(refused({ model, optimizer: fitting })).not.toThrow();
    for (const each of [optimizer, both, fitting]) each.dispose();
  });
});

function prefixed(model: ReturnType<typeof newModel>): ReturnType<typeof model.namedParameters> {
  return Object.fromEntries(Object.entries(model.namedParameters()).map(([name, tensor]) => [`other.${name}`, tensor]));
}
