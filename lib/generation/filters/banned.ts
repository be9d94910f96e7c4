import { expectCount, expectPositiveInteger, raise, show } from '../../core/index.js';
import { dims, tensor, where as choose } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { LogitFilter } from './filter.js';

/** Bans tokens. @throws ArgumentError for an id outside the vocabulary */
export function banned(ids: readonly number[], where = 'banned'): LogitFilter {
  for (const id of ids) expectCount(where, 'bannedTokens', id);
  return {
    onDevice: (logits) => logits.maskedFill(maskOf(logits, ids, where), -Infinity),
    onRow: (logits) => expectInside(ids, logits.length, where).forEach((id) => (logits[id] = -Infinity)),
  };
}

/** Bans the tokens that end a text until enough were generated. @throws ArgumentError for an id outside the vocabulary */
export function minTokens(least: number, ends: readonly number[], where = 'minTokens'): LogitFilter {
  expectPositiveInteger(where, 'minTokens', least);
  return {
    onDevice: (logits, { made }) => {
      const early = made.lt(least).unsqueeze(1); // B 1
      return choose(maskOf(logits, ends, where).logicalAnd(early), -Infinity, logits);
    },
    onRow: (logits, { made }) => {
      if (made < least) expectInside(ends, logits.length, where).forEach((id) => (logits[id] = -Infinity));
    },
  };
}

/** `[1, V]`, bool. */
function maskOf(logits: Tensor, ids: readonly number[], where: string): Tensor {
  const { V } = dims(logits, 'B V');
  const marks = new Uint8Array(V);
  for (const id of expectInside(ids, V, where)) marks[id] = 1;
  return tensor(marks, { shape: [1, V], dtype: 'bool', device: logits.device });
}

function expectInside(ids: readonly number[], V: number, where: string): readonly number[] {
  const outside = ids.find((id) => id >= V);
  if (outside === undefined) return ids;
  const fix = 'Use ids of the tokenizer that the model was trained with.';
  return raise('PAL_ARGUMENT', { where, expected: `token ids below ${V}`, received: show(outside), fix });
}
