import { formatSuggestion, raise } from '../../core/index.js';
import { Embedding, Linear, getParameterRole } from '../../nn/index.js';
import type { Module } from '../../nn/index.js';
import type { LoraConfig } from './lora-config.js';
import type { ModuleNames } from './module-names.js';

/** A module that an adapter can be laid on. */
export type Adaptable = Linear | Embedding;

/** A module that an adapter is laid on, with its own settings. */
export interface Target {
  path: string;
  module: Adaptable;
  r: number;
  loraAlpha: number;
}

/** The settings that decide on the rank and α of each module. */
type Ranks = Pick<LoraConfig, 'r' | 'loraAlpha' | 'rankPattern' | 'alphaPattern'>;

/** What a choice of modules goes by. */
export interface TargetContext {
  names: ModuleNames;
  /** The paths of modules that are trained whole, which are no targets. */
  saved: readonly string[];
}

/** What a choice of modules is made of. */
interface Choice {
  where: string;
  config: LoraConfig;
  names: ModuleNames;
  /** By path. */
  candidates: ReadonlyMap<string, Adaptable>;
}

/**
 * Chooses the modules that an adapter is laid on, and the rank and α of each.
 * @param where - named in the error
 * @param model - the root
 * @param config - of the adapter
 * @param context - names of modules, and those that are trained whole
 * @returns the modules in the order of the model, at least one
 * @throws ArgumentError for a name, a pattern or a layer that fits nothing, listing the candidates
 */
export function selectTargets(
  where: string,
  model: Module,
  config: LoraConfig,
  { names, saved }: TargetContext,
): Target[] {
  const choice = { where, config, names, candidates: listCandidates(model) };
  const wanted = selectNamed(choice);
  const excluded = new Set(
    (config.excludeModules ?? []).flatMap((name) => expectMatches(choice, 'excludeModules', name)),
  );
  const isWhole = (path: string) => saved.some((module) => path === module || path.startsWith(`${module}.`));
  const paths = [...choice.candidates.keys()].filter(
    (path) => wanted.has(path) && !excluded.has(path) && !isWhole(path),
  );
  if (paths.length === 0) throwNoTarget(choice, 'targetModules', 'no module', [...choice.candidates.keys()]);
  const patterns = [...Object.keys(config.rankPattern), ...Object.keys(config.alphaPattern)];
  for (const pattern of patterns) expectMatches(choice, 'rankPattern and alphaPattern', pattern, paths);
  return paths.map((path) => ({ path, module: choice.candidates.get(path)!, ...resolveRank(path, config, names) }));
}

/**
 * The linear maps and tables of a model; those inside an adapted one are part of it.
 * @param model - the root
 * @returns the modules by path
 */
export function listCandidates(model: Module): Map<string, Adaptable> {
  const found = new Map<string, Adaptable>();
  for (const [path, module] of model.namedModules()) {
    const inside = path.endsWith('.base') && found.has(path.slice(0, -'.base'.length));
    const isAdaptable = module instanceof Linear || module instanceof Embedding;
    if (isAdaptable && !inside && path !== '') found.set(path, module);
  }
  return found;
}

function selectNamed(choice: Choice): Set<string> {
  const { config, candidates } = choice;
  const layers = expectLayers(choice);
  const inLayers = (path: string): boolean => layers === undefined || layers.has(findLayer(path) ?? -1);
  if (config.targetModules === 'all-linear')
    return new Set(
      [...candidates].filter(([path, module]) => isHiddenMap(module) && inLayers(path)).map(([path]) => path),
    );
  return new Set(config.targetModules.flatMap((name) => selectByName(choice, name, inLayers)));
}

function selectByName(choice: Choice, name: string, inLayers: (path: string) => boolean): string[] {
  const paths = expectMatches(choice, 'targetModules', name);
  const outside = paths.find((path) => findLayer(path) === undefined);
  if (choice.config.layersToTransform === undefined || outside === undefined) return paths.filter(inLayers);
  return throwNoTarget(choice, 'layersToTransform', `${outside}, which is in no layer,`, []);
}

/** A linear map that gives no logits: neither a head nor tied to a table. */
function isHiddenMap(module: Adaptable): boolean {
  const kind = module instanceof Linear ? (getParameterRole(module.weight)?.kind ?? 'matrix') : 'embedding';
  return kind !== 'head' && kind !== 'embedding';
}

/** The layers to adapt, each of which is there; undefined for all. */
function expectLayers(choice: Choice): Set<number> | undefined {
  const { layersToTransform: layers } = choice.config;
  if (layers === undefined) return undefined;
  const known = new Set([...choice.candidates.keys()].flatMap((path) => findLayer(path) ?? []));
  const wanted = new Set(typeof layers === 'number' ? [layers] : layers);
  for (const layer of wanted)
    if (!known.has(layer)) throwNoTarget(choice, 'layersToTransform', `layer ${layer}`, [...known].map(String));
  return wanted;
}

/** The first number in a path; undefined where there is none. */
function findLayer(path: string): number | undefined {
  const part = path.split('.').find((name) => /^\d+$/.test(name));
  return part === undefined ? undefined : Number(part);
}

function expectMatches(choice: Choice, option: string, name: string, among?: readonly string[]): string[] {
  const paths = among ?? [...choice.candidates.keys()];
  const found = paths.filter((path) => choice.names.matches(path, name));
  return found.length > 0 ? found : throwNoTarget(choice, option, JSON.stringify(name), paths);
}

/**
 * The rank and α of a module.
 * @param path - of the module
 * @param config - of the adapter, with patterns by name
 * @param names - by which modules are known
 * @returns those of the first pattern that matches, or the adapter's own
 */
export function resolveRank(path: string, config: Ranks, names: ModuleNames): Pick<Target, 'r' | 'loraAlpha'> {
  const find = (pattern: Readonly<Record<string, number>>) =>
    Object.entries(pattern).find(([name]) => names.matches(path, name))?.[1];
  const r = find(config.rankPattern) ?? config.r;
  return { r, loraAlpha: find(config.alphaPattern) ?? config.loraAlpha ?? 2 * config.r };
}

function throwNoTarget({ where, names }: Choice, option: string, received: string, paths: readonly string[]): never {
  const parts = [...new Set(paths.flatMap((path) => [getLastPart(path), getLastPart(names.toTheirs(path).theirs)]))];
  const near = formatSuggestion(received.replaceAll('"', ''), parts);
  const known = near.startsWith('Known') || parts.length === 0 ? '' : ` Known: ${parts.slice(0, 24).join(', ')}.`;
  return raise('PAL_ARGUMENT', {
    where,
    expected: `${option} to name linear maps or tables of the model`,
    received: `${received} without a match`,
    fix: `${near}${known}`.trim(),
    details: { candidates: paths },
  });
}

function getLastPart(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
