import { Module, buffer, parameter } from '../../nn/index.js';
import { arange, aten, cat, full, noGrad, randint, zeros } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { ActiveNoiseConfig } from './noise-config.js';

/** The low 32 bits of an integer. */
const LOW = 0xffffffff;

/**
 * Gaussian noise of a scale that is fixed, falls over the passes of training, or is learned. Its numbers follow from a
 * seed that is drawn with the weights, the number of the pass and the place, and not from the generator of dropout: models
 * with and without it drop the same values, and a run that goes on after a resume goes on with it.
 * @remarks The loss of language models drives a learned scale to zero; it is reported as `noise`.
 */
export class ExplorationNoise extends Module {
  /** The learned scale, `[]`. */
  scale: Tensor | undefined;
  /** Passes of training so far, `[]`, int64. */
  passes: Tensor;
  /** `[]`, int64, below 2³¹. */
  seed: Tensor;

  constructor(readonly config: ActiveNoiseConfig) {
    super();
    this.scale = config.type === 'learned' ? parameter(full([], config.scale), { kind: 'scalar' }) : undefined;
    this.passes = buffer(zeros([], { dtype: 'int64' }));
    this.seed = buffer(randint(0, 2 ** 31 - 1, [], { dtype: 'int64' }));
  }

  /**
   * Adds noise.
   * @param x - `[B, n, C]`, floating
   * @param place - an integer that no other noise of the pass has
   * @param passes - of training before this one, `[]`, int64 (default: those that were counted)
   * @returns the shape and dtype of `x`
   */
  forward(x: Tensor, place: number, passes = this.passes): Tensor {
    const noise = noGrad(() => drawNormal(x.shape, this.createKey(passes, place)).to(x.dtype));
    return x.add(noise.mul(this.readScale(passes).to(x.dtype)));
  }

  /**
   * The scale of a pass.
   * @param passes - of training before it, `[]`, int64 (default: those that were counted)
   * @returns a scalar `[]`, float32
   */
  readScale(passes = this.passes): Tensor {
    const { config, scale } = this;
    if (scale !== undefined) return scale;
    if (config.type !== 'cosine') return full([], config.scale, { device: this.device });
    const share = passes.to('float32').div(config.passes).clamp({ max: 1 });
    const falling = share.mul(Math.PI).cos().add(1).div(2); // 1 to 0
    return falling.mul(config.from - config.to).add(config.to);
  }

  /** Counts a pass of training. */
  count(): void {
    noGrad(() => void this.passes.add_(1));
  }

  private createKey(passes: Tensor, place: number): Tensor {
    return mixBits(mixBits(mixBits(this.seed).add(passes)).add(place));
  }
}

/**
 * Normal numbers that follow from a key.
 * @param shape - of the numbers
 * @param key - `[]`, int64
 * @returns float64
 * @see Box and Muller 1958, https://doi.org/10.1214/aoms/1177706645
 */
function drawNormal(shape: readonly number[], key: Tensor): Tensor {
  const numel = shape.reduce((product, size) => product * size, 1);
  const half = Math.ceil(numel / 2);
  const draw = (from: number): Tensor =>
    mixBits(mixBits(arange(from, from + half, 1, { dtype: 'int64', device: key.device })).add(key)).to('float64');
  // Between 0 and 1 without both, so that the logarithm is finite.
  const radius = draw(0)
    .add(0.5)
    .div(LOW + 1)
    .log()
    .mul(-2)
    .sqrt();
  const angle = draw(half).mul((2 * Math.PI) / (LOW + 1));
  const both = cat([radius.mul(angle.cos()), radius.mul(angle.sin())], 0);
  return both.narrow(0, 0, numel).reshape([...shape]);
}

/**
 * Mixes the low 32 bits of integers.
 * @param x - int64
 * @returns int64 from 0 to 2³² − 1, the same shape
 * @see Wellons 2018, https://nullprogram.com/blog/2018/07/31/, lowbias32
 */
function mixBits(x: Tensor): Tensor {
  const fold = (value: Tensor, shift: number): Tensor =>
    aten.bitwise_xor_Tensor(value, aten.bitwise_right_shift_Tensor_Scalar(value, shift));
  const multiply = (value: Tensor, factor: number): Tensor => aten.bitwise_and_Scalar(value.mul(factor), LOW);
  const first = multiply(fold(aten.bitwise_and_Scalar(x, LOW), 16), 0x7feb352d);
  return fold(multiply(fold(first, 15), 0x846ca68b), 16);
}
