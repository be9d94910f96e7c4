import { expectCount, expectPositiveInteger, raise, show } from '../../../core/index.js';
import { dims, tensor, where as choose } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import type { LogitFilter } from './filter.js';

/**
 * Bans tokens, such as those that are no text.
 * @param ids - of the tokens, from 0 to V − 1
 * @param where - named in the error (default `suppressTokens`)
 * @returns the filter, which refuses an id outside the vocabulary when it is applied
 * @throws ArgumentError for an id that is no whole number of at least 0
 */
export function suppressTokens(ids: readonly number[], where = 'suppressTokens'): LogitFilter {
  for (const id of ids) expectCount(where, 'suppressTokens', id);
  return {
    onDevice: (logits) => logits.maskedFill(createMask(logits, ids, where), -Infinity),
    onRow: (logits) => expectInVocabulary(ids, logits.length, where).forEach((id) => (logits[id] = -Infinity)),
  };
}

/**
 * Bans the tokens that end a text until enough were generated.
 * @param least - tokens before one that ends the text, a positive integer
 * @param ends - ids of those tokens, from 0 to V − 1
 * @param where - named in the error (default `minTokens`)
 * @returns the filter, which refuses an id outside the vocabulary when it is applied
 * @throws ArgumentError unless `least` is a positive integer
 */
export function minTokens(least: number, ends: readonly number[], where = 'minTokens'): LogitFilter {
  expectPositiveInteger(where, 'minTokens', least);
  return {
    onDevice: (logits, { generatedCount }) => {
      const early = generatedCount.lt(least).unsqueeze(1); // B 1
      return choose(createMask(logits, ends, where).logicalAnd(early), -Infinity, logits);
    },
    onRow: (logits, { generatedCount }) => {
      if (generatedCount < least)
        expectInVocabulary(ends, logits.length, where).forEach((id) => (logits[id] = -Infinity));
    },
  };
}

/** `[1, V]`, bool. */
function createMask(logits: Tensor, ids: readonly number[], where: string): Tensor {
  const { V } = dims(logits, 'B V');
  const marks = new Uint8Array(V);
  for (const id of expectInVocabulary(ids, V, where)) marks[id] = 1;
  return tensor(marks, { shape: [1, V], dtype: 'bool', device: logits.device });
}

function expectInVocabulary(ids: readonly number[], V: number, where: string): readonly number[] {
  const outside = ids.find((id) => id >= V);
  if (outside === undefined) return ids;
  const fix = 'Use ids of the tokenizer that the model was trained with.';
  return raise('PAL_ARGUMENT', { where, expected: `token ids below ${V}`, received: show(outside), fix });
}
