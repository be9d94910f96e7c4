/** From files to batches of token ids, as typed arrays and without libtorch. */
export type { Augmentation } from './datasets/augmentation.js';
export type { TokenBatch } from './batches/batch.js';
export { BatchStream } from './batches/batch-stream.js';
export { BATCH_ORDERS } from './datasets/dataset.js';
export type {
  BatchOptions,
  BatchOrder,
  BatchPosition,
  BatchSequence,
  ResolvedBatchOptions,
  Dataset,
} from './datasets/dataset.js';
export type { BoundaryOptions } from './corpus/boundary-tokens.js';
export { BucketDataset } from './datasets/bucket-dataset.js';
export type { BucketOptions } from './datasets/bucket-dataset.js';
export { CurriculumDataset } from './datasets/curriculum-dataset.js';
export type { CurriculumStage } from './datasets/curriculum-dataset.js';
export { PackedDataset } from './datasets/packed-dataset.js';
export type { PackOptions } from './datasets/packed-dataset.js';
export { StreamDataset } from './datasets/stream-dataset.js';
export type { StreamOptions } from './datasets/stream-dataset.js';
export * from './contamination/index.js';
export { encodeCorpus } from './corpus/corpus.js';
export type { CorpusOptions } from './corpus/corpus.js';
export type { BatchPlan, BatchPlans, TokenSpan } from './batches/plan.js';
export { buildDataset, datasetConfigSchema } from './datasets/dataset-config.js';
export type { DatasetConfig, DatasetOptions, DatasetDefaults } from './datasets/dataset-config.js';
export { isPrepared, openPrepared } from './prepared/open-prepared.js';
export type { OpenPreparedOptions, Prepared } from './prepared/open-prepared.js';
export { prepare } from './prepared/prepare.js';
export type { PrepareOptions } from './prepared/prepare.js';
export { prepareConfigSchema } from './prepared/prepare-config.js';
export type { HeldOutTexts, PrepareConfig } from './prepared/prepare-config.js';
export type { PreparedFile, PreparedManifest, PreparedSplit } from './prepared/prepared-manifest.js';
export { splitConfigSchema } from './corpus/split-config.js';
export { splitCorpus } from './corpus/split.js';
export type { CorpusSplits, SplitOptions, SplitName } from './corpus/split.js';
export { datasetStatistics, formatDatasetStatistics } from './prepared/dataset-statistics.js';
export type { DatasetStatistics } from './prepared/dataset-statistics.js';
export { TokenDataset } from './datasets/token-dataset.js';
export type { Corpus, TokenArray, TokenRow } from './corpus/tokens.js';
export * from './sources/index.js';
export { TokenFile, openTokenFile } from './token-files/token-file.js';
export type { TokenFileOptions } from './token-files/token-file.js';
export type { TokenFileFormat } from './token-files/token-file-format.js';
export { hashTokenizer } from './corpus/tokenizer-hash.js';
export { writeTokenFile } from './token-files/write-token-file.js';
export { unigramEntropy } from './corpus/unigram.js';
export { WindowDataset } from './datasets/window-dataset.js';
export type { WindowOptions } from './datasets/window-dataset.js';
export { windows } from './datasets/windows.js';
export type { WindowSplits, WindowsOptions } from './datasets/windows.js';
