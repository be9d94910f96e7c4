import type { OptionChecks } from '../../core/index.js';
import { formatSuggestion, raise, show } from '../../core/index.js';
import type { Tokenizer } from '../../text/index.js';

/** Special tokens around each document. */
export interface BoundaryOptions {
  /**
   * The special token before each document; null for none. Default: those of the tokenizer's template, as a text that
   * stands by itself has them in generation and scoring, else `<START>` where there is one.
   */
  startToken?: string | null | undefined;
  /**
   * The special token behind each document; null for none. Default: those of the template, else the token that ends a
   * text: `<END>`, `<|endoftext|>`, `<|end_of_text|>`, `</s>`, `<eos>`, `[EOS]` or `<|eos|>`.
   */
  endToken?: string | null | undefined;
}

/** The keys of {@link BoundaryOptions}. */
export const boundaryKeys: OptionChecks<BoundaryOptions> = { startToken: true, endToken: true };

const DEFAULTS = {
  startToken: ['<START>'],
  endToken: ['<END>', '<|endoftext|>', '<|end_of_text|>', '</s>', '<eos>', '[EOS]', '<|eos|>'],
};
const SIDES = { startToken: 'before', endToken: 'after' } as const;

/**
 * The ids to put around each document.
 *
 * @throws ArgumentError when the tokenizer does not have a named token
 */
export function resolveBoundaryTokens(
  tokenizer: Tokenizer,
  options: BoundaryOptions,
): { start: Uint32Array; end: Uint32Array } {
  return { start: findTokenIds('startToken', tokenizer, options), end: findTokenIds('endToken', tokenizer, options) };
}

function findTokenIds(key: keyof BoundaryOptions, tokenizer: Tokenizer, options: BoundaryOptions): Uint32Array {
  const special = tokenizer.specialTokens ?? {};
  const named = options[key];
  if (named === null) return new Uint32Array();
  if (named === undefined) {
    const ids = tokenizer.template?.[SIDES[key]] ?? [];
    if (ids.length > 0) return Uint32Array.from(ids);
    const usual = DEFAULTS[key].find((name) => Object.hasOwn(special, name));
    return usual === undefined ? new Uint32Array() : Uint32Array.of(special[usual]!);
  }
  if (!Object.hasOwn(special, named)) refuse(key, named, Object.keys(special));
  return Uint32Array.of(special[named]!);
}

function refuse(key: string, named: string, names: string[]): never {
  raise('PAL_ARGUMENT', {
    where: 'encodeCorpus',
    expected: `${key} to be a special token of the tokenizer`,
    received: show(named),
    fix: names.length === 0 ? 'This tokenizer has none.' : formatSuggestion(named, names),
    details: { key, named, names },
  });
}
