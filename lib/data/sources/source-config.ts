import type { z } from 'zod';
import { deferSchema, omitType, parseConfig } from '../../core/index.js';
import type { Zod } from '../../core/index.js';
import { csvFiles } from './csv-files.js';
import { FileSource, matchPaths } from './file-source.js';
import type { DocumentReader } from './file-source.js';
import { loadHuggingFaceDataset } from './hugging-face-dataset.js';
import type { HubDataset } from './hugging-face-dataset.js';
import { jsonLines } from './json/json-lines.js';
import { parquetFiles } from './parquet-files.js';
import { selectReader } from './readers.js';
import type { FileSourceOptions } from './source-options.js';
import { textFiles, textLines } from './text-files.js';
import { readWholeText } from './whole-text.js';

const defineCount = (z: Zod, doc: string) => z.int().min(1).optional().describe(doc);

/** Schema of the limits where reading stops for safety. */
const defineLimits = (z: Zod) =>
  z.strictObject({
    fileBytes: defineCount(z, 'The most bytes of a file after decompression. Default: 2^40.'),
    documentBytes: defineCount(z, 'The most bytes of a document. Default: 2^28.'),
    ratio: defineCount(z, 'The most bytes that a compressed one may become. Default: 1,100.'),
    nesting: defineCount(z, 'The most levels of a line of JSON. Default: 64.'),
  });

/** Settings of all sources. */
const defineRules = (z: Zod) => ({
  onMalformed: z
    .enum(['error', 'report'])
    .default('error')
    .describe('Whether a malformed line ends the reading or is left out and counted.'),
  invalidUtf8: z
    .enum(['malformed', 'replace'])
    .default('malformed')
    .describe('Whether bytes that are no UTF-8 make a line malformed or become U+FFFD.'),
  blank: z
    .enum(['keep', 'drop'])
    .default('keep')
    .describe('Whether documents of white space alone are given out, or left out and counted.'),
  limits: defineLimits(z).default({}).describe('Where reading stops for safety.'),
});

/** Settings of sources of files. */
const defineFiles = (z: Zod) => ({
  paths: z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .describe('Paths or patterns, as corpus/**/*.txt.'),
  directory: z.string().optional().describe('Where relative paths start. Default: the working directory.'),
  ...defineRules(z),
});

const defineField = (z: Zod) =>
  z
    .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
    .default('text')
    .describe('The field or column with the text; a list leads into objects.');

const defineQuote = (z: Zod) =>
  z
    .string()
    .max(1)
    .optional()
    .describe("Around fields of CSV, '' for none. Default: a double quote, none in files of tabs.");

/** Schema of a source of documents: types, defaults and their description. */
export const sourceConfigSchema = deferSchema((z) =>
  z.discriminatedUnion('type', [
    z
      .strictObject({ type: z.literal('files'), field: defineField(z), quote: defineQuote(z), ...defineFiles(z) })
      .describe('Files of any format, by their endings.'),
    z.strictObject({ type: z.literal('text'), ...defineFiles(z) }).describe('Text, a document a file.'),
    z.strictObject({ type: z.literal('lines'), ...defineFiles(z) }).describe('Text, a document a line.'),
    z.strictObject({ type: z.literal('jsonl'), field: defineField(z), ...defineFiles(z) }).describe('JSON Lines.'),
    z
      .strictObject({
        type: z.literal('csv'),
        column: z
          .union([z.string(), z.int().min(0)])
          .default('text')
          .describe('Its name, or its place from 0.'),
        delimiter: z.string().length(1).default(',').describe('Between two fields.'),
        quote: defineQuote(z),
        ...defineFiles(z),
      })
      .describe('CSV.'),
    z.strictObject({ type: z.literal('parquet'), field: defineField(z), ...defineFiles(z) }).describe('Parquet.'),
    z
      .strictObject({
        type: z.literal('huggingFace'),
        name: z.string().min(1).describe('The dataset, as Salesforce/wikitext.'),
        config: z.string().default('default').describe('One of its configurations.'),
        split: z.string().default('train').describe('One of its splits.'),
        field: z.string().min(1).default('text').describe('The column with the text.'),
        revision: z.string().default('main').describe('A branch, tag or commit.'),
        files: z.string().optional().describe('A pattern for paths, in place of config and split.'),
        endpoint: z.string().optional().describe('The address of the hub. Default: HF_ENDPOINT.'),
        cacheDirectory: z.string().optional().describe('Where files are kept. Default: HF_HUB_CACHE.'),
        offline: z.boolean().optional().describe('Never uses the network. Default: HF_HUB_OFFLINE.'),
        ...defineRules(z),
      })
      .describe('A dataset of the Hugging Face hub.'),
  ]),
);

/** Configuration of {@link openSource}. */
export type SourceConfig = z.input<typeof sourceConfigSchema>;

/**
 * The source that plain data describe.
 *
 * @throws ConfigError when they do not fit {@link sourceConfigSchema}; DataError when nothing is found
 * @example await openSource({ type: 'files', paths: ['notes/*.md', 'posts.jsonl.gz'] })
 */
export async function openSource(config: SourceConfig): Promise<FileSource | HubDataset> {
  const { limits, ...checked } = parseConfig('openSource', sourceConfigSchema, config);
  const found = { ...omitUndefined(checked), limits: omitUndefined(limits) };
  switch (found.type) {
    case 'huggingFace': {
      const { name, ...options } = omitType(found);
      return loadHuggingFaceDataset(name, options);
    }
    case 'files': {
      const { paths, field, ...options } = omitType(found);
      return readAnyFiles(paths, field, options);
    }
    case 'text':
      return openPaths(textFiles, found);
    case 'lines':
      return openPaths(textLines, found);
    case 'jsonl':
      return openPaths(jsonLines, found);
    case 'csv':
      return openPaths(csvFiles, found);
    case 'parquet':
      return openPaths(parquetFiles, found);
  }
}

/** Opens files by a function of one format. */
function openPaths<C extends { type: string; paths: string | string[] }>(
  open: (paths: string | string[], options: Omit<C, 'type' | 'paths'>) => FileSource,
  { type: _type, paths, ...options }: C,
): FileSource {
  return open(paths, options);
}

/** Files of several formats; those that are none of the known ones are text. */
function readAnyFiles(
  paths: string | readonly string[],
  field: string | readonly string[],
  { quote, ...options }: FileSourceOptions & { quote?: string },
): FileSource {
  const read: DocumentReader = (path, reading) => selectReader(path, field, readWholeText, quote)(path, reading);
  return new FileSource('openSource', matchPaths('openSource', paths, options.directory), options, read);
}

/** Without the keys whose value is undefined. */
function omitUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}
