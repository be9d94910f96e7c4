import { raise } from '../../core/index.js';
import { arange, cat, embedding, outer, scope } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { Module } from '../module.js';
import { buffer } from '../parameters.js';

/**
 * Fixed position vectors: sin(t · base^(−2i/C)) in the first half of the axes, cos of the same in the second.
 * @remarks The paper interleaves sines and cosines; a linear map of the result cannot tell.
 * @see Vaswani et al. 2017, https://arxiv.org/abs/1706.03762, section 3.5
 */
export class SinusoidalPositions extends Module {
  /** `[contextLength, C]`, computed from the settings. */
  table: Tensor;

  constructor(
    readonly contextLength: number,
    readonly width: number,
    readonly base = 10_000,
    /** The root mean square of a vector; that of bare sines is √½. */
    readonly rms = Math.SQRT1_2,
  ) {
    super();
    if (width % 2 !== 0) {
      raise('PAL_ARGUMENT', { where: 'SinusoidalPositions', expected: 'an even width', received: String(width) });
    }
    this.table = buffer(
      scope(() => computeTable(contextLength, width, base).mul(rms / Math.SQRT1_2)),
      { persistent: false },
    );
  }

  override extraRepr(): string {
    return `${this.contextLength} × ${this.width}`;
  }

  /**
   * Looks up the vector of each position.
   * @param positions - `[…]`, int64, from 0 to `contextLength` − 1
   * @returns `[…, C]`, float32 unless the module was converted
   */
  forward(positions: Tensor): Tensor {
    return embedding(positions, this.table);
  }
}

function computeTable(length: number, width: number, base: number): Tensor {
  const exponents = arange(0, width, 2, { dtype: 'float64' }).mul(-Math.log(base) / width);
  const angles = outer(arange(0, length, 1, { dtype: 'float64' }), exponents.exp()); // T C/2
  return cat([angles.sin(), angles.cos()], 1).to('float32');
}
