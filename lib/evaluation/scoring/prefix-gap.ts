import { setImmediate } from 'node:timers/promises';
import { checkOptions, expectPositiveInteger, raise, show } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { noGrad, scope, tensor } from '../../tensor/index.js';

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

/** How a text is read by prefixes. */
export interface PrefixGapOptions {
  /** The most tokens that are predicted (default 256, or the context length where that is less). */
  positions?: number;
  signal?: AbortSignal | undefined;
}

const optionKeys: OptionChecks<PrefixGapOptions> = { positions: true, signal: true };

/** The most positions that are predicted unless told. */
const POSITIONS = 256;

/**
 * Predicts the tokens of a text in one pass, and each again from its prefix alone. A model that sees the tokens it is to
 * predict does far better in one pass; one that does not, as well. Others have the thread between two passes.
 *
 * @param model - in evaluation
 * @param ids - of the text, at least 2
 * @param options - see {@link PrefixGapOptions}
 * @returns the perplexities and how far they are apart
 * @throws ArgumentError for fewer than 2 ids; PalabraError of code PAL_ABORTED when the signal fires
 * @example const { gap } = await measurePrefixGap(model, tokenizer.encode(text)); // above 0.02: the model sees its targets
 */
export async function measurePrefixGap(
  model: LanguageModel,
  ids: ArrayLike<number>,
  options: PrefixGapOptions = {},
): Promise<PrefixGap> {
  const { positions = POSITIONS, signal } = checkOptions('measurePrefixGap', options, optionKeys);
  expectPositiveInteger('measurePrefixGap', 'positions', positions);
  const length = Math.min(positions, model.config.contextLength ?? Infinity, ids.length - 1);
  if (length < 1)
    raise('PAL_ARGUMENT', { where: 'measurePrefixGap', expected: 'at least 2 ids', received: show(ids.length) });
  const read = Array.from(ids).slice(0, length + 1);
  const wanted = read.slice(1);
  const inOnePass = computeNats(model, read.slice(0, -1), wanted);
  const fromPrefixes: number[] = [];
  for (const [t, target] of wanted.entries()) {
    await setImmediate();
    if (signal?.aborted === true) throwAborted(signal);
    fromPrefixes.push(...computeNats(model, read.slice(0, t + 1), [target]));
  }
  const [onePass, byPrefix] = [computePerplexity(inOnePass), computePerplexity(fromPrefixes)];
  return { positions: length, onePass, byPrefix, gap: byPrefix / onePass - 1 };
}

/** Nats of the tokens that follow the last ones read, as many as are given. */
function computeNats(model: LanguageModel, read: readonly number[], targets: readonly number[]): number[] {
  return scope(() =>
    noGrad(() => {
      const ids = tensor([read], { dtype: 'int64', device: model.device }); // 1 T
      const logits = model.forward(ids, { training: false }); // 1 T V
      const last = logits
        .narrow(1, read.length - targets.length, targets.length)
        .to('float64')
        .logSoftmax(-1);
      const wanted = tensor([targets], { dtype: 'int64', device: model.device }).unsqueeze(-1); // 1 n 1
      return Array.from(last.gather(-1, wanted).neg().flatten().data() as Float64Array);
    }),
  );
}

function computePerplexity(nats: readonly number[]): number {
  return Math.exp(nats.reduce((sum, value) => sum + value, 0) / nats.length);
}

function throwAborted(signal: AbortSignal): never {
  const cause: unknown = signal.reason;
  const [expected, received] = ['to read every prefix', 'an abort'];
  raise('PAL_ABORTED', { where: 'measurePrefixGap', expected, received, cause });
}
