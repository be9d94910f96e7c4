import { checkNested, checkOptions, pickOptions } from '../../core/index.js';
import type { OptionChecks } from '../../core/index.js';
import type { TextSource } from '../../text/index.js';
import { corpusKeys, encodeCorpus } from '../corpus/corpus.js';
import type { CorpusOptions } from '../corpus/encode-documents.js';
import { splitCorpus, splitKeys } from '../corpus/split.js';
import type { SplitOptions } from '../corpus/split.js';
import { WindowDataset, windowKeys } from './window-dataset.js';
import type { WindowOptions } from './window-dataset.js';

/** Options of {@link windows}: a tokenizer, a window length and the split. */
export interface WindowsOptions extends WindowOptions, CorpusOptions {
  /** Default: everything is training data. */
  split?: SplitOptions;
}

/** The keys of {@link WindowsOptions}. */
export const windowsKeys: OptionChecks<WindowsOptions> = {
  ...windowKeys,
  ...corpusKeys,
  split: checkNested(splitKeys),
};

/** Windows over each split of a text. Splits that were not asked for are undefined. */
export interface WindowSplits {
  train: WindowDataset;
  validation: WindowDataset | undefined;
  test: WindowDataset | undefined;
}

/**
 * Encodes a text, splits it and cuts each split into windows. The split comes first, so no window reaches
 * from one split into another. Held-out targets count once: their windows have no `stride` of their own, unless
 * `counted: 'once'` makes the overlap context.
 *
 * @throws DataError when the source is empty or a split has fewer than two tokens
 * @example const { train, validation } = await windows('to be or not to be', { tokenizer, length: 4, split: { validation: 0.3 } });
 */
export async function windows(source: TextSource, options: WindowsOptions): Promise<WindowSplits> {
  checkOptions('windows', options, windowsKeys);
  const paddingToken = options.tokenizer.specialTokens?.['<PAD>'] ?? 0;
  const padded = { paddingToken, ...pickOptions(options, windowKeys) };
  const split = splitCorpus(await encodeCorpus(source, pickOptions(options, corpusKeys)), options.split);
  const createHeldOut = (part: 'validation' | 'test'): WindowDataset | undefined =>
    (options.split?.[part] ?? 0) > 0
      ? new WindowDataset(split[part].tokens, {
          ...padded,
          stride: padded.counted === 'once' ? padded.stride : undefined,
        })
      : undefined;
  return {
    train: new WindowDataset(split.train.tokens, padded),
    validation: createHeldOut('validation'),
    test: createHeldOut('test'),
  };
}
