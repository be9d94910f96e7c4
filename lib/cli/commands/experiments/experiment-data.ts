import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import { createDirectory, parseConfig, raise, throwFileError, writeFileAtomic } from '../../../core/index.js';
import { datasetConfigSchema, isPrepared, openPrepared } from '../../../data/index.js';
import type { Prepared } from '../../../data/index.js';
import { joinSources } from '../../inputs/run-data.js';
import type { Output } from '../../output.js';
import type { Settings } from '../../settings/config-file.js';
import { createModel } from '../../settings/model-settings.js';
import { resolveTraining } from '../training/resolve-training.js';
import type { ResolvedTraining } from '../training/resolve-training.js';

/** Runs a command of `palabra`. @returns its exit code */
export type ExecuteCommand = (words: readonly string[], output: Output) => Promise<number>;

/** What the data of an experiment are made of. */
export interface DataWork {
  /** The folder of the experiment. */
  folder: string;
  /** Files or patterns, or one prepared folder; absolute. */
  data: readonly string[];
  execute: ExecuteCommand;
  output: Output;
}

/**
 * The paths of an experiment's data, of which relative ones are seen from the folder of its file.
 * @param file - the experiment's own
 * @param data - as it names them
 * @returns absolute paths
 */
export function resolveData(file: string, data: readonly string[]): string[] {
  return data.map((path) => resolve(file, '..', path));
}

/** Data of runs, each kind prepared once and opened once. */
export class ExperimentData implements Disposable {
  private readonly opened = new Map<string, Prepared>();

  constructor(private readonly work: DataWork) {}

  /** The prepared folder that settings mean: the one that was named, or one inside the experiment, named by what made it. */
  locate({ source, tokenizer, prepare }: Settings): string {
    const { data, folder } = this.work;
    if (data.length === 1 && isPrepared(data[0]!)) return data[0]!;
    const made = JSON.stringify([data, source ?? {}, tokenizer ?? {}, prepare ?? {}]);
    return join(folder, 'data', createHash('sha256').update(made).digest('hex').slice(0, 8));
  }

  /**
   * Opens the data that settings mean, which are prepared where they are not yet.
   * @throws PalabraError when the text cannot be prepared
   */
  async open(settings: Settings): Promise<Prepared> {
    const folder = this.locate(settings);
    const known = this.opened.get(folder);
    if (known !== undefined) return known;
    if (!isPrepared(folder)) await this.prepare(folder, settings);
    const prepared = await openPrepared(folder);
    this.opened.set(folder, prepared);
    return prepared;
  }

  /**
   * Updates of a run of such settings.
   * @param settings - with a bound
   * @returns an integer of at least 1
   * @throws ConfigError naming everything in the settings that does not fit
   */
  async countSteps(settings: Settings): Promise<number> {
    return (await this.resolve(settings)).trainer.limits.steps!;
  }

  /**
   * Builds the model that settings mean, and frees it again.
   * @param settings - with a bound
   * @returns the number of its trainable values
   * @throws ConfigError naming everything in the settings that does not fit
   */
  async countParameters(settings: Settings): Promise<number> {
    const model = createModel((await this.resolve(settings)).model);
    try {
      return model.parameterCount();
    } finally {
      model.dispose();
    }
  }

  private async resolve(settings: Settings): Promise<ResolvedTraining> {
    const prepared = await this.open(settings);
    const dataset = parseConfig('dataset', datasetConfigSchema, settings.dataset ?? { type: 'windows' }, 'dataset');
    return resolveTraining(settings, joinSources({ prepared, dataset }));
  }

  [Symbol.dispose](): void {
    for (const prepared of this.opened.values()) prepared[Symbol.dispose]();
  }

  private async prepare(folder: string, { source, tokenizer, prepare }: Settings): Promise<void> {
    const { data, execute, output } = this.work;
    const around = join(folder, '..');
    await createDirectory(around).catch((error: unknown) => throwFileError('experiment', around, error));
    const config = `${folder}.json`;
    await writeFileAtomic(config, JSON.stringify({ source, tokenizer, prepare }, null, 2));
    let said = '';
    const heard: Output = { out: () => undefined, err: (text) => (said += text) };
    const code = await execute(['prepare', ...data, '--out', folder, '--replace', '--config', config], heard);
    if (code !== 0) refuseData(data, said);
    output.err(`data: ${folder}\n`);
  }
}

function refuseData(data: readonly string[], said: string): never {
  raise('PAL_DATA', {
    where: 'experiment',
    expected: `${data.join(' ')} to be text that can be prepared`,
    received: said.trim().split('\n').slice(-1)[0] ?? 'an error',
  });
}
