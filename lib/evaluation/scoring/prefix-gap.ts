import { expectPositiveInteger, raise, show } from '../../core/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { noGrad, scope, tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';

/** The perplexity of the same tokens, computed in two ways that agree for a model that sees no later token. */
export interface PrefixGap {
  /** Tokens that were predicted. */
  positions: number;
  /** In one pass over all of them. */
  onePass: number;
  /** Each by a pass over the tokens before it alone. */
  byPrefix: number;
  /** By how much the second is higher, as a share of the first. */
  gap: number;
}

/** The most positions that are predicted unless told. */
const POSITIONS = 256;

/**
 * Predicts the tokens of a text in one pass, and each again from its prefix alone. A model that sees the tokens it is to
 * predict does far better in one pass; one that does not, as well.
 *
 * @param model - in evaluation
 * @param ids - of the text, at least 2
 * @param positions - the most that are predicted (default 256, or the context length where that is less)
 * @returns the perplexities and how far they are apart
 * @throws ArgumentError for fewer than 2 ids
 * @example const { gap } = measurePrefixGap(model, tokenizer.encode(text)); // above 0.02: the model sees its targets
 */
export function measurePrefixGap(model: LanguageModel, ids: ArrayLike<number>, positions = POSITIONS): PrefixGap {
  expectPositiveInteger('measurePrefixGap', 'positions', positions);
  const length = Math.min(positions, model.config.contextLength ?? Infinity, ids.length - 1);
  if (length < 1)
    raise('PAL_ARGUMENT', { where: 'measurePrefixGap', expected: 'at least 2 ids', received: show(ids.length) });
  return scope(() => {
    const read = tensor(Int32Array.from(Array.from(ids).slice(0, length)), { dtype: 'int64', device: model.device });
    const forward = (end: number): Tensor =>
      noGrad(() => model.forward(read.narrow(0, 0, end).unsqueeze(0), { training: false }));
    const whole = forward(length);
    const measure = (find: (position: number) => Tensor): number =>
      Math.exp(averageNats(Array.from({ length }, (_, t) => scope(() => computeNats(find(t), ids[t + 1]!)))));
    const onePass = measure((t) => whole.select(1, t));
    const byPrefix = measure((t) => forward(t + 1).select(1, t));
    return { positions: length, onePass, byPrefix, gap: byPrefix / onePass - 1 };
  });
}

/** Nats of a token by logits `[1, V]`. */
function computeNats(logits: Tensor, id: number): number {
  return -logits.to('float64').logSoftmax(-1).select(1, id).item();
}

function averageNats(nats: readonly number[]): number {
  return nats.reduce((sum, value) => sum + value, 0) / nats.length;
}
