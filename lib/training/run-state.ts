import { Buffer } from 'node:buffer';
import type { Tensor } from '../tensor/index.js';
import { getRandomState, setRandomState } from '../tensor/index.js';
import type { Machine } from './determinism.js';
import type { PartState } from './part.js';
import type { RunProgress } from './budget.js';
import type { CursorPosition } from './data-cursor.js';
import type { TrainerEvaluation } from './report.js';

/** What a run has reached. */
export interface RunState extends RunProgress {
  /** Pieces that a batch is cut into. */
  pieces: number;
  /** The latest evaluation. */
  latest: TrainerEvaluation | undefined;
  /** The evaluation with the lowest loss. */
  best: TrainerEvaluation | undefined;
}

/** Before the first step. */
export function firstState(pieces: number): RunState {
  return { step: 0, epoch: 0, totalTokens: 0, seconds: 0, pieces, latest: undefined, best: undefined };
}

/** All that a checkpoint holds beside the weights. */
export interface RunSnapshot {
  state: RunState;
  data: CursorPosition;
  optimizer: Record<string, Tensor>;
  scaler: Record<string, Tensor>;
  /** States that batches hand on. */
  carried: Record<string, Tensor>;
  parts: Record<string, PartState>;
  /** What the checkpoint was made with. */
  machine: Machine;
}

/** The plain data of a snapshot. */
interface StoredValues {
  state: RunState;
  data: CursorPosition;
  /** The environment's stream of random numbers, in base 64. */
  random: string;
  machine: Machine;
  parts: Record<string, unknown>;
}

/** Takes a snapshot apart into tensors and plain data. */
export function packed({ state, data, optimizer, scaler, carried, parts, machine }: RunSnapshot): {
  tensors: Record<string, Tensor>;
  values: StoredValues;
} {
  const random = Buffer.from(getRandomState()).toString('base64');
  const values = Object.entries(parts).map(([name, part]) => [name, part.values] as const);
  const partTensors = Object.entries(parts).flatMap(([name, part]) => prefixed(`parts/${name}/`, part.tensors ?? {}));
  return {
    tensors: Object.fromEntries([
      ...prefixed('optimizer/', optimizer),
      ...prefixed('scaler/', scaler),
      ...prefixed('carried/', carried),
      ...partTensors,
    ]),
    values: {
      state,
      data,
      random,
      machine,
      parts: Object.fromEntries(values.map(([name, value]) => [name, value ?? null])),
    },
  };
}

/** Puts a snapshot together again, and the environment's random stream where it was. */
export function unpacked(tensors: Readonly<Record<string, Tensor>>, stored: unknown): RunSnapshot {
  const { state, data, random, machine, parts } = stored as StoredValues;
  setRandomState(new Uint8Array(Buffer.from(random, 'base64')));
  const partOf = (name: string, values: unknown): PartState => ({
    tensors: below(`parts/${name}/`, tensors),
    values: values ?? undefined,
  });
  return {
    state: { ...state, latest: state.latest, best: state.best },
    data,
    machine,
    optimizer: below('optimizer/', tensors),
    scaler: below('scaler/', tensors),
    carried: below('carried/', tensors),
    parts: Object.fromEntries(Object.entries(parts).map(([name, values]) => [name, partOf(name, values)])),
  };
}

function prefixed(prefix: string, tensors: Readonly<Record<string, Tensor>>): [string, Tensor][] {
  return Object.entries(tensors).map(([name, tensor]) => [`${prefix}${name}`, tensor]);
}

function below(prefix: string, tensors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const found = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(found.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}
