import { expectPositiveInteger } from '../core/index.js';
import { embedding } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import { normalInitializer } from './initialize.js';
import type { Initializer } from './initialize.js';
import { Module } from './module.js';
import { parameter } from './roles.js';

/** A table of vectors: y = W[id]. */
export class Embedding extends Module {
  /** `[rows, width]`. */
  weight: Tensor;

  constructor(
    readonly rows: number,
    readonly width: number,
    { initialize = normalInitializer(1) }: { initialize?: Initializer } = {},
  ) {
    super();
    expectPositiveInteger('Embedding', 'rows', rows);
    expectPositiveInteger('Embedding', 'width', width);
    this.weight = parameter(initialize([rows, width]));
  }

  override summary(): string {
    return `${this.rows} × ${this.width}`;
  }

  /**
   * @param ids - `[…]`, int64 below `rows`
   * @returns `[…, width]`
   */
  forward(ids: Tensor): Tensor {
    return embedding(ids, this.weight);
  }
}
