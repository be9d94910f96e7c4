import { raise } from '../core/index.js';
import type { TokenBatch } from '../data/index.js';
import { LstmDecodeState } from '../models/index.js';
import type { LanguageModel } from '../models/index.js';
import { noGrad, scope } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/**
 * The recurrent states that batches hand on, one for each micro-batch of a batch; no gradient flows from one batch into the
 * one before it. They change in place, so that recorded steps carry them too.
 *
 * @remarks Where memory runs out and a batch is cut into more micro-batches, the states start anew.
 */
export class RecurrentStates {
  private readonly states = new Map<string, LstmDecodeState>();

  constructor(private readonly model: LanguageModel) {}

  /** Requires a model that can go through batches such as this. @throws PalabraError of code PAL_UNSUPPORTED otherwise */
  expectSupported({ resetState }: TokenBatch): void {
    if (resetState === undefined) return;
    const state = this.model.newState(1);
    state.dispose();
    if (!(state instanceof LstmDecodeState)) throwNotRecurrent(this.model);
  }

  /**
   * The state that a micro-batch starts from; undefined for batches that don't continue each other.
   * @throws PalabraError of code PAL_UNSUPPORTED when the model has no recurrent state
   */
  stateFor(microBatch: TokenBatch, index = 0): LstmDecodeState | undefined {
    if (microBatch.resetState === undefined) return undefined;
    const key = `${index}:${microBatch.shape[0]}`;
    const state = this.states.get(key) ?? this.newState(key, microBatch.shape[0]);
    if (microBatch.resetState) state.reset();
    return state;
  }

  /** The tensors of all states by micro-batch and rows, shared, not copied. */
  save(): Record<string, Tensor> {
    const entries = [...this.states].map(([key, state]) => {
      const { hidden, cell } = noGrad(() => state.read(state.batch))!;
      return { [`${key}.hidden`]: hidden, [`${key}.cell`]: cell };
    });
    return Object.assign({}, ...entries) as Record<string, Tensor>;
  }

  /** Takes up what {@link RecurrentStates.save} gave. */
  load(tensors: Readonly<Record<string, Tensor>>): void {
    const keys = new Set(Object.keys(tensors).map((name) => name.slice(0, name.lastIndexOf('.'))));
    for (const key of keys) {
      const state = this.newState(key, Number(key.split(':')[1]));
      const { hidden, cell } = noGrad(() => state.read(state.batch))!;
      noGrad(() => scope(() => void [hidden.copy_(tensors[`${key}.hidden`]!), cell.copy_(tensors[`${key}.cell`]!)]));
    }
  }

  /** Frees the states. */
  dispose(): void {
    for (const state of this.states.values()) state.dispose();
    this.states.clear();
  }

  private newState(key: string, rows: number): LstmDecodeState {
    const state = this.model.newState(rows);
    if (!(state instanceof LstmDecodeState)) return throwNotRecurrent(this.model);
    state.reserve();
    this.states.set(key, state);
    return state;
  }
}

function throwNotRecurrent({ kind }: LanguageModel): never {
  raise('PAL_UNSUPPORTED', {
    where: 'TrainStep',
    expected: 'a recurrent model for batches that continue each other',
    received: kind,
    fix: 'Train on windows or packed rows instead.',
  });
}
