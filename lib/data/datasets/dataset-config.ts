import type { z } from 'zod';
import { checkOptions, deferSchema, omitType, parseConfig, raise } from '../../core/index.js';
import type { Zod } from '../../core/index.js';
import { BucketDataset } from './bucket-dataset.js';
import { CurriculumDataset } from './curriculum-dataset.js';
import { PackedDataset } from './packed-dataset.js';
import { StreamDataset } from './stream-dataset.js';
import type { TokenDataset } from './token-dataset.js';
import type { Corpus, TokenArray, TokenRow } from '../corpus/tokens.js';
import { WindowDataset } from './window-dataset.js';

const definePositive = (z: Zod) => z.int().min(1);

const defineLength = (z: Zod) =>
  definePositive(z).optional().describe('Places of a row. Default: the context length of the model.');

const defineWindows = (z: Zod) =>
  z.strictObject({
    type: z.literal('windows'),
    length: defineLength(z),
    stride: definePositive(z).optional().describe('Distance between window starts. Default: the length.'),
    partial: z.enum(['pad', 'drop']).default('pad').describe('What becomes of a last window with fewer tokens.'),
    counted: z
      .enum(['all', 'once'])
      .default('all')
      .describe('Where windows overlap: targets count in all of them, or once with the rest as context.'),
  });

const definePacked = (z: Zod) =>
  z.strictObject({
    type: z.literal('packed'),
    length: defineLength(z),
    strategy: z
      .enum(['best-fit', 'sequential'])
      .default('best-fit')
      .describe('Whole documents with little padding, or in order with cuts and hardly any.'),
  });

const defineBuckets = (z: Zod) =>
  z.strictObject({
    type: z.literal('buckets'),
    length: defineLength(z),
    lengths: z
      .array(definePositive(z))
      .optional()
      .describe('Row lengths, ascending to `length`. Default: the eight that pad least.'),
  });

const defineStreams = (z: Zod) => z.strictObject({ type: z.literal('streams'), length: defineLength(z) });

const defineFlat = (z: Zod) => [defineWindows(z), definePacked(z), defineBuckets(z), defineStreams(z)] as const;

const defineCurriculum = (z: Zod) =>
  z.strictObject({
    type: z.literal('curriculum'),
    stages: z
      .array(
        z.strictObject({
          dataset: z.discriminatedUnion('type', defineFlat(z)),
          until: z
            .union([z.strictObject({ batches: definePositive(z) }), z.strictObject({ epochs: z.number().gt(0) })])
            .optional()
            .describe('How long the stage lasts; the last one has no end.'),
          batchSize: definePositive(z).optional().describe('Rows of a batch in this stage.'),
        }),
      )
      .min(1),
  });

/** Schema of a dataset's configuration: types, defaults and their description. */
export const datasetConfigSchema = deferSchema((z) =>
  z.discriminatedUnion('type', [...defineFlat(z), defineCurriculum(z)]).describe('How text becomes rows.'),
);

/** A complete description of a dataset, as plain data. */
export type DatasetConfig = z.output<typeof datasetConfigSchema>;

/** Configuration of {@link buildDataset}; everything but the type has a default. */
export type DatasetOptions = z.input<typeof datasetConfigSchema>;

/** Settings for a dataset whose configuration leaves them out. */
export interface DatasetDefaults {
  /** The length of rows that name none, usually that of the model. */
  contextLength?: number;
  /** The id at padded places. Default: 0. */
  paddingToken?: number;
}

/**
 * The dataset that a configuration describes.
 *
 * @throws ConfigError when it does not fit {@link datasetConfigSchema} or no length is known
 * @example const dataset = buildDataset({ type: 'packed', length: 256 }, corpus);
 */
export function buildDataset<T extends TokenRow = TokenArray>(
  options: DatasetOptions,
  corpus: Corpus<T>,
  defaults: DatasetDefaults = {},
): TokenDataset<T> {
  checkOptions('buildDataset', defaults, { contextLength: true, paddingToken: true });
  return createDataset(parseConfig('buildDataset', datasetConfigSchema, options), corpus, defaults);
}

function createDataset<T extends TokenRow>(
  config: DatasetConfig,
  corpus: Corpus<T>,
  defaults: DatasetDefaults,
): TokenDataset<T> {
  if (config.type === 'curriculum') {
    const stages = config.stages.map((stage) => ({
      ...stage,
      dataset: createDataset(stage.dataset, corpus, defaults),
    }));
    return new CurriculumDataset(stages);
  }
  const { paddingToken = 0, contextLength } = defaults;
  const measures = { length: config.length ?? contextLength ?? refuseLength(config.type), paddingToken };
  switch (config.type) {
    case 'windows':
      return new WindowDataset(corpus.tokens, { ...omitType(config), ...measures });
    case 'packed':
      return new PackedDataset(corpus, { ...omitType(config), ...measures });
    case 'buckets':
      return new BucketDataset(corpus, { ...omitType(config), ...measures });
    case 'streams':
      return new StreamDataset(corpus.tokens, { ...omitType(config), ...measures });
  }
}

function refuseLength(type: string): never {
  raise('PAL_CONFIG', {
    where: 'buildDataset',
    expected: 'a length',
    received: `none for ${type}`,
    fix: 'Set length; the model has no context length to take over.',
  });
}
