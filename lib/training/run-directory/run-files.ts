import { isPalabraError } from '../../core/index.js';
import { readPreprocess, restoreWeights } from '../../models/index.js';
import { listBaseWeights } from '../../nn/index.js';
import { copyWeights } from '../../step/index.js';
import { Scope, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { loadChatTemplate, loadTokenizer } from '../../text/index.js';
import type { Checkpoint } from '../checkpoint/checkpoint-store.js';
import { addBase, getModelFolder, packState, readTensors, readValues } from '../checkpoint/state-files.js';
import type { TrainingState } from '../checkpoint/state-files.js';
import { expectSameMachine, describeMachine } from '../checkpoint/determinism.js';
import { MEASURED, readScore } from '../best-metric.js';
import { gatherBesideModel } from './beside-model.js';
import { writeModelCard } from './model-card.js';
import type { TrainerEvaluation, TrainerEvent } from '../report.js';
import { expectPassedAgain } from '../config/own-functions.js';
import { describeRunConfig, readRunConfig } from './run-config.js';
import type { RunConfig } from './run-config.js';
import { readModelEvaluation } from './model-evaluation.js';
import { expectSameInputs, hashRunInputs, listDiffering } from './run-identity.js';
import type { RunIdentity } from './run-identity.js';
import type { RunFolder } from './run-folder.js';
import { packSnapshot, unpackSnapshot } from '../checkpoint/run-state.js';
import type { RunSnapshot } from '../checkpoint/run-state.js';
import type { ResumableState, RunSettings } from '../run-settings.js';

/** The settings of a run and everything that its checkpoints hold. */
export type FilesContext = RunSettings & ResumableState;

/** Reads and writes the folder of a run. */
export class RunFiles {
  /** The step of the newest checkpoint. */
  private savedAt = -1;
  private published = false;
  private identity: RunIdentity = {};

  constructor(
    private readonly context: FilesContext,
    private readonly folder: RunFolder,
    private readonly emit: (event: TrainerEvent) => void,
  ) {}

  /** Takes a look at the data and the tokenizer. */
  async identify(): Promise<void> {
    this.identity = await hashRunInputs(this.context.inputs);
  }

  /** Goes to the newest checkpoint that is whole; stays at the start where there is none. */
  async restore(): Promise<void> {
    const found = await this.folder.checkpoints.newest((path, problem) => {
      this.emit({ type: 'damaged-checkpoint', path, problem });
    });
    if (found === undefined) return;
    await this.expectFunctions();
    await this.findBeside(found);
    await this.identify();
    const values = await readValues(found.path);
    scope(() => {
      const hashes = found.manifest.tensors;
      const { weights, tensors } = readTensors(found.path, hashes);
      const snapshot = unpackSnapshot(tensors, values);
      const trained = Object.keys(snapshot.weights).length > 0 ? snapshot.weights : weights;
      this.load(addBase(trained, this.context.inputs.model, hashes), snapshot);
    });
    this.savedAt = this.context.state.step;
    this.published = this.context.state.best !== undefined;
  }

  /** Writes what the run is, and a checkpoint of its start. */
  async begin(): Promise<void> {
    await this.folder.describe(this.runConfig());
    await this.checkpoint();
  }

  /** Saves a checkpoint unless there is one of this step. */
  async checkpoint(): Promise<void> {
    const { state } = this.context;
    if (this.savedAt === state.step) return;
    const start = performance.now();
    // What was seen before a checkpoint is written down once there is one.
    await this.context.callbacks.notify((callback) => callback.onCheckpoint?.());
    const { path, bytes } = await this.save();
    this.savedAt = state.step;
    const seconds = (performance.now() - start) / 1000;
    this.emit({ type: 'checkpoint', step: state.step, path, seconds, bytes });
  }

  /** Puts the weights of the best evaluation into the model, which are those that are published. */
  async restoreBest(): Promise<void> {
    const { inputs, state } = this.context;
    const { modelFolder } = this.folder;
    // A process that was killed may have published a better model than its last checkpoint knows of.
    state.best = (await readModelEvaluation(modelFolder)) ?? state.best;
    restoreWeights(modelFolder, inputs.model);
  }

  /** Writes the folder of the model with the weights that are in place now. */
  async publish(validation: TrainerEvaluation | undefined): Promise<void> {
    const { inputs, state, data } = this.context;
    const facts = { step: state.step, totalTokens: state.totalTokens, epoch: data.epoch, validation };
    const beside = gatherBesideModel(inputs, validation);
    await this.folder.publish(inputs.model, beside, writeModelCard(this.runConfig(), facts));
    this.published = true;
  }

  /** Writes the folder of the model where no evaluation has found a best one. */
  async publishLast(): Promise<void> {
    const { callbacks } = this.context;
    if (!this.published) await callbacks.withWeights(() => this.publish(undefined));
  }

  /** Gives the folder back. */
  close(): void {
    this.folder.close();
  }

  private runConfig(): RunConfig {
    const { inputs, config, named, own, optimizer, callbacks } = this.context;
    const names = { optimizer: optimizer.constructor.name, callbacks: callbacks.names };
    return describeRunConfig(inputs, { config, named, own, ...names });
  }

  /** Writes a checkpoint: the model as it is evaluated, and the trained weights beside it where they are others. */
  private async save(): Promise<{ path: string; bytes: number }> {
    const { inputs, state, callbacks, judges } = this.context;
    const latest = state.latest?.step === state.step ? state.latest : undefined;
    const byLoss = latest === undefined || MEASURED.some((name) => name === judges.best.name);
    const facts = { step: state.step, loss: latest?.loss, score: byLoss ? undefined : readScore(latest, judges.best) };
    // Before the first step an average is the weights themselves.
    using trained = callbacks.averages && state.step > 0 ? copyWeights(inputs.model) : undefined;
    // Copies that callbacks make of their state live as long as the save.
    using copies = new Scope();
    const content = copies.run(() => packState(this.trainingState(latest, trained?.tensors ?? {})));
    const write = () => this.folder.checkpoints.save(facts, content);
    const { path } = await (trained === undefined ? write() : callbacks.withWeights(write));
    return { path, bytes: content.bytes };
  }

  private trainingState(latest: TrainerEvaluation | undefined, weights: Record<string, Tensor>): TrainingState {
    const { inputs, state, data, optimizer, scaler, recurrentStates, callbacks } = this.context;
    const base = listBaseWeights(inputs.model);
    const tensors = {
      weights: Object.fromEntries(Object.entries(weights).filter(([name]) => !(name in base))),
      optimizer: optimizer.stateDict(),
      scaler: scaler?.stateDict() ?? {},
      recurrent: recurrentStates.save(),
    };
    const machine = describeMachine();
    return {
      ...{ model: inputs.model, base },
      beside: gatherBesideModel(inputs, latest),
      ...packSnapshot({
        state,
        data: data.save(),
        callbacks: callbacks.save(),
        machine,
        identity: this.identity,
        ...tensors,
      }),
    };
  }

  /** Requires the functions that the run was started with, or settings instead. */
  private async expectFunctions(): Promise<void> {
    const { inputs, named, own } = this.context;
    const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
    const stored = await readRunConfig(this.folder.path);
    expectPassedAgain(stored.own, { ...inputs, ...named, ...given }, 'new Trainer');
  }

  private load(weights: Record<string, Tensor>, snapshot: RunSnapshot): void {
    const { inputs, config, state, data, optimizer, scaler, recurrentStates, callbacks } = this.context;
    if (config.deterministic) expectSameMachine(snapshot.machine);
    if (inputs.allowOtherData !== true) expectSameInputs(snapshot.identity, this.identity);
    inputs.model.loadStateDict(weights);
    optimizer.loadStateDict(snapshot.optimizer);
    scaler?.loadStateDict(snapshot.scaler);
    recurrentStates.load(snapshot.recurrent);
    callbacks.load(snapshot.callbacks);
    if (listDiffering(snapshot.identity, this.identity).includes('train')) data.restart(snapshot.state.epoch);
    else data.restore(snapshot.data);
    Object.assign(state, snapshot.state);
  }

  /** Tokenizer, chat template and preprocessing of the checkpoint, where none were given. */
  private async findBeside({ path }: Checkpoint): Promise<void> {
    const { inputs } = this.context;
    inputs.preprocess ??= await readPreprocess(getModelFolder(path));
    inputs.chatTemplate ??= await loadChatTemplate(getModelFolder(path));
    inputs.tokenizer ??= await loadTokenizer(getModelFolder(path)).catch((error: unknown) => {
      if (isPalabraError(error) && error.details.code === 'ENOENT') return undefined;
      throw error;
    });
  }
}
