import type { Module } from '../../nn/index.js';

/** A tensor of a foreign folder, and those of a model here that it holds, one below the other along the output axis. */
export interface LayoutRule {
  readonly theirs: string;
  readonly ours: readonly string[];
  /** True where theirs is `[in, out]`. */
  readonly transposed?: boolean;
}

/** A layout of foreign folders, as `findArchitecture(where, model.kind).huggingFace` lists them. */
export interface ModelLayout {
  /** Their configuration for ours, or what it has no field for. */
  fromConfig(config: never): object;
  /** One rule for each of their tensors. */
  rules(config: never): readonly LayoutRule[];
}

/** A module under the name that a foreign folder has for it. */
export interface ForeignName {
  theirs: string;
  /** The modules here that make up theirs, in order. */
  ours: readonly string[];
  transposed: boolean;
}

/** The names of a model's modules, here and in foreign folders. */
export class ModuleNames {
  private readonly byOurs = new Map<string, ForeignName>();
  private readonly byTheirs = new Map<string, ForeignName>();

  /** @param rules - of tensors; those named `weight` name their modules (default: both have the names here) */
  constructor(rules: readonly LayoutRule[] = []) {
    for (const { theirs, ours, transposed = false } of rules) {
      if (!theirs.endsWith('.weight')) continue;
      const name = { theirs: stripLeaf(theirs), ours: ours.map(stripLeaf), transposed };
      this.byTheirs.set(name.theirs, name);
      for (const path of name.ours) this.byOurs.set(path, name);
    }
  }

  /** Their name of a module here; the same path where no rule names it. */
  toTheirs(path: string): ForeignName {
    return this.byOurs.get(path) ?? { theirs: path, ours: [path], transposed: false };
  }

  /** The modules here under their name; the same path where no rule names it. */
  toOurs(theirs: string): ForeignName {
    return this.byTheirs.get(theirs) ?? { theirs, ours: [theirs], transposed: false };
  }

  /** Tests if a path, here or there, is the name or ends with it after a dot. */
  matches(path: string, name: string): boolean {
    return hasLastName(path, name) || hasLastName(this.toTheirs(path).theirs, name);
  }
}

/**
 * The names of a model's modules in the first of some layouts that says all of its configuration.
 * @param model - the root
 * @param layouts - of foreign folders
 * @returns the names; those here where no layout fits
 */
export function resolveNames(model: Module, layouts: readonly ModelLayout[] = []): ModuleNames {
  const { config = {} } = model as { config?: object };
  const layout = layouts.find((candidate) => !('unsupported' in candidate.fromConfig(config as never)));
  // A tied head has no tensor of its own in a folder, but a name.
  return new ModuleNames(layout?.rules({ ...config, tied: false } as never));
}

function hasLastName(path: string, name: string): boolean {
  return path === name || path.endsWith(`.${name}`);
}

function stripLeaf(name: string): string {
  return name.slice(0, name.lastIndexOf('.'));
}
