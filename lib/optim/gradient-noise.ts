import type { OptionChecks } from '../core/index.js';
import { checkOptions, expectRange } from '../core/index.js';
import { copyState } from '../nn/index.js';
import { Generator, noGrad, randnLike, scope, tensor, zeros } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/** Settings of {@link GradientNoise}. */
export interface GradientNoiseOptions {
  /** Variance at the first update, η (default 0.01). */
  variance?: number;
  /** The exponent of its decay, γ (default 0.55). */
  decay?: number;
  /** Seed of the noise (default 0). */
  seed?: number | bigint;
}

/** The keys of {@link GradientNoiseOptions}. */
export const gradientNoiseKeys: OptionChecks<GradientNoiseOptions> = { variance: true, decay: true, seed: true };

/**
 * Adds Gaussian noise to gradients, less with each update: g ← g + N(0, η / (1 + t)^γ).
 * @remarks It draws from a generator of its own, so dropout and data are the same with and without it.
 * @see Neelakantan et al. 2015, https://arxiv.org/abs/1511.06807, equation 1
 */
export class GradientNoise {
  readonly variance: number;
  readonly decay: number;
  private readonly generator: Generator;
  private readonly updates: Tensor;

  constructor(options: GradientNoiseOptions = {}, device = 'cpu') {
    const { variance = 0.01, decay = 0.55, seed = 0 } = checkOptions('GradientNoise', options, gradientNoiseKeys);
    this.variance = expectRange('GradientNoise', 'variance', variance, { min: 0 });
    this.decay = expectRange('GradientNoise', 'decay', decay, { min: 0 });
    this.generator = new Generator(seed);
    this.updates = zeros([], { dtype: 'float32', device }).keep();
  }

  /** Adds noise to the gradients in place and counts the update; a program can record it. */
  apply(parameters: readonly Tensor[]): void {
    this.add(parameters);
    this.advance();
  }

  /** Adds noise to the gradients in place; the update is yet to be counted. */
  add(parameters: readonly Tensor[]): void {
    noGrad(() =>
      scope(() => {
        const deviation = this.updates
          .add(1)
          .pow(-this.decay / 2)
          .mul(Math.sqrt(this.variance));
        for (const { grad } of parameters) grad?.add_(randnLike(grad, { generator: this.generator }).mul(deviation));
      }),
    );
  }

  /** Counts an update. @param skip - 0-dim float32: 1 for one that is left out, which doesn't count */
  advance(skip?: Tensor): void {
    noGrad(() => scope(() => void this.updates.add_(skip === undefined ? 1 : skip.neg().add(1))));
  }

  /** The count of updates, shared, and a copy of where the noise stands, as bytes. */
  stateDict(): Record<string, Tensor> {
    return { updates: this.updates, generator: tensor(this.generator.state()) };
  }

  /** Goes on from a stored state. @throws CheckpointError when it does not fit */
  loadStateDict(state: Record<string, Tensor>): void {
    copyState('GradientNoise', this.stateDict(), state);
    this.generator.setState(state.generator!.data() as Uint8Array);
  }

  /** Frees the generator and the count. */
  dispose(): void {
    this.generator.dispose();
    this.updates.dispose();
  }
}
