import { formatInteger } from '../../../core/index.js';
import type { Finding } from '../diagnosis.js';
import type { RunRecord } from '../record.js';
import { formatPercent, formatShort } from '../short.js';

/** Perplexities that no model of this kind of token reaches on text it has not seen. */
const impossible: Readonly<Record<string, number>> = { word: 20, char: 1.5, byte: 1.5 };
/** The share of windows in both splits that chance explains. */
const SHARED = 1e-3;

/**
 * Signs that the validation split is in the training split, or in the model's sight.
 * @param record - evaluations, the type of the tokenizer and the share of common windows are read
 * @returns an error of code LEAK; undefined where there is no such sign
 */
export function findLeak({
  history: { evaluations },
  facts: { tokenizer = '', sharedWindows = 0 },
}: RunRecord): Finding | undefined {
  const last = evaluations.at(-1);
  const perplexity = last === undefined ? Infinity : Math.exp(Math.min(...evaluations.map(({ loss }) => loss)));
  const bound = impossible[tokenizer] ?? 0;
  const reasons = [
    ...(perplexity < bound
      ? [`perplexity ${formatShort(perplexity)} is below ${bound}, out of reach with ${tokenizer} tokens`]
      : []),
    ...(last?.trainLoss !== undefined && last.loss < 0.5 * last.trainLoss
      ? ['the validation loss is under half the training loss']
      : []),
    ...(sharedWindows > SHARED ? [`${formatPercent(sharedWindows)} of the windows are in both splits`] : []),
  ];
  if (reasons.length === 0) return undefined;
  return {
    code: 'LEAK',
    severity: 'error',
    message: `The validation text seems to be known: ${reasons.join('; ')}.`,
    evidence: { perplexity, bound, sharedWindows, trainLoss: last?.trainLoss ?? NaN, loss: last?.loss ?? NaN },
    advice: 'Split by documents before windows are cut, remove duplicates across splits, and run verify(model).',
  };
}

/**
 * A vocabulary that misses more than 5 % of the text.
 * @param record - the share of unknown tokens is read
 * @returns a warning of code VOCAB_OOV; undefined else, or where the share is unknown
 */
export function findUnknownWords({ facts: { unknownRate = 0, vocabSize } }: RunRecord): Finding | undefined {
  if (unknownRate <= 0.05) return undefined;
  return {
    code: 'VOCAB_OOV',
    severity: 'warning',
    message: `${formatPercent(unknownRate)} of the tokens are unknown to the vocabulary.`,
    evidence: { unknownRate, vocabSize: vocabSize ?? 'unknown' },
    advice: 'Use a larger vocabulary, lowercase the text, or a BPE tokenizer, which knows every text.',
  };
}

/**
 * More trainable values than tokens to learn them from.
 * @param record - parameters and training tokens are read
 * @returns a warning of code DATA_RATIO; undefined else, or where either is unknown
 */
export function findDataRatio({ facts: { parameters, trainTokens } }: RunRecord): Finding | undefined {
  if (parameters === undefined || trainTokens === undefined || parameters <= trainTokens) return undefined;
  const ratio = parameters / trainTokens;
  return {
    code: 'DATA_RATIO',
    severity: 'warning',
    message: `${formatInteger(parameters)} parameters for ${formatInteger(trainTokens)} tokens: ${formatShort(ratio)} a token.`,
    evidence: { parameters, trainTokens, ratio },
    advice: 'Use a smaller model or vocabulary, tie the output, raise dropout, or add text.',
  };
}

/**
 * Matrix sizes that keep float16 off the fast units.
 * @param record - precision and the shapes of matrices are read
 * @returns an info of code DIM_ALIGN; undefined else, or for another precision
 */
export function findMisalignment({ facts: { precision, matrices = {} } }: RunRecord): Finding | undefined {
  if (precision !== 'float16') return undefined;
  const odd = Object.entries(matrices).filter(([, shape]) => shape.some((size) => size % 8 !== 0));
  const [first] = odd;
  if (first === undefined) return undefined;
  const [name, shape] = first;
  return {
    code: 'DIM_ALIGN',
    severity: 'info',
    message: `${odd.length} matrices have sizes that are no multiples of 8, as ${name} with ${shape.join(' × ')}.`,
    evidence: { matrices: odd.length, name, shape: shape.join(' × ') },
    advice: 'Choose widths, heads and vocabulary so that every size is a multiple of 8.',
  };
}
