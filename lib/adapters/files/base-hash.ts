import { createHash } from 'node:crypto';
import type { Module, NamedTensors } from '../../nn/index.js';
import { findRegistry } from '../adapter-registry.js';
import { listAdapterTensors } from '../adapter-tensors.js';
import { withoutAdapters } from '../switch.js';

/**
 * The identity of a model without its adapters: SHA-256 over the name, shape, dtype and bytes of each stored tensor.
 *
 * @param model - the root
 * @returns 64 hexadecimal digits
 */
export function hashBase(model: Module): string {
  const hash = createHash('sha256');
  for (const [name, tensor] of Object.entries(listBaseTensors(model)).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name} ${tensor.dtype} [${String(tensor.shape)}]\n`);
    hash.update(tensor.bits());
  }
  return hash.digest('hex');
}

function listBaseTensors(model: Module): NamedTensors {
  const registry = findRegistry(model);
  if (registry === undefined) return model.stateDict();
  const own = new Set(listAdapterTensors(model));
  const entries = withoutAdapters(model, () => Object.entries(model.stateDict()));
  return Object.fromEntries(
    entries.filter(([path, tensor]) => !own.has(tensor) && !path.startsWith('adapterRegistry.')),
  );
}
