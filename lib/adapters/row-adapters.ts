import { raise } from '../core/index.js';
import type { Module } from '../nn/index.js';
import { expectAdapter, expectUnmerged, findRegistry } from './adapter-registry.js';
import { expectSynchronous } from './expect-synchronous.js';
import { RowGroups } from './layers/row-groups.js';

/**
 * Calls a function while each row of a batch has an adapter of its own; what the base computes is computed once for all.
 *
 * @param model - the root, whose modules take tensors `[B, …]`
 * @param names - the adapter of each of the B rows; undefined for none
 * @param fn - synchronous
 * @returns what it returns
 * @throws ArgumentError for a name that no adapter has, of code PAL_UNSUPPORTED for one with biases or modules trained
 *   whole, and while adapters are merged
 * @throws ShapeError inside, for a batch of another number of rows
 * @example withRowAdapters(model, ['poems', 'letters', undefined], () => model.forward(ids));
 */
export function withRowAdapters<T>(model: Module, names: readonly (string | undefined)[], fn: () => T): T {
  const where = 'withRowAdapters';
  for (const name of new Set(names)) if (name !== undefined) expectUpdatesAlone(where, model, name);
  const registry = findRegistry(model);
  if (registry === undefined) return fn();
  expectUnmerged(where, registry);
  const { state } = registry;
  const before = state.rows.groups;
  using groups = new RowGroups(names, model.device);
  state.rows.groups = groups;
  state.renew();
  try {
    return expectSynchronous(where, fn());
  } finally {
    state.rows.groups = before;
    state.renew();
  }
}

function expectUpdatesAlone(where: string, model: Module, name: string): void {
  const { registry } = expectAdapter(where, model, name);
  if (Object.keys(registry.replacements[name] ?? {}).length === 0) return;
  const received = `${JSON.stringify(name)}, which has tensors in the place of the model's`;
  raise('PAL_UNSUPPORTED', { where, expected: 'adapters that add to linear maps and tables alone', received });
}
