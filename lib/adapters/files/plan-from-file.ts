import { raise } from '../../core/index.js';
import type { Module } from '../../nn/index.js';
import type { SafetensorsReader } from '../../tensor/index.js';
import type { AdapterPlan } from '../add-adapter.js';
import type { LoraConfig } from '../config/lora-config.js';
import type { ModuleNames } from '../config/module-names.js';
import { listCandidates, resolveRank, selectTargets } from '../config/targets.js';
import type { Target } from '../config/targets.js';
import { selectSaved } from '../replacements.js';
import { KEYS, PREFIX } from './keys.js';
import type { StoredConfig } from './adapter-config.js';

/**
 * Plans the adapter of a file: the modules whose factors it holds, which are those that its configuration names.
 * @param path - of the file, named in errors
 * @param file - its tensors
 * @param model - the root
 * @param config - of `adapter_config.json`
 * @param names - of modules in the file
 * @returns the configuration and the modules; nothing is changed yet
 * @throws CheckpointError naming modules that are missing in the file, or in the model
 */
export function planFromFile(
  path: string,
  file: SafetensorsReader,
  model: Module,
  config: StoredConfig,
  names: ModuleNames,
): Omit<AdapterPlan, 'name'> {
  const held = listHeldModules(path, file, model, names);
  const complete: LoraConfig = { ...config, targetModules: config.targetModules ?? held };
  // PEFT takes the last letters of a path: `norm` is every norm.
  const endsAlike = (module: string, name: string) => names.toTheirs(module).theirs.endsWith(name);
  const saved = selectSaved('loadAdapter', model, complete.modulesToSave, endsAlike);
  const targets = selectTargets(
    'loadAdapter',
    model,
    { ...complete, rankPattern: {}, alphaPattern: {} },
    { names, saved },
  );
  expectSame(path, held, targets);
  const own = targets.map((target) => ({ ...target, ...resolveRank(target.path, complete, names) }));
  return { config: complete, targets: own, saved };
}

/** The modules here whose factors a file holds. */
function listHeldModules(path: string, file: SafetensorsReader, model: Module, names: ModuleNames): string[] {
  const known = listCandidates(model);
  const held = new Set<string>();
  for (const key of file.names) {
    const ending = [KEYS.A, KEYS.tableA].find((end) => key.endsWith(end));
    if (ending === undefined || !key.startsWith(PREFIX)) continue;
    const theirs = key.slice(PREFIX.length, -ending.length);
    for (const ours of names.toOurs(theirs).ours) held.add(known.has(ours) ? ours : throwUnknown(path, key));
  }
  if (held.size === 0)
    raise('PAL_CHECKPOINT', { where: path, expected: `keys ${PREFIX}…${KEYS.A}`, received: 'none', details: { path } });
  return [...held];
}

function expectSame(path: string, held: readonly string[], targets: readonly Target[]): void {
  const wanted = new Set(targets.map((target) => target.path));
  const missing = [...wanted].filter((module) => !held.includes(module)).map((module) => `${module} is missing`);
  const unknown = held.filter((module) => !wanted.has(module)).map((module) => `${module} is no target`);
  const problems = [...missing, ...unknown];
  if (problems.length === 0) return;
  raise('PAL_CHECKPOINT', {
    where: path,
    expected: `factors of exactly the ${wanted.size} modules that target_modules names`,
    received: `${problems.slice(0, 8).join('; ')}${problems.length > 8 ? '; …' : ''}`,
    fix: 'Compare adapter_config.json with the weights: they belong to different adapters.',
    details: { path, problems },
  });
}

function throwUnknown(path: string, key: string): never {
  return raise('PAL_CHECKPOINT', {
    where: path,
    expected: 'factors of linear maps and tables of the model',
    received: key,
    fix: 'Load it on the base it was trained on; for names of foreign folders give layouts.',
    details: { path, key },
  });
}
