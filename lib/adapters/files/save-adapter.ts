import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OptionChecks } from '../../core/index.js';
import { checkOptions, createParent, expectBoolean, expectString, writeDirectoryAtomic } from '../../core/index.js';
import type { Module } from '../../nn/index.js';
import { saveSafetensors, scope } from '../../tensor/index.js';
import { expectAdapter } from '../adapter-registry.js';
import type { AdapterEntry } from '../adapter-registry.js';
import { listAdapted } from '../adapter-tensors.js';
import type { LoraConfig } from '../config/lora-config.js';
import type { ModelLayout, ModuleNames } from '../config/module-names.js';
import { resolveNames } from '../config/module-names.js';
import { listCandidates } from '../config/targets.js';
import { hashBase } from './base-hash.js';
import { listFileTensors, packTensor } from './file-tensors.js';
import { BASE_HASH, FILES } from './keys.js';

/** Settings of {@link saveAdapter}. */
export interface SaveAdapterOptions {
  /** The adapter's name in the model (default `default`); no file holds it. */
  name?: string;
  /** Layouts of foreign folders, by whose names of modules PEFT knows the model (default: the names here). */
  layouts?: readonly ModelLayout[];
  /** What the base is called, as PEFT looks for it (default: not said). */
  baseModel?: string;
  /** Replaces a folder that is there, as a whole (default false). */
  replace?: boolean;
}

/** The keys of {@link SaveAdapterOptions}. */
export const saveAdapterKeys: OptionChecks<SaveAdapterOptions> = {
  name: expectString,
  layouts: true,
  baseModel: expectString,
  replace: expectBoolean,
};

/**
 * Writes an adapter as PEFT does: `adapter_config.json` and `adapter_model.safetensors`, with the identity of the base.
 * After a crash at any moment there is the whole new folder or what was there before.
 *
 * @param folder - its path; folders above it are made
 * @param model - the root
 * @param options - the adapter, and names of modules
 * @param options.name - of the adapter (default `default`)
 * @param options.layouts - of foreign folders, as `findArchitecture('', model.kind).huggingFace` (default: none)
 * @param options.baseModel - the name of the base (default: not said)
 * @param options.replace - of a folder that is there, with all its files (default false)
 * @returns once all is on the disk
 * @throws ArgumentError for a name that no adapter has
 * @throws PalabraError of code PAL_FILE when the folder exists and `replace` is not set, or the disk refuses
 */
export async function saveAdapter(folder: string, model: Module, options: SaveAdapterOptions = {}): Promise<void> {
  const where = 'saveAdapter';
  const { name = 'default', layouts, baseModel, replace = false } = checkOptions(where, options, saveAdapterKeys);
  const { entry } = expectAdapter(where, model, name);
  const names = resolveNames(model, layouts);
  const metadata = { format: 'pt', [BASE_HASH]: hashBase(model) };
  const fields = { ...describeConfig(model, name, entry, names), base_model_name_or_path: baseModel ?? null };
  const fill = async (directory: string): Promise<void> => {
    await writeFile(join(directory, FILES.config), `${JSON.stringify(fields, null, 2)}\n`);
    await scope(() => {
      const tensors = listFileTensors(where, model, name, names);
      const packed = tensors.map((tensor) => [tensor.key, packTensor(where, tensor)] as const);
      // The values are read at once; the promise is of the disk alone.
      return { saved: saveSafetensors(join(directory, FILES.weights), Object.fromEntries(packed), { metadata }) };
    }).saved;
  };
  await createParent(where, folder);
  await writeDirectoryAtomic(folder, fill, { replace });
}

/** The fields of `adapter_config.json`; ranks and α that differ are named module by module. */
function describeConfig(model: Module, name: string, { config, modules, saved }: AdapterEntry, names: ModuleNames) {
  const theirs = (path: string) => names.toTheirs(path).theirs;
  const own = listAdapted(model).flatMap(({ path, lora }) => {
    const factors = lora.get(name);
    return factors === undefined ? [] : [{ path: theirs(path), factors }];
  });
  const alpha = config.loraAlpha ?? 2 * config.r;
  const pattern = <K extends 'r' | 'loraAlpha'>(key: K, usual: number) =>
    Object.fromEntries(own.flatMap(({ path, factors }) => (factors[key] === usual ? [] : [[path, factors[key]]])));
  return {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    inference_mode: true,
    r: config.r,
    lora_alpha: alpha,
    lora_dropout: config.loraDropout,
    target_modules: describeTargets(model, modules, names),
    modules_to_save: saved.length === 0 ? null : saved.map(theirs),
    bias: toTheirBias(config.bias),
    fan_in_fan_out: modules.some((path) => names.toTheirs(path).transposed),
    use_rslora: config.useRslora,
    use_dora: config.useDora,
    rank_pattern: pattern('r', config.r),
    alpha_pattern: pattern('loraAlpha', alpha),
    init_lora_weights: true,
  };
}

function toTheirBias(bias: LoraConfig['bias']): string {
  return bias === 'loraOnly' ? 'lora_only' : bias;
}

/** Last parts of their paths where these name the adapted modules and no other; else the paths. */
function describeTargets(model: Module, modules: readonly string[], names: ModuleNames): string[] {
  const adapted = new Set(modules.map((path) => names.toTheirs(path).theirs));
  const last = new Set([...adapted].map((path) => path.slice(path.lastIndexOf('.') + 1)));
  const others = [...listCandidates(model).keys()].map((path) => names.toTheirs(path).theirs);
  const isPlain = others.every((path) => adapted.has(path) || !last.has(path.slice(path.lastIndexOf('.') + 1)));
  return [...(isPlain ? last : adapted)];
}
