import { Gpt, findArchitecture, gptPresets } from '../../lib/models/index.js';
import type { GptOptions } from '../../lib/models/index.js';
import type { Module } from '../../lib/nn/index.js';
import { manualSeed, noGrad, randint, randn, scope } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { getAdapterParameters } from '../../lib/adapters/index.js';

/** The names of LLaMA's modules, GPT-2's and those of their kin. */
export const layouts = findArchitecture('test', 'gpt').huggingFace;

/** A LLaMA in small, grouped heads, its head apart. */
export function newLlama(options: Partial<GptOptions> = {}): Gpt {
  manualSeed(4);
  return new Gpt({
    ...{ vocabSize: 29, contextLength: 16, width: 24, layers: 2, heads: 4, kvHeads: 2, initStd: 0.3 },
    ...{ ...gptPresets.llama, tied: false, ...options },
  });
}

/** Ids of two texts, the same at each call. */
export function newIds(length = 7, vocabSize = 29): Tensor {
  manualSeed(9);
  return randint(0, vocabSize, [2, length], { dtype: 'int64' });
}

/** The logits of a model that is not trained. */
export function logitsOf(model: Gpt, ids = newIds()): Float32Array {
  return scope(() => noGrad(() => model.forward(ids, { training: false })).to('float32').contiguous().data()) as Float32Array; // prettier-ignore
}

/** Gives an adapter values as if it had been trained. */
export function perturb(model: Module, name = 'default', std = 0.2): void {
  noGrad(() => {
    scope(() => {
      for (const tensor of Object.values(getAdapterParameters(model, name))) tensor.add_(randn(tensor.shape).mul(std));
    });
  });
}

/** The largest difference of two lists of numbers, over the largest of the second. */
export function computeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const numbers = Array.from(b);
  if (a.length !== b.length) throw new RangeError(`${a.length} numbers beside ${b.length}`);
  return Math.max(...numbers.map((value, i) => Math.abs(value - a[i]!))) / Math.max(...numbers.map(Math.abs));
}
