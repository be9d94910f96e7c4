import { raise } from '../core/index.js';
import type { LanguageModel } from '../models/interface/index.js';
import { memory, scope, withFakeTensors } from '../tensor/index.js';
import { preserveContents } from './preserve-contents.js';

/**
 * Runs `fn`, which passes through a model, without computing. The model is afterwards what it was, also where a pass
 * keeps tensors for the next one; gradients are cleared.
 * @param fn - returns no tensor
 * @throws PalabraError where the model looks at values
 */
export function passWithoutValues<T>(model: LanguageModel, fn: () => T): T {
  try {
    using _preserved = preserveContents(model);
    return withFakeTensors(() => scope(fn));
  } finally {
    model.zeroGrad();
  }
}

/**
 * Requires that a pass without values has left no tensor behind.
 * @param liveSlots - the live tensors before it
 * @throws PalabraError of code PAL_UNSUPPORTED for a model that keeps some where {@link passWithoutValues} finds none
 */
export function expectNothingKept(model: LanguageModel, liveSlots: number): void {
  if (memory.stats().liveSlots <= liveSlots) return;
  raise('PAL_UNSUPPORTED', {
    where: 'summarize',
    expected: 'a model that keeps tensors of a pass in properties, arrays, maps and sets, if at all',
    received: `${model.constructor.name}, which keeps some elsewhere`,
    fix: 'They have no values now: build the model anew, or keep them where they are found, as by buffer().',
  });
}
