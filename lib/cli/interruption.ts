import { isPalabraError } from '../core/index.js';

/** Exit codes of an end by a signal, as shells give them: 128 and the number of the signal. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

const SIGNALS = Object.keys(EXIT_CODES) as Signal[];

type Signal = keyof typeof EXIT_CODES;

/** The reason that work was stopped. */
class Interruption {
  readonly exitCode: number;

  constructor(signal: Signal) {
    this.exitCode = EXIT_CODES[signal];
  }
}

/**
 * Does work that can be stopped: the first Ctrl-C, SIGTERM or SIGHUP aborts its signal, so that it can tidy up; a second
 * one ends the process at once.
 */
export async function withInterruption<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (signal: Signal): void => {
    if (controller.signal.aborted) process.exit(EXIT_CODES[signal]);
    controller.abort(new Interruption(signal));
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    return await work(controller.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

/** The exit code for an error that a signal brought about; undefined for other errors. */
export function getInterruptionCode(error: unknown): number | undefined {
  return isPalabraError(error) && error.cause instanceof Interruption ? error.cause.exitCode : undefined;
}
