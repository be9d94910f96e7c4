import { raise } from '../../core/index.js';
import type { Tokenizer } from '../../text/index.js';

/**
 * Requires that a model has a row for every token; rows without a token are allowed and never sampled.
 * @param where - named in the error
 * @param model - its `vocabSize` is read
 * @param tokenizer - its `size` is read
 * @throws ArgumentError naming both sizes
 */
export function expectRowForEachToken(
  where: string,
  { config: { vocabSize } }: { readonly config: { readonly vocabSize: number } },
  { size, type }: Tokenizer,
): void {
  if (size <= vocabSize) return;
  raise('PAL_ARGUMENT', {
    where,
    expected: `a tokenizer of at most ${vocabSize} tokens, the model's vocabSize`,
    received: `a ${type} tokenizer of ${size}`,
    fix: 'Use the tokenizer that the model was trained with.',
    details: { vocabSize, tokenizerSize: size },
  });
}
