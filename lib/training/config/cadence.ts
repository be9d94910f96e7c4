import type { Limits, RunProgress } from './limits.js';

/** Evaluations of a run, and checkpoints, where their number is not named. */
export const EVALUATIONS = 10;

/** Tells when something is due that comes again and again: after some updates, or where those are unknown by the time. */
export class Cadence {
  private passed: number | undefined;

  /**
   * @param every - updates between two; undefined for each tenth of the run, by updates or time
   * @param limits - of the run
   */
  constructor(
    private readonly every: number | undefined,
    private readonly limits: Limits,
  ) {}

  /** True where it is due; by time once for each tenth that has passed since this was asked first. */
  isDue(progress: RunProgress): boolean {
    if (this.every !== undefined) return progress.step % this.every === 0;
    const tenths = Math.floor(this.limits.share(progress) * EVALUATIONS);
    const before = this.passed ?? tenths;
    this.passed = tenths;
    return tenths > before;
  }
}
