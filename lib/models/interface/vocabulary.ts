import { raise } from '../../core/index.js';
import type { Tokenizer } from '../../text/index.js';

/**
 * Requires that a tokenizer has as many tokens as a model.
 * @param where - named in the error
 * @param model - its `vocabSize` is read
 * @param tokenizer - its `size` is read
 * @throws ArgumentError naming both sizes
 */
export function expectSameVocabulary(
  where: string,
  { config: { vocabSize } }: { readonly config: { readonly vocabSize: number } },
  { size, type }: Tokenizer,
): void {
  if (vocabSize === size) return;
  raise('PAL_ARGUMENT', {
    where,
    expected: `a tokenizer of ${vocabSize} tokens, as the model's vocabSize`,
    received: `a ${type} tokenizer of ${size}`,
    fix: 'Use the tokenizer that the model was trained with.',
    details: { vocabSize, tokenizerSize: size },
  });
}
