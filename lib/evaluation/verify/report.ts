/** The verdict of a check; `skipped` says that the model or the options leave nothing to check. */
export type Verdict = 'passed' | 'failed' | 'skipped';

/** The name of a check. */
export type CheckName =
  | 'causality'
  | 'targets'
  | 'batch independence'
  | 'packing isolation'
  | 'cache equality'
  | 'idempotent evaluation'
  | 'rows of the state'
  | 'noise control';

/** Result of one check. */
export interface Check {
  name: CheckName;
  verdict: Verdict;
  /** One sentence for people: what was done and seen, and for a failure what usually causes it. */
  explanation: string;
  /** The measure that decided: a largest change, a share or a loss in nats. */
  value?: number;
  /** The bound that the measure was held against. */
  limit?: number;
}

/** Result of {@link verify}. */
export interface VerifyReport {
  /** True where no check failed. */
  passed: boolean;
  checks: Check[];
}

/** A verdict over a measure. */
export function createCheck(
  name: CheckName,
  passed: boolean,
  explanation: string,
  figures: { value?: number; limit?: number } = {},
): Check {
  return { name, verdict: passed ? 'passed' : 'failed', explanation, ...figures };
}

/** Creates a check that was not made. */
export function skipCheck(name: CheckName, explanation: string): Check {
  return { name, verdict: 'skipped', explanation };
}

/** A number in three digits. */
export function formatDigits(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
