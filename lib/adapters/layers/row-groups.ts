import { raise } from '../../core/index.js';
import { cat, tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';

/** The rows of a batch by their adapter. */
export class RowGroups implements Disposable {
  /** The adapter of each group, undefined for none, and the indices of its rows, `[rows]`, int64. */
  readonly groups: readonly { name: string | undefined; index: Tensor }[];
  private readonly count: number;
  /** The place of each row among the groups one after the other, `[B]`, int64. */
  private readonly places: Tensor;

  /** @param names - the adapter of each row; undefined for none */
  constructor(names: readonly (string | undefined)[], device: string) {
    const distinct = [...new Set(names)];
    const rows = distinct.map((name) => names.flatMap((other, row) => (other === name ? [row] : [])));
    const order = rows.flat();
    const toTensor = (values: readonly number[]) => tensor(values, { dtype: 'int64', device }).keep();
    this.count = names.length;
    this.groups = distinct.map((name, i) => ({ name, index: toTensor(rows[i]!) }));
    this.places = toTensor(names.map((_, row) => order.indexOf(row)));
  }

  /**
   * Puts the results of each group together in the order of the batch.
   * @param x - the input of all rows, `[B, …]`
   * @param compute - the result of one group for its rows of some tensors, `[rows, …]`
   * @returns `[B, …]`
   * @throws ShapeError for another number of rows
   */
  map(x: Tensor, compute: (name: string | undefined, take: (all: Tensor) => Tensor) => Tensor): Tensor {
    if (x.shape[0] !== this.count) {
      const received = `an input of shape [${String(x.shape)}]`;
      raise('PAL_SHAPE', { where: 'withRowAdapters', expected: `${this.count} rows, one for each name`, received });
    }
    const results = this.groups.map(({ name, index }) => compute(name, (all) => all.indexSelect(0, index)));
    return cat(results, 0).indexSelect(0, this.places);
  }

  [Symbol.dispose](): void {
    for (const { index } of this.groups) index.dispose();
    this.places.dispose();
  }
}
