/** What a check can find; `skipped` says that the model or the options leave nothing to check. */
export type Verdict = 'passed' | 'failed' | 'skipped';

/** The name of a check. */
export type CheckName =
  'causality' | 'targets' | 'batch independence' | 'packing isolation' | 'cache equality' | 'noise control';

/** What one check found. */
export interface Check {
  name: CheckName;
  verdict: Verdict;
  /** One sentence for people: what was done and seen, and for a failure what usually causes it. */
  explanation: string;
  /** The measure that decided: a largest change, a share or a loss in nats. */
  value?: number;
  /** What the measure was held against. */
  limit?: number;
}

/** What {@link verify} found. */
export interface VerifyReport {
  /** Whether no check failed. */
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

/** A check that did not take place. */
export function skipCheck(name: CheckName, explanation: string): Check {
  return { name, verdict: 'skipped', explanation };
}

/** A number in three digits. */
export function formatDigits(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
