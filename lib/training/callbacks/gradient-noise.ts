import { GradientNoise } from '../../optim/index.js';
import type { GradientNoiseOptions } from '../../optim/index.js';
import type { Tensor } from '../../tensor/index.js';
import type { CallbackState, Callback } from './callback.js';

/** Adds noise to all gradients before their norm is taken; see `GradientNoise`. */
export class GradientNoiseCallback implements Callback {
  readonly name = 'gradient-noise';
  private readonly noise: GradientNoise;

  constructor(options: GradientNoiseOptions, device: string) {
    this.noise = new GradientNoise(options, device);
  }

  /** An update that is left out doesn't count: the noise falls with those that are made. */
  onGradients(parameters: readonly Tensor[]): (skip: Tensor) => void {
    this.noise.add(parameters);
    return (skip) => this.noise.advance(skip);
  }

  onEnd(): void {
    this.noise.dispose();
  }

  save(): CallbackState {
    return { tensors: this.noise.stateDict() };
  }

  load({ tensors = {} }: CallbackState): void {
    this.noise.loadStateDict(tensors);
  }
}
