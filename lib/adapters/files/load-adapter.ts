import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OptionChecks } from '../../core/index.js';
import { checkOptions, expectBoolean, raise, throwFileError } from '../../core/index.js';
import type { Module } from '../../nn/index.js';
import { noGrad, openSafetensors, scope } from '../../tensor/index.js';
import type { SafetensorsReader, Tensor } from '../../tensor/index.js';
import { expectAdapterName, layAdapter } from '../add-adapter.js';
import type { AdapterSummary } from '../add-adapter.js';
import { findRegistry } from '../adapter-registry.js';
import type { ModelLayout, ModuleNames } from '../config/module-names.js';
import { resolveNames } from '../config/module-names.js';
import { deleteAdapter } from '../delete-adapter.js';
import { setAdapter, setAdapterTrainable } from '../switch.js';
import { parseAdapterConfig } from './adapter-config.js';
import type { StoredConfig } from './adapter-config.js';
import { hashBase } from './base-hash.js';
import { expectKeys } from './expect-keys.js';
import { listFileTensors, unpackTensor } from './file-tensors.js';
import { BASE_HASH, FILES } from './keys.js';
import { planFromFile } from './plan-from-file.js';

/** Settings of {@link loadAdapter}. */
export interface LoadAdapterOptions {
  /** The adapter's name in the model (default `default`). */
  name?: string;
  /** Layouts of foreign folders, by whose names of modules PEFT knows the model (default: the names here). */
  layouts?: readonly ModelLayout[];
  /** Trains all its tensors further (default false). */
  trainable?: boolean;
  /** Takes an adapter of another base whose modules have the same names and shapes (default false). */
  anyBase?: boolean;
}

/** The keys of {@link LoadAdapterOptions}. */
export const loadAdapterKeys: OptionChecks<LoadAdapterOptions> = {
  name: expectAdapterName,
  layouts: true,
  trainable: expectBoolean,
  anyBase: expectBoolean,
};

/**
 * Lays an adapter on a model that {@link saveAdapter} or PEFT stored; it acts from now on, and the model's own weights
 * are frozen. Nothing is changed where something does not fit.
 *
 * @param folder - with `adapter_config.json` and `adapter_model.safetensors`
 * @param model - the base it was trained on
 * @param options - its name, and names of modules
 * @param options.name - in the model (default `default`)
 * @param options.layouts - of foreign folders, as `findArchitecture('', model.kind).huggingFace` (default: none)
 * @param options.trainable - all its tensors are trained further (default false)
 * @param options.anyBase - takes another base whose modules have the same names and shapes (default false)
 * @returns the modules adapted
 * @throws PalabraError of code PAL_FILE when a file cannot be read
 * @throws ConfigError naming every field that asks for something that is not computed here
 * @throws CheckpointError for another base, and naming tensors that are missing, unknown, misshapen or damaged
 */
export async function loadAdapter(
  folder: string,
  model: Module,
  options: LoadAdapterOptions = {},
): Promise<AdapterSummary> {
  const settings = checkOptions('loadAdapter', options, loadAdapterKeys);
  const config = parseAdapterConfig(join(folder, FILES.config), await readJson(join(folder, FILES.config)));
  const path = join(folder, FILES.weights);
  using file = openSafetensors(path);
  if (settings.anyBase !== true) expectBase(path, file, model);
  return readAdapter(path, file, model, { config, ...settings, names: resolveNames(model, settings.layouts) });
}

interface Reading extends LoadAdapterOptions {
  config: StoredConfig;
  names: ModuleNames;
}

function readAdapter(
  path: string,
  file: SafetensorsReader,
  model: Module,
  { config, names, name = 'default', trainable = false }: Reading,
): AdapterSummary {
  const plan = planFromFile(path, file, model, config, names);
  const before = captureState(model);
  const summary = layAdapter('loadAdapter', model, { ...plan, name });
  try {
    fillAdapter(path, file, model, name, names);
  } catch (error) {
    deleteAdapter(model, name);
    restoreState(model, before);
    throw error;
  }
  setAdapterTrainable(model, name, trainable);
  return { ...summary, trainableParameters: trainable ? summary.trainableParameters : 0 };
}

/** Copies the tensors of a file into an adapter. */
function fillAdapter(path: string, file: SafetensorsReader, model: Module, name: string, names: ModuleNames): void {
  const tensors = listFileTensors('loadAdapter', model, name, names);
  expectKeys(path, file, tensors, model, names);
  scope(() =>
    noGrad(() => {
      for (const tensor of tensors) {
        const stored = unpackTensor(tensor, file.tensor(tensor.key));
        tensor.parts.forEach((part, i) => part.copy_(stored[i]!));
      }
    }),
  );
}

/** Which tensors are trained, and which adapters act. */
interface StateBefore {
  trained: readonly Tensor[];
  active: readonly string[];
}

function captureState(model: Module): StateBefore {
  const trained = Object.values(model.namedParameters({ trainable: true }));
  return { trained, active: findRegistry(model)?.state.active ?? [] };
}

function restoreState(model: Module, { trained, active }: StateBefore): void {
  for (const tensor of trained) tensor.requiresGrad = true;
  setAdapter(model, active);
}

/** Refuses a base other than the one that the file notes; PEFT's files note none. */
function expectBase(path: string, file: SafetensorsReader, model: Module): void {
  const stored = file.metadata[BASE_HASH];
  if (stored === undefined) return;
  const found = hashBase(model);
  if (stored === found) return;
  raise('PAL_CHECKPOINT', {
    where: 'loadAdapter',
    expected: `the base that the adapter was trained on, SHA-256 ${stored}`,
    received: `a model of SHA-256 ${found}`,
    fix: 'Load it on that base; anyBase: true takes any whose modules have the same names and shapes.',
    details: { path, expected: stored, received: found },
  });
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => throwFileError('loadAdapter', path, cause));
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const received = (cause as Error).message;
    return raise('PAL_CONFIG', {
      where: 'loadAdapter',
      expected: `JSON in ${path}`,
      received,
      details: { path },
      cause,
    });
  }
}
