import { isPalabraError } from '../core/index.js';
import { Scope, scope } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { loadTokenizer } from '../text/index.js';
import type { Checkpoint } from './checkpoint/checkpoint-store.js';
import { bytesOf, modelFolder, readTensors, readValues } from './checkpoint/state-files.js';
import type { TrainingState } from './checkpoint/state-files.js';
import { expectSameMachine, thisMachine } from './determinism.js';
import { modelCard } from './model-card.js';
import type { TrainerEvaluation, TrainerEvent } from './report.js';
import { runConfigOf } from './run-config.js';
import type { RunConfig } from './run-config.js';
import type { RunFolder } from './run-folder.js';
import { packed, unpacked } from './run-state.js';
import type { RunSnapshot } from './run-state.js';
import type { Setup } from './setup.js';

/** What a run reads from and writes to its folder. */
export class RunFiles {
  /** The step of the newest checkpoint. */
  private savedAt = -1;
  private published = false;

  constructor(
    private readonly setup: Setup,
    private readonly folder: RunFolder,
    private readonly emit: (event: TrainerEvent) => void,
  ) {}

  /** Goes to the newest checkpoint that is whole; stays at the start where there is none. */
  async restore(): Promise<void> {
    const found = await this.folder.checkpoints.newest((path, problem) => {
      this.emit({ type: 'damaged-checkpoint', path, problem });
    });
    if (found === undefined) return;
    await this.findTokenizer(found);
    const values = await readValues(found.path);
    scope(() => {
      const { weights, tensors } = readTensors(found.path, found.manifest.tensors);
      this.load(weights, unpacked(tensors, values));
    });
    this.savedAt = this.setup.state.step;
    this.published = this.setup.state.best !== undefined;
  }

  /** Writes what the run is, and a checkpoint of its start. */
  async begin(): Promise<void> {
    await this.folder.describe(this.runConfig());
    await this.checkpoint();
  }

  /** Saves a checkpoint unless there is one of this step. */
  async checkpoint(): Promise<void> {
    const { state } = this.setup;
    if (this.savedAt === state.step) return;
    const start = performance.now();
    const loss = state.latest?.step === state.step ? state.latest.loss : undefined;
    // Copies that parts make of their state live as long as the save.
    using copies = new Scope();
    const training = copies.run(() => this.trainingState());
    const { path } = await this.folder.checkpoints.save(state.step, loss, training);
    this.savedAt = state.step;
    const seconds = (performance.now() - start) / 1000;
    this.emit({ type: 'checkpoint', step: state.step, path, seconds, bytes: bytesOf(training) });
  }

  /** Writes the folder of the model with the weights that are in place now. */
  async publish(validation: TrainerEvaluation | undefined): Promise<void> {
    const { subjects, state, data } = this.setup;
    const facts = { step: state.step, totalTokens: state.totalTokens, epoch: data.epoch, validation };
    await this.folder.publish(subjects, modelCard(this.runConfig(), facts));
    this.published = true;
  }

  /** Saves the last checkpoint, and the model where no evaluation has found a best one. */
  async complete(): Promise<void> {
    await this.checkpoint();
    const { parts } = this.setup;
    if (!this.published) await parts.withWeights(() => this.publish(undefined));
  }

  /** Gives the folder back. */
  close(): void {
    this.folder.close();
  }

  private runConfig(): RunConfig {
    const { subjects, config, optimizer, parts } = this.setup;
    return runConfigOf(subjects, { config, optimizer: optimizer.constructor.name, parts: parts.names });
  }

  private trainingState(): TrainingState {
    const { subjects, state, data, optimizer, scaler, carried, parts } = this.setup;
    const { model, tokenizer, generation } = subjects;
    const tensors = { optimizer: optimizer.stateDict(), scaler: scaler?.stateDict() ?? {}, carried: carried.save() };
    const machine = thisMachine();
    return {
      model,
      tokenizer,
      generation,
      ...packed({ state, data: data.save(), parts: parts.save(), machine, ...tensors }),
    };
  }

  private load(weights: Record<string, Tensor>, snapshot: RunSnapshot): void {
    const { subjects, config, state, data, optimizer, scaler, carried, parts } = this.setup;
    if (config.deterministic) expectSameMachine(snapshot.machine);
    subjects.model.loadStateDict(weights);
    optimizer.loadStateDict(snapshot.optimizer);
    scaler?.loadStateDict(snapshot.scaler);
    carried.load(snapshot.carried);
    parts.load(snapshot.parts);
    data.restore(snapshot.data);
    Object.assign(state, snapshot.state);
  }

  /** The tokenizer of the checkpoint, where none was given. */
  private async findTokenizer({ path }: Checkpoint): Promise<void> {
    const { subjects } = this.setup;
    subjects.tokenizer ??= await loadTokenizer(modelFolder(path)).catch((error: unknown) => {
      if (isPalabraError(error) && error.details.code === 'ENOENT') return undefined;
      throw error;
    });
  }
}
