import { Random } from '../../core/index.js';
import { Generator, manualSeed, getRandomState, setRandomState } from '../../tensor/index.js';

/**
 * The random numbers of a run: those of a step depend on the seed and the number of the step alone, so that a run goes
 * on after a resume, or makes a step again, as if nothing had happened.
 */
export class StepRandom {
  /** The source of random numbers in recorded steps. */
  readonly generator = new Generator(0);
  private readonly random: Random;

  constructor(seed: number) {
    this.random = new Random(seed).split('steps');
  }

  /** Starts the stream of a step. */
  start(step: number): void {
    const random = this.random.split(step);
    const seed = (BigInt(random.uint32()) << 32n) | BigInt(random.uint32());
    this.generator.manualSeed(seed);
    // Operators that take no generator draw from one of the process; the environment's own stays where it is.
    const state = getRandomState();
    manualSeed(seed);
    setRandomState(state);
  }

  /** Frees the generator. */
  dispose(): void {
    this.generator.dispose();
  }
}
