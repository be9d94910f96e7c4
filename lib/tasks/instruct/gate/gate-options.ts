import { expectCount, expectPositiveInteger, expectRange, expectString } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';

/** What a new version has to reach. */
export interface GateOptions {
  /** The most that the perplexity on general text may grow over the base's, as a share (default 0.03). */
  regression?: number | undefined;
  /** A file of general text, paragraphs between empty lines (default: sentences in Spanish and English). */
  regressionFile?: string | undefined;
  /** The most that the perplexity on files trained in earlier runs may surely grow, as a share (default 0.03). */
  forgetting?: number | undefined;
  /** The least share of answers that end (default 0.95). */
  endRate?: number | undefined;
  /** The share of repeated runs of three tokens that answers must stay below (default 0.2). */
  repetition?: number | undefined;
  /** Held-out questions that are answered; 0 leaves these checks out (default 16). */
  prompts?: number | undefined;
  /** The most tokens of an answer (default 128). */
  maxTokens?: number | undefined;
}

/** {@link GateOptions} with their defaults. */
export type GateSettings = Record<Exclude<keyof GateOptions, 'regressionFile'>, number> &
  Pick<GateOptions, 'regressionFile'>;

/** The keys of {@link GateOptions}. */
export const gateKeys: OptionChecks<GateOptions> = {
  regression: expectShare,
  regressionFile: expectString,
  forgetting: expectShare,
  endRate: expectRate,
  repetition: expectRate,
  prompts: expectCount,
  maxTokens: expectPositiveInteger,
};

function expectShare(where: string, name: string, value: unknown): unknown {
  return value === undefined ? value : expectRange(where, name, value, { min: 0 });
}

function expectRate(where: string, name: string, value: unknown): unknown {
  return value === undefined ? value : expectRange(where, name, value, { min: 0, max: 1 });
}

/**
 * Fills in the defaults of a gate.
 * @param options - as they are given
 * @returns all settings
 */
export function resolveGate(options: GateOptions = {}): GateSettings {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const shares = { regression: 0.03, forgetting: 0.03, endRate: 0.95, repetition: 0.2 };
  return { ...shares, prompts: 16, maxTokens: 128, ...given };
}
