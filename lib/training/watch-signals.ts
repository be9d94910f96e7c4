/** Signals that end a run. */
const SIGNALS = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;
/** The exit codes of an end by a signal: 128 and the number of the signal. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** The watch over a run's signals. */
export interface SignalWatch extends Disposable {
  /** The exit code that tells of the signal that came; undefined while none has. */
  readonly exitCode: number | undefined;
  /** Leaves the signals to others again. */
  dispose(): void;
}

/**
 * Lets Ctrl-C, SIGTERM and SIGHUP, a terminal's end, end a run cleanly: the step under way is finished and a checkpoint saved. A second signal
 * ends the process at once.
 *
 * @param trainer - is stopped by the first signal
 * @param onSignal - hears of the first signal (default: nobody)
 * @returns the watch, which holds the signals until it is disposed of
 * @example
 * using watch = watchSignals(trainer);
 * for await (const step of trainer.steps()) show(step);
 * process.exitCode = watch.exitCode;
 */
export function watchSignals(
  trainer: { stop(reason: string): void },
  onSignal: (signal: (typeof SIGNALS)[number]) => void = () => undefined,
): SignalWatch {
  let exitCode: number | undefined;
  const listen = (signal: (typeof SIGNALS)[number]): void => {
    if (exitCode !== undefined) process.exit(exitCode);
    exitCode = EXIT_CODES[signal];
    trainer.stop(signal);
    onSignal(signal);
  };
  for (const signal of SIGNALS) process.on(signal, listen);
  const dispose = (): void => {
    for (const signal of SIGNALS) process.off(signal, listen);
  };
  return {
    get exitCode() {
      return exitCode;
    },
    dispose,
    [Symbol.dispose]: dispose,
  };
}
