import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { throwFileError, raise } from '../../core/index.js';
import { saveModelTensors } from '../../models/index.js';
import type { SaveModelOptions } from '../../models/index.js';
import type { Module, NamedTensors } from '../../nn/index.js';
import { openSafetensors, saveSafetensors } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { CheckpointContent } from './checkpoint-store.js';

/** The callbacks of a checkpoint. */
const FILES = {
  model: 'model',
  weights: 'model/model.safetensors',
  tensors: 'training.safetensors',
  values: 'training.json',
};
/** In the hashes of tensors, the place of those that no file of the checkpoint holds. */
const BASE = 'base';

/** Everything a run goes on from. */
export interface TrainingState {
  /** With the weights that are evaluated and published. */
  model: Module;
  /** Weights of the model that the run leaves as they are: of these there is only a hash (default: none). */
  base?: NamedTensors;
  /** What lies beside the model. */
  beside: Omit<SaveModelOptions, 'replace'>;
  /** Tensors of the optimizer and of callbacks, and the trained weights where they aren't those of the model. */
  tensors: Record<string, Tensor>;
  /** Everything else, as plain data. */
  values: unknown;
}

/**
 * The bytes that the tensors of a state take.
 * @param state - weights, and tensors of optimizer and callbacks
 * @returns bytes in memory, which is nearly those on disk
 */
function countBytes(state: TrainingState): number {
  const all = [...Object.values(listStored(state)), ...Object.values(state.tensors)];
  return all.reduce((sum, tensor) => sum + tensor.bytes, 0);
}

/** The tensors of the model that a checkpoint holds. */
function listStored({ model, base = {} }: TrainingState): NamedTensors {
  return Object.fromEntries(Object.entries(model.stateDict()).filter(([name]) => !(name in base)));
}

/**
 * A state as the content of a checkpoint.
 * @param state - it is read when the checkpoint is written
 * @returns its bytes, and what writes it as {@link writeState} does
 */
export function packState(state: TrainingState): CheckpointContent {
  return { bytes: countBytes(state), write: (directory) => writeState(directory, state) };
}

/**
 * Writes a state into a directory: the folder of the model, the other tensors, the values.
 * @param directory - a path that exists
 * @param state - tensors keep their dtypes; values are plain data
 * @returns the hash of each tensor by file and name
 */
async function writeState(directory: string, state: TrainingState): Promise<Record<string, string>> {
  const { model, base = {}, beside, tensors, values } = state;
  const stored = listStored(state);
  await saveModelTensors(join(directory, FILES.model), model, stored, beside);
  await saveSafetensors(join(directory, FILES.tensors), tensors);
  await writeFile(join(directory, FILES.values), `${JSON.stringify(values, encodeNonFinite, 1)}\n`);
  return {
    ...(await hashTensors(FILES.weights, stored)),
    ...(await hashTensors(FILES.tensors, tensors)),
    ...(await hashTensors(BASE, base)),
  };
}

/**
 * Reads the plain data of a checkpoint whose files have been compared with the manifest.
 * @param directory - of the checkpoint
 * @returns the values as they were written, NaN and infinities included
 * @throws PalabraError of code PAL_FILE when the file cannot be read
 */
export async function readValues(directory: string): Promise<unknown> {
  const path = join(directory, FILES.values);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => throwFileError('checkpoint', path, cause));
  return JSON.parse(text, decodeNonFinite) as unknown;
}

/**
 * Reads the tensors of a checkpoint and compares each with its hash in the manifest.
 * @param directory - of the checkpoint
 * @param expected - the hashes by file and name
 * @returns the weights of the model, and the tensors of optimizer and callbacks, in the shapes and dtypes they were
 *   written in
 * @throws CheckpointError naming the first tensor that differs
 */
export function readTensors(
  directory: string,
  expected: Readonly<Record<string, string>>,
): Record<'weights' | 'tensors', Record<string, Tensor>> {
  return {
    weights: readFileTensors(directory, FILES.weights, expected),
    tensors: readFileTensors(directory, FILES.tensors, expected),
  };
}

/**
 * Adds the weights that a checkpoint doesn't hold from the model that goes on.
 * @param weights - that the checkpoint holds
 * @param model - must have the others
 * @param expected - the hashes by file and name
 * @returns all weights of the checkpoint; those of the model are shared, not copied
 * @throws CheckpointError naming the first weight of the model that differs from that of the run
 */
export function addBase(
  weights: NamedTensors,
  model: Module,
  expected: Readonly<Record<string, string>>,
): NamedTensors {
  const state = model.stateDict();
  const names = Object.keys(expected).filter((key) => key.startsWith(`${BASE}/`));
  const own = names.map((key) => key.slice(BASE.length + 1)).filter((name) => name in state);
  for (const name of own) expectBase(name, state[name]!, expected[`${BASE}/${name}`]!);
  return { ...Object.fromEntries(own.map((name) => [name, state[name]!])), ...weights };
}

function expectBase(name: string, tensor: Tensor, sha256: string): void {
  const found = hashTensor(tensor);
  if (found === sha256) return;
  raise('PAL_CHECKPOINT', {
    where: 'Trainer',
    expected: `the base of the run, whose ${name} has SHA-256 ${sha256}`,
    received: found,
    fix: 'Go on with the model that the run was started with: its checkpoints hold only what is trained.',
    details: { name },
  });
}

/**
 * The folder of the model in a checkpoint, for `loadModel`: with adapters it holds only what is trained.
 * @param directory - of the checkpoint
 * @returns its path
 */
export function getModelFolder(directory: string): string {
  return join(directory, FILES.model);
}

function readFileTensors(
  directory: string,
  name: string,
  expected: Readonly<Record<string, string>>,
): Record<string, Tensor> {
  using file = openSafetensors(join(directory, name));
  const entries = file.names.map((key): [string, Tensor] => [key, checkHash(file.tensor(key), name, key, expected)]);
  return Object.fromEntries(entries);
}

function checkHash(tensor: Tensor, file: string, name: string, expected: Readonly<Record<string, string>>): Tensor {
  const [stored, found] = [expected[`${file}/${name}`], hashTensor(tensor)];
  if (stored === found) return tensor;
  return raise('PAL_CHECKPOINT', {
    where: file,
    expected: `${name} with SHA-256 ${stored ?? 'in the manifest'}`,
    received: found,
    fix: 'The checkpoint is damaged: take another one.',
    details: { name },
  });
}

/** JSON has no NaN and no infinities: they are stored as `{"$number":"NaN"}`. */
function encodeNonFinite(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? { $number: String(value) } : value;
}

function decodeNonFinite(_: string, value: unknown): unknown {
  const { $number } = (value ?? {}) as { $number?: unknown };
  return typeof $number === 'string' ? Number($number) : value;
}

/** The event loop gets its turn between two tensors. */
async function hashTensors(file: string, tensors: Readonly<Record<string, Tensor>>): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const [name, tensor] of Object.entries(tensors)) {
    found[`${file}/${name}`] = hashTensor(tensor);
    await setImmediate();
  }
  return found;
}

function hashTensor(tensor: Tensor): string {
  return createHash('sha256').update(tensor.bits()).digest('hex');
}
