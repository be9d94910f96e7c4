import { raise } from '../../core/index.js';
import type { DecodeState, LanguageModel } from '../../models/index.js';

/** A state of one sequence that recorded passes change in place and that can start anew. */
export type CarriedState = DecodeState & Required<Pick<DecodeState, 'reserve' | 'reset'>>;

/**
 * The state of a recurrent model, ready to be carried from window to window.
 * @throws PalabraError of code PAL_UNSUPPORTED for a model whose context is limited or whose state can't be recorded
 */
export function carriedState(model: LanguageModel): CarriedState {
  const state = model.newState(1);
  if (model.config.contextLength === undefined && canStartAnew(state)) {
    state.reserve(1);
    return state;
  }
  state.dispose();
  const fix = 'Leave carry out; a stride below the context gives each token more context.';
  raise('PAL_UNSUPPORTED', { where: 'score', expected: 'a recurrent model for carry', received: model.kind, fix });
}

function canStartAnew(state: DecodeState): state is CarriedState {
  return state.reserve !== undefined && state.reset !== undefined;
}
