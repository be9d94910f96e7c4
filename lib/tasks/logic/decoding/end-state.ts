import type { OutputState } from './output-state.js';

/** The whole is written: nothing may follow. */
export class EndState implements OutputState {
  readonly key = 'end';
  readonly need = 0;

  next(): undefined {
    return undefined;
  }
}
