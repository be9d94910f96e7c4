import { describe, expect, test } from '@jest/globals';
import { CallbackList } from '../../../lib/training/callbacks/callback-list.js';

const list = (callback: object): CallbackList => new CallbackList([{ name: 'mine', ...callback }]);

describe('callbacks', () => {
  test.each([
    ['onStpe', 'onStep'],
    ['onEvaluaton', 'onEvaluation'],
    ['withWeigths', 'withWeights'],
    ['sav', 'save'],
    ['laod', 'load'],
  ])('a hook that is misspelt is refused: %s', (wrong, meant) => {
    expect(() => list({ [wrong]: () => undefined })).toThrow(`received ${wrong} in mine. Did you mean "${meant}"?`);
  });

  test('a hook of another library is refused with those there are', () => {
    expect(() => list({ onBatchEnd: () => undefined })).toThrow('Known: onStart, onStepStart');
  });

  test('methods of a class count, those of its base too; other names are its own', () => {
    class Base {
      readonly name = 'mine';
      onEpochEnd(): number {
        return 0;
      }
    }
    class Mine extends Base {
      measure(): number {
        return 1;
      }
      loaded(): number {
        return 2;
      }
    }
    expect(() => new CallbackList([new Mine()])).toThrow('received onEpochEnd in mine');
    expect(list({ measure: () => undefined, loaded: () => undefined, onStep: () => undefined }).names).toEqual([
      'mine',
    ]);
  });
});
