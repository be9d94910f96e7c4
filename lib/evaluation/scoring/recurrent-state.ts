import { raise } from '../../core/index.js';
import type { DecodeState, LanguageModel } from '../../models/index.js';

/** A state of one sequence that recorded passes change in place and that can start anew. */
export type RecurrentState = DecodeState & Required<Pick<DecodeState, 'reserve' | 'reset'>>;

/**
 * The state of a recurrent model, ready to be carried from window to window.
 * @throws PalabraError of code PAL_UNSUPPORTED for a model whose context is limited or whose state can't be recorded
 */
export function createRecurrentState(model: LanguageModel): RecurrentState {
  const state = model.newState(1);
  if (model.config.contextLength === undefined && canReset(state)) {
    state.reserve(1);
    return state;
  }
  state.dispose();
  const fix = 'Leave stateful out; a stride below the context gives each token more context.';
  raise('PAL_UNSUPPORTED', { where: 'score', expected: 'a recurrent model for stateful', received: model.kind, fix });
}

function canReset(state: DecodeState): state is RecurrentState {
  return state.reserve !== undefined && state.reset !== undefined;
}
