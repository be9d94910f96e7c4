import { raise } from '../../core/index.js';
import type { Module } from '../../nn/index.js';
import { cat, equal } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { expectAdapter } from '../adapter-registry.js';
import { listAdapted } from '../adapter-tensors.js';
import type { ModuleNames } from '../config/module-names.js';
import type { LoraFactors } from '../layers/lora-factors.js';
import { KEYS, PREFIX } from './keys.js';

/** A tensor of an adapter's file, and those of the adapter that it holds. */
export interface FileTensor {
  /** Its key in the file. */
  key: string;
  /** The tensors of the adapter: one below the other in the file, or all of them alike. */
  parts: readonly Tensor[];
  /** True where the file holds one tensor that all parts are alike. */
  shared: boolean;
  /** True where the file has `[in, out]`. */
  transposed: boolean;
}

/**
 * The tensors that the file of an adapter has, by PEFT's keys.
 * @param where - named in the error
 * @param model - the root
 * @param name - of the adapter, which is no part of a key
 * @param names - of modules in the file
 * @returns the tensors in the order of the model
 * @throws ArgumentError for a module that the file has in one with others, of which some are not adapted alike
 */
export function listFileTensors(where: string, model: Module, name: string, names: ModuleNames): FileTensor[] {
  const { registry } = expectAdapter(where, model, name);
  const factors = new Map<string, LoraFactors>();
  for (const { path, lora } of listAdapted(model)) {
    const own = lora.get(name);
    if (own !== undefined) factors.set(path, own);
  }
  const groups = new Set([...factors.keys()].map((path) => names.toTheirs(path).theirs));
  const fromFactors = [...groups].flatMap((theirs) => {
    const parts = names.toOurs(theirs).ours.map((path) => factors.get(path) ?? throwPartly(where, theirs, path));
    return listGroup(`${PREFIX}${theirs}`, parts);
  });
  const replaced = registry.replacements[name] ?? {};
  return [...fromFactors, ...listReplaced(where, replaced, factors, names)];
}

function listGroup(theirs: string, parts: readonly LoraFactors[]): FileTensor[] {
  const [a, b] = parts[0]!.table ? [KEYS.tableA, KEYS.tableB] : [KEYS.A, KEYS.B];
  const magnitudes = parts.flatMap(({ magnitude }) => magnitude ?? []);
  const rows = { shared: false, transposed: false };
  return [
    { key: `${theirs}${a}`, parts: parts.map(({ A }) => A), ...rows, shared: true },
    { key: `${theirs}${b}`, parts: parts.map(({ B }) => B), ...rows },
    ...(magnitudes.length === 0 ? [] : [{ key: `${theirs}${KEYS.magnitude}`, parts: magnitudes, ...rows }]),
  ];
}

function listReplaced(
  where: string,
  replaced: Readonly<Record<string, Tensor>>,
  factors: ReadonlyMap<string, LoraFactors>,
  names: ModuleNames,
): FileTensor[] {
  const keys = new Map<string, { theirs: string; ours: readonly string[]; transposed: boolean; leaf: string }>();
  for (const path of Object.keys(replaced)) {
    const [module, leaf] = [path.slice(0, path.lastIndexOf('.')), path.slice(path.lastIndexOf('.') + 1)];
    // A tensor of an adapted module lies in PEFT's base layer.
    const inside = factors.has(module) ? '.base_layer' : '';
    const name = names.toTheirs(module);
    keys.set(`${PREFIX}${name.theirs}${inside}.${leaf}`, { ...name, leaf });
  }
  return [...keys].map(([key, { theirs, ours, transposed, leaf }]) => ({
    key,
    parts: ours.map((path) => replaced[`${path}.${leaf}`] ?? throwPartly(where, theirs, path)),
    shared: false,
    transposed: transposed && leaf === 'weight',
  }));
}

function throwPartly(where: string, theirs: string, path: string): never {
  return raise('PAL_ARGUMENT', {
    where,
    expected: `all parts of ${theirs}, which the file has as one, to be adapted`,
    received: `none on ${path}`,
  });
}

/**
 * The tensor that the file has.
 * @param where - named in the error
 * @param tensor - of the adapter
 * @returns a tensor of its own or one of the parts, in the dtype of the parts
 * @throws ArgumentError where the file holds one for parts that differ
 */
export function packTensor(where: string, { key, parts, shared, transposed }: FileTensor): Tensor {
  const [first] = parts.map((part) => part.detach());
  if (parts.length === 1) return transposed ? first!.transpose(0, 1).contiguous() : first!;
  if (!shared) {
    const whole = cat(parts.map((part) => part.detach()), 0); // prettier-ignore
    return transposed ? whole.transpose(0, 1).contiguous() : whole;
  }
  if (parts.every((part) => part === parts[0] || equal(part, first!))) return first!;
  return raise('PAL_UNSUPPORTED', {
    where,
    expected: `one A for all parts of ${key}, which the file has as one`,
    received: 'parts that were trained apart',
    fix: 'Merge the adapter and save the model.',
  });
}

/**
 * Cuts a tensor of the file into those of the adapter.
 * @param tensor - what the adapter has
 * @param stored - what the file has
 * @returns views of `stored`, one for each part
 */
export function unpackTensor({ parts, shared, transposed }: FileTensor, stored: Tensor): Tensor[] {
  const whole = transposed ? stored.transpose(0, 1) : stored;
  if (shared) return parts.map(() => whole);
  const sizes = parts.map(({ shape }) => shape[0] ?? 0);
  return sizes.length === 1 ? [whole] : whole.split(sizes, 0);
}

/**
 * The shape that the file has.
 * @param tensor - of the adapter
 * @returns its sizes
 */
export function computeFileShape({ parts, shared, transposed }: FileTensor): number[] {
  const [rows, ...rest] = parts[0]!.shape;
  const all = shared ? (rows ?? 0) : parts.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
  return transposed ? [...rest, all] : [all, ...rest];
}
