import { raise } from '../../core/index.js';
import type { DecodeState, LanguageModel } from '../../models/interface/index.js';

/** A state of one sequence that recorded passes change in place and that can start anew. */
export type RecurrentState = DecodeState & Required<Pick<DecodeState, 'reserve'>>;

/**
 * The state of a recurrent model, ready to be carried from window to window.
 * @throws PalabraError of code PAL_UNSUPPORTED for a model whose context is limited or whose state can't be recorded
 */
export function createRecurrentState(model: LanguageModel): RecurrentState {
  const { recurrent, replayable } = model.stateTraits;
  if (recurrent && replayable) {
    const state = model.newState(1) as RecurrentState;
    state.reserve(1);
    return state;
  }
  const fix = 'Leave stateful out; a stride below the context gives each token more context.';
  raise('PAL_UNSUPPORTED', { where: 'score', expected: 'a recurrent model for stateful', received: model.kind, fix });
}
