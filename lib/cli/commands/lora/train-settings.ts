import { loraConfigSchema } from '../../../adapters/index.js';
import type { LoraOptions } from '../../../adapters/index.js';
import { deferSchema, parseConfig } from '../../../core/index.js';
import { adapterRunConfigSchema, gateConfigSchema } from '../../../tasks/config/index.js';
import type { AdapterRunOptions, GateOptions } from '../../../tasks/config/index.js';
import type { Settings } from '../../settings/config-file.js';
import { explainSettings } from '../../settings/explain.js';
import type { ExplainedSetting } from '../../settings/explain.js';
import { traceLayers } from '../../settings/layers.js';
import type { SettingsLayer } from '../../settings/layers.js';
import { mergeLayers, readLayers } from '../../settings/settings.js';
import type { SettingsSection } from '../../settings/settings.js';

/** Settings of a run that have an option of one word. */
export interface RunFlags {
  order?: string[];
  mode?: 'mixed' | 'sequential';
  epochs?: number;
  learningRate?: number;
  batchSize?: number;
  accumulation?: number;
  length?: number;
  seed?: number;
  precision?: 'float32' | 'bfloat16';
  force?: boolean;
  promoteAnyway?: boolean;
  regressionFile?: string;
}

const SHORT = [
  ...(['order', 'mode', 'epochs', 'learningRate', 'batchSize', 'accumulation', 'length', 'seed'] as const),
  ...(['precision', 'force', 'promoteAnyway'] as const),
];

const runSchema = deferSchema((z) =>
  adapterRunConfigSchema.extend({
    order: z.array(z.string()).exactOptional().describe('Files that come first, in this order.'),
    epochs: z
      .union([z.int().min(1), z.record(z.string(), z.int().min(1))])
      .default(3)
      .describe('Passes over each file, or over those that are named.'),
    weights: z.record(z.string(), z.number().gt(0)).exactOptional().describe('How often a file comes in a pass.'),
  }),
);

/** What `palabra lora train` takes from a configuration file and from options. */
export const trainSections: readonly SettingsSection[] = [
  { name: 'adapter', title: 'Adapter, the first of a store', schema: loraConfigSchema },
  { name: 'gate', title: 'Quality gate', schema: gateConfigSchema, without: ['regressionFile'] },
  { name: 'run', title: 'Run', schema: runSchema, without: SHORT },
];

/** The settings of a run that was called. */
export interface CalledRun {
  /** What is named; the library has the defaults. */
  options: AdapterRunOptions & { data: string; adapter?: LoraOptions; gate?: GateOptions };
  explained: ExplainedSetting[];
}

/**
 * The settings of a run: those of the configuration file, and over them the options.
 * @param flags - what commander read
 * @returns what is named, and every setting with where it comes from
 * @throws ConfigError naming everything that does not fit
 */
export async function readRun(flags: RunFlags & { data: string }): Promise<CalledRun> {
  const layers = [...(await readLayers(trainSections, { ...flags })), nestShortFlags(flags)];
  const settings = mergeLayers(trainSections, layers);
  const resolved = Object.fromEntries(
    trainSections.map(({ name, schema }) => [name, parseConfig('lora train', schema, settings[name] ?? {}, name)]),
  );
  const { run, adapter, gate } = settings as Record<string, Settings | undefined>;
  return {
    options: { data: flags.data, ...run, ...(adapter && { adapter }), ...(gate && { gate }) },
    explained: explainSettings(trainSections, resolved, traceLayers(trainSections, layers)),
  };
}

function nestShortFlags({ regressionFile, ...flags }: RunFlags): SettingsLayer {
  const run = Object.fromEntries(SHORT.flatMap((key) => (flags[key] === undefined ? [] : [[key, flags[key]]])));
  const gate = regressionFile === undefined ? {} : { regressionFile };
  return { source: 'flag', settings: { run, gate } };
}
