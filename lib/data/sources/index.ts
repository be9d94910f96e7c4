/** Files, here and on the Hugging Face hub, as documents: text, JSON Lines, CSV and parquet, plain or compressed. */
export { csvFiles } from './csv-files.js';
export type { CsvFilesOptions } from './csv-files.js';
export { FileSource } from './file-source.js';
export type { DocumentReader } from './file-source.js';
export { HubDataset, loadHuggingFaceDataset } from './hugging-face-dataset.js';
export type { HubDatasetOptions } from './hugging-face-dataset.js';
export type { DownloadProgress } from './hub/hub-download.js';
export type { HubOptions } from './hub/hub-settings.js';
export { jsonLines } from './json-lines.js';
export type { JsonLinesOptions } from './json-lines.js';
export { parquetFiles } from './parquet-files.js';
export type { ParquetFilesOptions } from './parquet-files.js';
export type { MalformedLine, Reading, SourceReport } from './reading.js';
export { openSource, sourceConfigSchema } from './source-config.js';
export type { SourceConfig } from './source-config.js';
export type { FileSourceOptions, ReadingRules, SourceLimits } from './source-options.js';
export { textFiles, textLines } from './text-files.js';
