import type { RecordAtom } from '../records/record.js';

/** What a verifier is asked. */
export interface VerificationRequest {
  input: string;
  /** In Unicode symbols. */
  formula: string;
  atoms: readonly RecordAtom[];
  locale: 'es';
}

/** What a call used. */
export interface VerificationUsage {
  inputTokens: number;
  outputTokens: number;
  costUsd?: number;
}

/** What a verifier answers. */
export interface VerificationVerdict {
  isCorrect: boolean;
  /** 0 to 1. */
  confidence: number;
  issues: string[];
  correctedFormula?: string | undefined;
  /** Glosses of atoms that the correction adds. */
  correctedAtoms?: RecordAtom[] | undefined;
  usage: VerificationUsage;
  model: string;
}

/** Why a call brought no verdict. */
export interface VerificationFailure {
  /** `retry` may pass by itself, `malformed` is no answer, `fatal` would befall every call. */
  failure: 'retry' | 'malformed' | 'fatal';
  message: string;
  /** How long to wait, in milliseconds, where the service says so. */
  retryAfterMs?: number | undefined;
  usage?: VerificationUsage | undefined;
}

/** Judges whether formulas say what sentences say: a service, a function of one's own, or answers that were recorded. */
export interface Verifier {
  /** Its name in records. */
  readonly provider: string;
  /** Judges once; whether and when to ask again is the caller's affair. */
  verify(
    request: VerificationRequest,
    options: { signal: AbortSignal },
  ): Promise<VerificationVerdict | VerificationFailure>;
}
