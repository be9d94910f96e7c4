import { buildTokenizer } from '../../../text/index.js';
import type { TextSource, Tokenizer, TokenizerConfig } from '../../../text/index.js';

/** What a tokenizer is learned from. */
export type LearnedFrom = 'nothing' | 'training' | 'all';

const ALL = `note: the tokenizer's characters are those of the whole text, held-out parts too, since it has no way to write others.
--tokenizer.unknown makes it learn from the training part alone.
`;

/**
 * What the tokenizer of a configuration is learned from: the training part, unless characters that only the others have
 * would then be errors.
 */
export function getLearnedFrom(config: TokenizerConfig): LearnedFrom {
  switch (config.type) {
    case 'char':
      return config.unknown === true ? 'training' : 'all';
    case 'bpe':
      return config.base === 'character' && (config.unknown ?? 'error') === 'error' ? 'all' : 'training';
    case 'word':
      return 'training';
    default:
      return 'nothing';
  }
}

/** Trains a tokenizer on one of two texts, and tells where it isn't the training part. */
export async function trainSplitTokenizer(
  config: TokenizerConfig,
  training: TextSource,
  whole: TextSource,
  { signal, tell }: { signal: AbortSignal; tell: (text: string) => void },
): Promise<Tokenizer> {
  const all = getLearnedFrom(config) === 'all';
  if (all) tell(ALL);
  return await buildTokenizer(config, all ? whole : training, { signal });
}
