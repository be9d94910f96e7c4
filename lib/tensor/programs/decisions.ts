/** Tests if what a recorded function went by is as it found it. */
export type Decisions = () => boolean;

/** Told the slots of tensors from outside that a recording came to, once it ends. */
export type RecordingObserver = (externals: ReadonlySet<number>) => Decisions;

const observers: (() => RecordingObserver)[] = [];

/**
 * Observes every recording of a program: plain values that JavaScript goes by are not among its operators.
 * @param begin - called before a recording, gives what is called after it; a replay is made only while its answer holds
 */
export function observeRecordings(begin: () => RecordingObserver): void {
  observers.push(begin);
}

/**
 * Begins to observe a recording.
 * @returns to be called once it ends, also where it fails
 */
export function startObserving(): RecordingObserver {
  const begun = observers.map((begin) => begin());
  return (externals) => {
    const decisions = begun.map((end) => end(externals));
    return () => decisions.every((hold) => hold());
  };
}
