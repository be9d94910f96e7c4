import { join, resolve } from 'node:path';
import { createDirectory, acquireLock, throwFileError, raise, writeFileAtomic } from '../../core/index.js';
import type { FileLock } from '../../core/index.js';
import { saveModel } from '../../models/index.js';
import type { SaveModelOptions } from '../../models/index.js';
import type { Module } from '../../nn/index.js';
import { CheckpointStore } from '../checkpoint/checkpoint-store.js';
import type { KeepOptions } from '../checkpoint/checkpoint-store.js';
import { describeEnvironment } from './environment.js';
import { RUN_CONFIG } from './run-config.js';
import type { RunConfig } from './run-config.js';

/**
 * The folder of a run, held by one process at a time: `config.json`, `environment.json`, `metrics.jsonl`,
 * `checkpoints/`, `model/` and its card `README.md`, and `lock`.
 */
export class RunFolder {
  readonly checkpoints: CheckpointStore;

  /** The folder of the published model. */
  get modelFolder(): string {
    return join(this.path, 'model');
  }

  private constructor(
    readonly path: string,
    keep: KeepOptions,
    private readonly lock: FileLock,
  ) {
    this.checkpoints = new CheckpointStore(join(path, 'checkpoints'), keep);
  }

  /**
   * Makes the folder where there is none, takes its lock and removes what an interrupted save left behind.
   * @throws PalabraError of code PAL_LOCKED when another process holds it, PAL_FILE when the disk refuses
   */
  static async open(folder: string, keep: KeepOptions): Promise<RunFolder> {
    const path = resolve(folder);
    await createDirectory(path).catch((cause: unknown) => throwFileError('Trainer', path, cause));
    const opened = new RunFolder(path, keep, acquireLock(join(path, 'lock')));
    await opened.checkpoints.clean();
    return opened;
  }

  /** Requires a folder in which no run has got anywhere. @throws PalabraError of code PAL_FILE otherwise */
  async expectUnused(): Promise<void> {
    const { length } = await this.checkpoints.paths();
    if (length === 0) return;
    raise('PAL_FILE', {
      where: 'Trainer',
      expected: `${this.path} without checkpoints`,
      received: `${length} of them`,
      fix: 'Go on with Trainer.resume, or choose another runDirectory.',
      details: { path: this.path, code: 'EEXIST' },
    });
  }

  /** Writes what the run is and what it is made on. */
  async describe(config: RunConfig): Promise<void> {
    await this.writeJson(RUN_CONFIG, config);
    await this.writeJson('environment.json', await describeEnvironment());
  }

  /** Writes the folder `model`, for `loadModel`, and its card. */
  async publish(model: Module, beside: SaveModelOptions, card: string): Promise<void> {
    await saveModel(this.modelFolder, model, { ...beside, replace: true });
    await writeFileAtomic(join(this.path, 'README.md'), card);
  }

  /** Gives the lock back. */
  close(): void {
    this.lock.release();
  }

  private async writeJson(name: string, value: unknown): Promise<void> {
    await writeFileAtomic(join(this.path, name), `${JSON.stringify(value, null, 2)}\n`);
  }
}
