import { raise } from '../core/index.js';
import type { TokenBatch } from '../data/index.js';
import { isLanguageModel } from '../models/interface/index.js';
import type { DecodeState, LanguageModel } from '../models/interface/index.js';
import type { Module } from '../nn/index.js';
import { noGrad, scope } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { describeState } from './describe-state.js';

/**
 * The recurrent states that batches hand on, one for each stream and micro-batch of a batch; no gradient flows from one batch into
 * the one before it. They change in place, so that recorded steps carry them too.
 *
 * @remarks Where memory runs out and a batch is cut into more micro-batches, the states start anew.
 */
export class RecurrentStates implements Disposable {
  private readonly states = new Map<string, DecodeState>();

  constructor(private readonly model: Module) {}

  /** Requires a model that can go through batches such as this. @throws PalabraError of code PAL_UNSUPPORTED otherwise */
  expectSupported({ resetState }: TokenBatch): void {
    const { model } = this;
    if (resetState === undefined) return;
    if (isLanguageModel(model) && model.stateTraits.recurrent && model.stateTraits.replayable) return;
    raise('PAL_UNSUPPORTED', {
      where: 'TrainStep',
      expected: 'a recurrent model for batches that continue each other',
      received: isLanguageModel(model) ? model.kind : model.constructor.name,
      fix: 'Train on windows or packed rows instead.',
    });
  }

  /**
   * The state that a micro-batch starts from; undefined for batches that don't continue each other.
   * @throws PalabraError of code PAL_UNSUPPORTED when the model has no recurrent state
   */
  stateFor(microBatch: TokenBatch, index = 0): DecodeState | undefined {
    const { resetState, shape } = microBatch;
    if (resetState === undefined) return undefined;
    this.expectSupported(microBatch);
    const key = describeState(microBatch, index);
    const state = this.states.get(key) ?? this.newState(key, shape[0]);
    const rows = listRows(resetState);
    if (rows.length > 0) state.reset(rows.length === shape[0] ? undefined : rows);
    return state;
  }

  /** The tensors of all states by micro-batch and rows, shared, not copied. */
  save(): Record<string, Tensor> {
    const entries = [...this.states].flatMap(([key, state]) =>
      Object.entries(state.tensors()).map(([name, value]) => [`${key}.${name}`, value] as const),
    );
    return Object.fromEntries(entries);
  }

  /** Takes up what {@link RecurrentStates.save} gave. */
  load(tensors: Readonly<Record<string, Tensor>>): void {
    const keys = new Set(Object.keys(tensors).map((name) => name.slice(0, name.lastIndexOf('.'))));
    for (const key of keys) {
      const state = this.newState(key, Number(key.split(':')[1]));
      noGrad(() =>
        scope(() => {
          for (const [name, value] of Object.entries(state.tensors())) value.copy_(tensors[`${key}.${name}`]!);
        }),
      );
    }
  }

  /** Frees the states. */
  dispose(): void {
    for (const state of this.states.values()) state.dispose();
    this.states.clear();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  private newState(key: string, rows: number): DecodeState {
    // Only after `expectSupported`.
    const state = (this.model as LanguageModel).newState(rows);
    state.reserve!(1);
    this.states.set(key, state);
    return state;
  }
}

/** The rows that a mask holds for. */
function listRows(mask: readonly boolean[]): number[] {
  return mask.flatMap((holds, row) => (holds ? [row] : []));
}
