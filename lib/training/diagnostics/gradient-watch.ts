/** A norm this many times the average is a spike; as many spikes in a row are an explosion. */
const FACTOR = 10;
const SPIKES = 3;
/** The share of the average that remains in each step, and the steps before it is trusted. */
const DECAY = 0.95;
const TRUSTED_AFTER = 20;

/** A step at which gradients got out of hand. */
export interface GradientExplosion {
  step: number;
  loss: number;
  gradNorm: number;
  /** The average of the norms before. */
  average: number;
  learningRate: number;
}

/** The fields of a step that are watched. */
export type WatchedStep = Omit<GradientExplosion, 'average'>;

/** Sees gradients explode: a loss or norm that is no number, or a norm over 10 times its average, 3 steps in a row. */
export class GradientWatch {
  /** The average of the norms so far. */
  average = 0;
  private seen = 0;
  private spikes = 0;

  /** Looks at the next step. @returns the explosion that it completes */
  see(step: WatchedStep): GradientExplosion | undefined {
    const { loss, gradNorm } = step;
    if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) return { ...step, average: this.average };
    const spike = this.seen >= TRUSTED_AFTER && gradNorm > FACTOR * this.average;
    this.spikes = spike ? this.spikes + 1 : 0;
    if (!spike) this.learn(gradNorm);
    return this.spikes >= SPIKES ? { ...step, average: this.average } : undefined;
  }

  /** Forgets the spikes, not the average. */
  resetSpikes(): void {
    this.spikes = 0;
  }

  private learn(gradNorm: number): void {
    // The plain mean until there are enough values for a moving one.
    const share = Math.max(1 - DECAY, 1 / ++this.seen);
    this.average += share * (gradNorm - this.average);
  }
}
