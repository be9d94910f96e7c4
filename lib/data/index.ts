/** From files to batches of token ids, as typed arrays and without libtorch. */
export type { Augmentation } from './augmentation.js';
export type { TokenBatch } from './batch.js';
export { BatchStream } from './batch-stream.js';
export { BATCH_ORDERS } from './dataset.js';
export type {
  BatchOptions,
  BatchOrder,
  BatchPosition,
  BatchSequence,
  ResolvedBatchOptions,
  Dataset,
} from './dataset.js';
export type { BoundaryOptions } from './boundary-tokens.js';
export { BucketDataset } from './bucket-dataset.js';
export type { BucketOptions } from './bucket-dataset.js';
export { CurriculumDataset } from './curriculum-dataset.js';
export type { CurriculumStage } from './curriculum-dataset.js';
export { PackedDataset } from './packed-dataset.js';
export type { PackOptions } from './packed-dataset.js';
export { StreamDataset } from './stream-dataset.js';
export type { StreamOptions } from './stream-dataset.js';
export * from './audit/index.js';
export { encodeCorpus } from './corpus.js';
export type { CorpusOptions } from './corpus.js';
export type { BatchPlan, BatchPlans, TokenSpan } from './plan.js';
export { buildDataset, datasetConfigSchema } from './dataset-config.js';
export type { DatasetConfig, DatasetOptions, DatasetDefaults } from './dataset-config.js';
export { isPrepared, openPrepared } from './open-prepared.js';
export type { OpenPreparedOptions, Prepared } from './open-prepared.js';
export { prepare } from './prepare.js';
export type { PrepareOptions } from './prepare.js';
export { prepareConfigSchema } from './prepare-config.js';
export type { HeldOutTexts, PrepareConfig } from './prepare-config.js';
export type { PreparedFile, PreparedManifest, PreparedSplit } from './prepared-manifest.js';
export { splitConfigSchema } from './split-config.js';
export { splitCorpus } from './split.js';
export type { CorpusSplits, SplitOptions, SplitName } from './split.js';
export { datasetStatistics, formatDatasetStatistics } from './statistics.js';
export type { DatasetStatistics } from './statistics.js';
export { TokenDataset } from './token-dataset.js';
export type { Corpus, TokenArray, TokenRow } from './tokens.js';
export * from './sources/index.js';
export { TokenFile, openTokenFile } from './token-file.js';
export type { TokenFileOptions } from './token-file.js';
export type { TokenFileFormat } from './token-file-format.js';
export { hashTokenizer } from './tokenizer-hash.js';
export { writeTokenFile } from './write-token-file.js';
export { unigramEntropy } from './unigram.js';
export { WindowDataset } from './window-dataset.js';
export type { WindowOptions } from './window-dataset.js';
export { windows } from './windows.js';
export type { WindowSplits, WindowsOptions } from './windows.js';
