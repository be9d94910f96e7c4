import { raise } from '../../core/index.js';
import { arange, dims, outer, scope, tensor } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import { Module } from '../module.js';
import { buffer } from '../parameters.js';
import { computeInverseFrequencies } from './rotary-scaling.js';
import type { RotaryScaling } from './rotary-scaling.js';

/** Cosines and sines of the angles at some positions, each `[T, D/2]` or `[B, T, D/2]`. */
export interface RotaryAngles {
  cos: Tensor;
  sin: Tensor;
  /** The values that are rotated together (default `halves`). */
  pairs?: RotaryPairs | undefined;
}

/** The pairs of a head's vector: (i, i + D/2), or (2i, 2i + 1). */
export type RotaryPairs = 'halves' | 'adjacent';

/**
 * Rotary positions: pair i of a head's vector is rotated by position · base^(−2i/D); pairs are (i, i + D/2), or
 * adjacent values. A scaling changes the angles.
 * @see Su et al. 2021, https://arxiv.org/abs/2104.09864
 */
export class RotaryPositions extends Module {
  /** `[contextLength, D/2]`, computed from the settings. */
  cos: Tensor;
  /** `[contextLength, D/2]`, computed from the settings. */
  sin: Tensor;

  constructor(
    readonly headWidth: number,
    readonly contextLength: number,
    readonly base = 10_000,
    readonly scaling?: RotaryScaling,
    readonly pairs: RotaryPairs = 'halves',
  ) {
    super();
    if (headWidth % 2 !== 0) {
      const fix = 'Choose width and heads so that width / heads is even.';
      raise('PAL_ARGUMENT', {
        where: 'RotaryPositions',
        expected: 'an even headWidth',
        received: String(headWidth),
        fix,
      });
    }
    const { cos, sin } = scope(() => computeAngles(computeInverseFrequencies(headWidth, base, scaling), contextLength));
    this.cos = buffer(cos, { persistent: false });
    this.sin = buffer(sin, { persistent: false });
  }

  override extraRepr(): string {
    const scaling = this.scaling === undefined ? '' : `, ${this.scaling.type} scaling by ${this.scaling.factor}`;
    return `${this.headWidth}, base ${this.base}${scaling}${this.pairs === 'halves' ? '' : ', adjacent pairs'}`;
  }

  /**
   * The angles at `length` positions from `start` on, or at given positions.
   * @param start - the first position, from 0; not read where positions are given
   * @param length - T; not read where positions are given
   * @param positions - `[B, T]`, int64, each below the context length
   * @returns cosines and sines, float32 unless the module was converted: `[T, D/2]`, or `[B, T, D/2]` at given
   *   positions
   */
  at(start: number, length: number, positions?: Tensor): RotaryAngles {
    const { pairs } = this;
    if (positions === undefined)
      return { cos: this.cos.narrow(0, start, length), sin: this.sin.narrow(0, start, length), pairs };
    const { B, T } = dims(positions, 'B T');
    const rows = positions.reshape([B * T]);
    const pick = (table: Tensor) => table.indexSelect(0, rows).reshape([B, T, this.headWidth / 2]);
    return { cos: pick(this.cos), sin: pick(this.sin), pairs };
  }
}

function computeAngles(frequencies: readonly number[], contextLength: number): RotaryAngles {
  const positions = arange(0, contextLength, 1, { dtype: 'float64' });
  const angles = outer(positions, tensor([...frequencies], { dtype: 'float64' })); // T D/2
  return { cos: angles.cos().to('float32'), sin: angles.sin().to('float32') };
}
