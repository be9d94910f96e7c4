import { noGrad } from '../../../tensor/index.js';
import type { Callback, CallbackState } from '../../../training/index.js';
import type { AuxiliaryHeads } from './auxiliary-heads.js';

/** Holds the weights of auxiliary heads in checkpoints, as the model that is stored has none. */
export class HeadsCallback implements Callback {
  readonly name = 'auxiliary-heads';

  constructor(private readonly heads: AuxiliaryHeads) {}

  save(): CallbackState {
    // Copies: while a checkpoint is written, an average of the weights may stand in their place.
    const weights = Object.entries(this.heads.stateDict());
    return { tensors: noGrad(() => Object.fromEntries(weights.map(([name, value]) => [name, value.clone()]))) };
  }

  load({ tensors = {} }: CallbackState): void {
    this.heads.loadStateDict(tensors);
  }
}
