import { describe, expect, test } from '@jest/globals';
import { parseConfig } from '../../../lib/core/index.js';
import { countEpochs, chooseDefaults, trainerConfigSchema, trainerPresets } from '../../../lib/training/index.js';
import { trained, windowData } from '../fixtures.js';
import { freedAfterEach } from '../../helpers/freed.js';

freedAfterEach();

describe('chooseDefaults', () => {
  test('small data, seen again and again, is for the multi-epoch recipe', () => {
    expect(chooseDefaults(0.5)).toEqual({ name: 'single-epoch', dropout: 0, weightDecay: 0.1 });
    expect(chooseDefaults(4).name).toBe('single-epoch');
    expect(chooseDefaults(10)).toEqual({ name: 'multi-epoch', dropout: 0.2, weightDecay: 0.3 });
  });

  test('tokens trained over tokens at hand, whatever bounds the run', () => {
    const data = { size: 40, targetCount: 320 };
    expect(countEpochs({ steps: 30 }, data, 4)).toBe(3);
    expect(countEpochs({ tokens: 160 }, data, 4)).toBe(0.5);
    expect(countEpochs({ steps: 30, epochs: 2 }, data, 4)).toBe(2);
    expect(countEpochs({ minutes: 1 }, data, 4)).toBe(1000);
  });

  test('the trainer takes the weight decay of its epochs, unless an optimizer is named', async () => {
    const decay = async (options: object) => {
      const { trainer } = await trained({ data: { train: windowData().train }, ...options });
      return trainer.config.optimizer?.weightDecay;
    };
    expect(await decay({ epochs: 1 })).toBe(0.1);
    expect(await decay({ epochs: 5 })).toBe(0.3);
    expect(await decay({ epochs: 5, optimizer: { type: 'sgd' } })).toBe(0);
  });
});

test.each(Object.entries(trainerPresets))('the preset %s fits the schema', (_, preset) => {
  expect(parseConfig('preset', trainerConfigSchema, preset)).toMatchObject(preset);
});
