/** From files to batches of token ids, as typed arrays and without libtorch. */
export type { TokenBatch, WindowSource } from './batch.js';
export { BatchStream } from './batch-stream.js';
export type { BatchOptions, BatchOrder, BatchPosition, BatchSequence, Dataset } from './dataset.js';
export { encodeCorpus } from './corpus.js';
export type { Corpus, CorpusOptions, TokenArray } from './corpus.js';
export { splitCorpus } from './split.js';
export type { Split, SplitOptions } from './split.js';
export * from './sources/index.js';
export { unigramEntropy } from './unigram.js';
export { WindowDataset } from './window-dataset.js';
export type { WindowOptions } from './window-dataset.js';
export { windows } from './windows.js';
export type { WindowSplits, WindowsOptions } from './windows.js';
