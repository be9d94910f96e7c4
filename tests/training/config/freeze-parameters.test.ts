import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { LstmLanguageModel } from '../../../lib/models/index.js';
import type { LanguageModel } from '../../../lib/models/index.js';
import { AdamW } from '../../../lib/optim/index.js';
import { manualSeed } from '../../../lib/tensor/index.js';
import { Trainer } from '../../../lib/training/index.js';
import type { TrainerOptions } from '../../../lib/training/index.js';
import { freedAfterEach } from '../../helpers/freed.js';
import { VOCABULARY, bitsOf, hold, newModel, trained, windowData } from '../fixtures.js';

freedAfterEach();

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'palabra-freeze-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newLstm = (): LstmLanguageModel => {
  manualSeed(1);
  return hold(new LstmLanguageModel({ vocabSize: VOCABULARY, embeddingDim: 8, width: 8, dropout: 0.1 }));
};

const bits = (model: LanguageModel) =>
  Object.fromEntries(Object.entries(model.stateDict()).map(([name, tensor]) => [name, [...tensor.bits()]]));

const ways: [string, () => LanguageModel, string[], Partial<TrainerOptions>][] = [
  ['gpt', newModel, ['embedding', 'blocks.0.*'], {}],
  ['gpt, checkpointing', newModel, ['embedding', 'blocks.0'], { checkpointing: true }],
  ['gpt, eager, bfloat16', newModel, ['*Norm', 'blocks.1.mlp'], { mode: 'eager', precision: 'bfloat16' }],
  ['gpt, an average', newModel, ['embedding'], { ema: { decay: 0.9 } }],
  ['gpt, all but the last norm', newModel, ['embedding', 'blocks'], { optimizer: { type: 'schedule-free' } }],
  ['lstm', newLstm, ['embedding', 'head.bias'], { optimizer: { type: 'adamw' } }],
  ['lstm, all but the head', newLstm, ['embedding', 'lstm'], { optimizer: { type: 'sgd' } }],
];

describe('frozen parameters', () => {
  test.each(ways)('%s: neither change nor have a gradient or a state', async (_, create, freeze, options) => {
    const model = create();
    const before = bits(model);
    const { trainer } = await trained({ model, freeze, steps: 3, restoreBest: false, ...options });
    const frozen = Object.keys(model.namedParameters({ trainable: false }));
    expect(frozen.length).toBeGreaterThan(0);
    const state = Object.keys(trainer.optimizer.stateDict());
    for (const [name, values] of Object.entries(bits(model))) {
      const still = frozen.includes(name);
      expect([name, values.every((value, i) => value === before[name]![i])]).toEqual([name, still]);
      expect([name, state.some((key) => key.startsWith(`${name}.`))]).toEqual([name, !still]);
      if (still) expect(model.namedParameters()[name]!.grad).toBeUndefined();
    }
  });

  test('a run with frozen weights and rates of its own is resumed to the same bits', async () => {
    const options = {
      batchSize: 4,
      freeze: ['embedding', 'blocks.0.*'],
      parameterGroups: [{ match: '*Norm', learningRateScale: 0.1 }],
      evaluateEvery: 2,
    };
    const whole = await trained({ ...options, steps: 6, runDirectory: join(folder, 'whole') });
    const runDirectory = join(folder, 'cut');
    const first = hold(new Trainer({ ...options, model: newModel(), data: windowData(), steps: 6, runDirectory }));
    for await (const { index } of first.steps()) if (index === 3) break;
    const second = hold(await Trainer.resume(runDirectory, { data: windowData() }));
    await second.run();
    expect(second.config).toMatchObject({ freeze: options.freeze, parameterGroups: options.parameterGroups });
    expect(bitsOf(second)).toEqual(bitsOf(whole.trainer));
  });

  test('an optimizer that a function makes finds them frozen', async () => {
    const optimizer = (model: LanguageModel) => new AdamW([{ parameters: model.namedParameters() }]);
    const { trainer } = await trained({ freeze: ['embedding'], optimizer, steps: 2 });
    expect(Object.keys(trainer.optimizer.stateDict()).filter((name) => name.startsWith('embedding'))).toEqual([]);
  });

  test('what names nothing, leaves nothing or comes too late is an error, and the model is as it was', () => {
    const model = newModel();
    const build = (options: Partial<TrainerOptions>) => () =>
      new Trainer({ model, data: windowData(), steps: 2, ...options });
    expect(build({ freeze: ['embeding'] })).toThrow(/\[PAL_CONFIG\] Trainer: .*"embeding".*Did you mean "embedding"\?/);
    expect(build({ freeze: ['*'] })).toThrow(/expected a parameter to train/);
    expect(build({ freeze: ['norm'], parameterGroups: [{ match: 'norm' }] })).toThrow(/"norm", which names none/);
    const optimizer = new AdamW([{ parameters: model.namedParameters() }]);
    expect(build({ freeze: ['norm'], optimizer })).toThrow(/freeze with an optimizer that the trainer makes/);
    expect(build({ parameterGroups: [{ match: 'norm' }], optimizer })).toThrow(/Give the optimizer its groups/);
    expect(Object.keys(model.namedParameters({ trainable: false }))).toEqual([]);
  });
});
