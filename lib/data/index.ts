/** From files to batches of token ids, as typed arrays and without libtorch. */
export { BatchStream } from './batches/batch-stream.js';
export type { TokenBatch } from './batches/batch.js';
export type { BatchPlan, BatchPlans, TargetRange, TokenSpan } from './batches/plan.js';
export { checkContamination, countDuplicateWindows } from './contamination/check-contamination.js';
export type {
  ContaminationOptions,
  ContaminationReport,
  DuplicateExample,
  PairContamination,
} from './contamination/check-contamination.js';
export type { BoundaryOptions } from './corpus/boundary-tokens.js';
export { encodeCorpus } from './corpus/corpus.js';
export type { CorpusOptions } from './corpus/encode-documents.js';
export { splitConfigSchema } from './corpus/split-config.js';
export { splitCorpus } from './corpus/split.js';
export type { CorpusSplits, SplitName, SplitOptions } from './corpus/split.js';
export { hashTokenizer } from './corpus/tokenizer-hash.js';
export { hashTokens } from './corpus/hash-tokens.js';
export type { InputSpan } from './corpus/input-spans.js';
export type { Corpus, TokenArray, TokenRow } from './corpus/tokens.js';
export { computeUnigramEntropy } from './corpus/unigram.js';
export type { Augmentation } from './datasets/augmentation.js';
export { countEpochBatches, countEpochsAfter, hasCompletedEpochs } from './batches/count-batches.js';
export type { BatchGoal, RepeatedBatches } from './batches/count-batches.js';
export { BucketDataset } from './datasets/bucket-dataset.js';
export type { BucketOptions } from './datasets/bucket-dataset.js';
export { CurriculumDataset } from './datasets/curriculum-dataset.js';
export type { CurriculumStage } from './datasets/curriculum-dataset.js';
export { buildDataset, datasetConfigSchema } from './datasets/dataset-config.js';
export type { DatasetConfig, DatasetDefaults, DatasetOptions } from './datasets/dataset-config.js';
export { BATCH_ORDERS } from './datasets/dataset.js';
export type {
  BatchOptions,
  BatchOrder,
  BatchPosition,
  BatchSequence,
  Dataset,
  ResolvedBatchOptions,
} from './datasets/dataset.js';
export { MixedDataset } from './datasets/mixed-dataset.js';
export type { MixedSource } from './datasets/mixed-dataset.js';
export { PackedDataset } from './datasets/packed-dataset.js';
export type { PackOptions } from './datasets/packed-dataset.js';
export { StreamDataset } from './datasets/stream-dataset.js';
export type { StreamOptions } from './datasets/stream-dataset.js';
export { TokenDataset } from './datasets/token-dataset.js';
export { WindowDataset } from './datasets/window-dataset.js';
export type { WindowOptions } from './datasets/window-dataset.js';
export { windows } from './datasets/windows.js';
export type { WindowSplits, WindowsOptions } from './datasets/windows.js';
export { computeDatasetStatistics, formatDatasetStatistics } from './prepared/dataset-statistics.js';
export type { DatasetStatistics } from './prepared/dataset-statistics.js';
export { isPrepared, openPrepared } from './prepared/open-prepared.js';
export type { OpenPreparedOptions, Prepared } from './prepared/open-prepared.js';
export { prepareConfigSchema } from './prepared/prepare-config.js';
export type { HeldOutTexts, PrepareConfig } from './prepared/prepare-config.js';
export { prepare } from './prepared/prepare.js';
export type { PrepareOptions, PrepareProgress, PrepareStage } from './prepared/prepare-options.js';
export type { PreparedFile, PreparedManifest, PreparedSplit } from './prepared/prepared-manifest.js';
export { csvFiles } from './sources/csv-files.js';
export type { CsvFilesOptions } from './sources/csv-files.js';
export { FileSource } from './sources/file-source.js';
export type { DocumentReader } from './sources/file-source.js';
export { HubClient } from './sources/hub/hub-client.js';
export type { HubRevision } from './sources/hub/hub-client.js';
export type { HubFile } from './sources/hub/hub-file.js';
export type { RepositoryKind } from './sources/hub/hub-kind.js';
export type { DownloadProgress } from './sources/hub/hub-download.js';
export { hubKeys } from './sources/hub/hub-settings.js';
export type { HubOptions } from './sources/hub/hub-settings.js';
export { HubDataset, loadHuggingFaceDataset } from './sources/hugging-face-dataset.js';
export type { HubDatasetOptions } from './sources/hugging-face-dataset.js';
export { jsonLines } from './sources/json/json-lines.js';
export type { JsonLinesOptions } from './sources/json/json-lines.js';
export { JsonRecordSource } from './sources/json/json-records.js';
export type { JsonRecord } from './sources/json/json-records.js';
export { parquetFiles } from './sources/parquet-files.js';
export type { ParquetFilesOptions } from './sources/parquet-files.js';
export { Reading } from './sources/reading.js';
export type { MalformedLine, SourceReport } from './sources/reading.js';
export { openSource, sourceConfigSchema } from './sources/source-config.js';
export type { SourceConfig } from './sources/source-config.js';
export type { FileSourceOptions, ReadingRules, SourceLimits } from './sources/source-options.js';
export { textFiles, textLines } from './sources/text-files.js';
export type { TokenFileFormat } from './token-files/token-file-format.js';
export { TokenFile, openTokenFile } from './token-files/token-file.js';
export type { TokenFileOptions } from './token-files/token-file.js';
export { writeTokenFile } from './token-files/write-token-file.js';
