import { Module, buffer } from '../../nn/index.js';
import { zeros } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { RowGroups } from './row-groups.js';

/** What all adapted modules of a model share: which adapters act, and how. */
export class AdapterState extends Module {
  /** The adapters that act, in this order. */
  active: readonly string[] = [];
  /** False while a call goes without adapters. */
  enabled = true;
  /** True while the updates are part of the weights. */
  merged = false;
  /** Whether dropout acts in the call under way; undefined for the module's own mode. */
  dropping: boolean | undefined;
  /** The rows of the batch by their adapters, in a call that gives each one of its own. */
  readonly rows = new RowState();
  /** Read by every pass, so that one recorded under another state is recorded anew. */
  witness: Tensor = createWitness();

  /** Notes a change of what adapted modules compute. */
  renew(): void {
    this.witness.dispose();
    this.witness = createWitness();
  }
}

/** Holds tensors that no walk over a module meets: they live as long as one call. */
class RowState {
  groups: RowGroups | undefined;
}

/** Refers to the state that a model holds, for a module that must not hold it itself. */
export class StateReference {
  constructor(readonly state: AdapterState) {}
}

function createWitness(): Tensor {
  return buffer(zeros([]), { persistent: false });
}
