import { LanguageModel } from '../../lib/models/index.js';
import type { DecodeState, ForwardContext } from '../../lib/models/index.js';
import { tensor } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { FakeState } from './fake-state.js';

/** A model that always expects the next id up to the last, then 0; it counts what it reads. */
export class CountingModel extends LanguageModel {
  readonly kind = 'counting';
  readonly config: { vocabSize: number; contextLength?: number };
  /** The number of tokens of each forward pass. */
  readonly reads: number[] = [];
  /** States not yet disposed of. */
  open = 0;

  constructor(vocabSize: number, contextLength?: number) {
    super();
    this.config = { vocabSize, ...(contextLength === undefined ? {} : { contextLength }) };
  }

  forward(ids: Tensor, { state }: ForwardContext = { training: false }): Tensor {
    const rows = ids.tolist() as number[][];
    this.reads.push(rows[0]!.length);
    (state as FakeState).advance(rows[0]!.length);
    const next = rows.map((row) => row.map((id) => this.oneHot((id + 1) % this.config.vocabSize)));
    return tensor(next);
  }

  newState(batch: number): DecodeState {
    return new FakeState(Array<number>(batch).fill(0), (states) => void (this.open += states));
  }

  private oneHot(id: number): number[] {
    return Array.from({ length: this.config.vocabSize }, (_, i) => (i === id ? 50 : 0));
  }
}
