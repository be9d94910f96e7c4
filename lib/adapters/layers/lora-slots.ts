import { Module } from '../../nn/index.js';
import type { AdapterState } from './adapter-state.js';
import { StateReference } from './adapter-state.js';
import type { RowGroups } from './row-groups.js';
import type { LoraFactors } from './lora-factors.js';

/** The adapters of one module, by name. */
export class LoraSlots extends Module {
  readonly factors: Record<string, LoraFactors> = {};
  private readonly reference: StateReference;

  constructor(state: AdapterState) {
    super();
    this.reference = new StateReference(state);
  }

  override extraRepr(): string {
    return Object.keys(this.factors).join(', ');
  }

  /** Whether dropout acts in this call. */
  get dropping(): boolean {
    return this.reference.state.dropping ?? this.training;
  }

  /**
   * The adapters that act in this call, in their order.
   * @returns none where they are off, or part of the weight already
   */
  listActing(): LoraFactors[] {
    const { active, enabled, merged, witness } = this.reference.state;
    // Whatever records this pass holds the tensor.
    witness.detach();
    return enabled && !merged ? active.flatMap((name) => this.get(name) ?? []) : [];
  }

  /** The rows of the batch by their adapters; undefined where all have the same. */
  get rows(): RowGroups | undefined {
    return this.reference.state.rows.groups;
  }

  /**
   * An adapter by name.
   * @param name - of the adapter
   * @returns its factors here; undefined where it leaves the module alone
   */
  get(name: string): LoraFactors | undefined {
    return Object.hasOwn(this.factors, name) ? this.factors[name] : undefined;
  }
}
