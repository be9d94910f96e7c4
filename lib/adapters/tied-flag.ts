import type { Module } from '../nn/index.js';
import type { Tensor } from '../tensor/index.js';

/** A model whose configuration says that its head shares the weight of its table. */
interface TiedModel {
  config: { readonly tied: boolean };
}

/** The configuration that a model had while its head was tied. */
export class TiedConfig {
  before: TiedModel['config'] | undefined;

  /** Gives a model the configuration back that it had. */
  restore(model: Module): void {
    if (this.before !== undefined) (model as unknown as TiedModel).config = this.before;
    this.before = undefined;
  }
}

/**
 * Notes in the configuration of a model that its head has a weight of its own now.
 * @param model - the root; where its `config` doesn't say `tied`, nothing happens
 * @param replaced - weights that others have taken the place of; one that is still used, or stands twice, was shared
 * @returns the configuration before; undefined where nothing was shared
 */
export function clearTiedFlag(model: Module, replaced: readonly Tensor[]): TiedModel['config'] | undefined {
  const { config } = model as unknown as Partial<TiedModel>;
  if (config?.tied !== true) return undefined;
  const used = new Set(listUsed(model));
  if (!replaced.some((tensor, i) => used.has(tensor) || replaced.indexOf(tensor) !== i)) return undefined;
  (model as unknown as TiedModel).config = { ...config, tied: false };
  return config;
}

/** Tensors that modules compute with; those that are kept aside are left out. */
function listUsed(model: Module): Tensor[] {
  return [...model.namedModules()].flatMap(([path, module]) =>
    path.startsWith('adapterRegistry') ? [] : module.ownTensors().map(([, tensor]) => tensor),
  );
}
