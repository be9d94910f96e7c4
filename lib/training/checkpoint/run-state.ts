import { Buffer } from 'node:buffer';
import type { Tensor } from '../../tensor/index.js';
import { getRandomState, setRandomState } from '../../tensor/index.js';
import type { Machine } from './determinism.js';
import type { RunIdentity } from '../run-directory/run-identity.js';
import type { CallbackState } from '../callbacks/callback.js';
import type { RunProgress } from '../config/limits.js';
import type { CursorPosition } from '../step/data-cursor.js';
import type { TrainerEvaluation } from '../report.js';

/** The progress of a run. */
export interface RunState extends RunProgress {
  /** Micro-batches that a batch is cut into. */
  microBatches: number;
  /** The latest evaluation. */
  latest: TrainerEvaluation | undefined;
  /** The best evaluation. */
  best: TrainerEvaluation | undefined;
}

/**
 * The progress before the first step.
 * @param microBatches - that a batch is cut into, a positive integer
 * @returns a state of its own, all counts 0
 */
export function createRunState(microBatches: number): RunState {
  return { step: 0, epoch: 0, totalTokens: 0, seconds: 0, microBatches, latest: undefined, best: undefined };
}

/** All that a checkpoint holds beside the weights. */
export interface RunSnapshot {
  state: RunState;
  data: CursorPosition;
  /** The trained weights, where the model of the checkpoint holds their average; else empty. */
  weights: Record<string, Tensor>;
  optimizer: Record<string, Tensor>;
  scaler: Record<string, Tensor>;
  /** The states that batches hand on. */
  recurrent: Record<string, Tensor>;
  callbacks: Record<string, CallbackState>;
  /** The machine that the checkpoint was made on. */
  machine: Machine;
  /** The data and the tokenizer of the run. */
  identity: RunIdentity;
}

/** The plain data of a snapshot. */
interface StoredValues {
  state: RunState;
  data: CursorPosition;
  /** The environment's stream of random numbers, in base 64. */
  random: string;
  machine: Machine;
  /** Absent in older checkpoints. */
  identity?: RunIdentity;
  callbacks: Record<string, unknown>;
}

/**
 * Takes a snapshot apart into tensors and plain data, the environment's random stream among them.
 * @param snapshot - all that a checkpoint holds beside the weights
 * @returns tensors by path, shared, not copied, and values that JSON can hold
 */
export function packSnapshot({ state, data, callbacks, machine, identity, ...groups }: RunSnapshot): {
  tensors: Record<string, Tensor>;
  values: StoredValues;
} {
  const random = Buffer.from(getRandomState()).toString('base64');
  const values = Object.entries(callbacks).map(([name, callback]) => [name, callback.values] as const);
  const callbackTensors = Object.entries(callbacks).flatMap(([name, callback]) =>
    addPrefix(`callbacks/${name}/`, callback.tensors ?? {}),
  );
  return {
    tensors: Object.fromEntries([
      ...addPrefix('weights/', groups.weights),
      ...addPrefix('optimizer/', groups.optimizer),
      ...addPrefix('scaler/', groups.scaler),
      ...addPrefix('recurrent/', groups.recurrent),
      ...callbackTensors,
    ]),
    values: {
      state,
      data,
      random,
      machine,
      identity,
      callbacks: Object.fromEntries(values.map(([name, value]) => [name, value ?? null])),
    },
  };
}

/**
 * Puts a snapshot together again, and the environment's random stream where it was.
 * @param tensors - by path, as {@link packSnapshot} gives them
 * @param stored - the plain data
 * @returns the snapshot; its tensors are shared, not copied
 */
export function unpackSnapshot(tensors: Readonly<Record<string, Tensor>>, stored: unknown): RunSnapshot {
  const { state, data, random, machine, identity = {}, callbacks } = stored as StoredValues;
  setRandomState(new Uint8Array(Buffer.from(random, 'base64')));
  const stateOf = (name: string, values: unknown): CallbackState => ({
    tensors: stripPrefix(`callbacks/${name}/`, tensors),
    values: values ?? undefined,
  });
  return {
    state: { ...state, latest: state.latest, best: state.best },
    data,
    machine,
    identity,
    weights: stripPrefix('weights/', tensors),
    optimizer: stripPrefix('optimizer/', tensors),
    scaler: stripPrefix('scaler/', tensors),
    recurrent: stripPrefix('recurrent/', tensors),
    callbacks: Object.fromEntries(Object.entries(callbacks).map(([name, values]) => [name, stateOf(name, values)])),
  };
}

function addPrefix(prefix: string, tensors: Readonly<Record<string, Tensor>>): [string, Tensor][] {
  return Object.entries(tensors).map(([name, tensor]) => [`${prefix}${name}`, tensor]);
}

function stripPrefix(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const found = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(found.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}
