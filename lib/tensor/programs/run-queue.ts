import { loadAddon } from '../../native/index.js';
import type { Slot } from '../../native/index.js';

/** A run that waits for those before it. */
export interface WaitingRun {
  /** Its inputs, which no one may change while it waits. */
  readonly slots: readonly Slot[];
  /** Starts it; true where it is under way then, and {@link RunQueue.next} is called once it settles. Throws nothing. */
  start(): boolean;
}

interface Place {
  run: WaitingRun;
  /** The hold on its inputs. */
  hold: number;
}

/**
 * The runs of all programs of this thread, one under way at a time, in the order in which they were asked for: only
 * when one has settled is it known which gradients the next one finds.
 */
class RunQueue {
  private readonly waiting: Place[] = [];
  private busy = false;

  /** Tests if no run is under way. */
  get idle(): boolean {
    return !this.busy;
  }

  /** Starts a run, while the queue is idle. */
  start(run: WaitingRun): void {
    this.busy = true;
    this.busy = run.start();
  }

  /** Starts a run when those before it have settled. */
  wait(run: WaitingRun): void {
    this.waiting.push({ run, hold: hold(run) });
  }

  /** Takes out a run that waits. @returns whether it did */
  drop(run: WaitingRun): boolean {
    const index = this.waiting.findIndex((place) => place.run === run);
    if (index < 0) return false;
    release(this.waiting.splice(index, 1)[0]!);
    return true;
  }

  /** Starts what waits, after a run has settled. */
  next(): void {
    this.busy = false;
    while (this.idle && this.waiting.length > 0) {
      // What waits comes later: the run may change its inputs.
      this.waiting.forEach(release);
      this.start(this.waiting.shift()!.run);
      for (const place of this.waiting) place.hold = hold(place.run);
    }
  }
}

function hold({ slots }: WaitingRun): number {
  return loadAddon().programHold([...slots]);
}

function release(place: Place): void {
  loadAddon().programRelease(place.hold);
}

/** The queue of this thread. */
export const runQueue = new RunQueue();
