import { checkOptions } from '../../core/index.js';
import { findMisalignment, findDataRatio, findLeak, findUnknownWords } from './checks/data.js';
import { findDeadLearningRate, findOverfitting, findPlateau, findUndertraining } from './checks/fit.js';
import { findHotSampling, findRepetition } from './checks/samples.js';
import { findExplodingGradients, findInitialLoss, findOutOfMemory } from './checks/stability.js';
import { addDocs } from './diagnosis.js';
import type { Diagnosis, Finding, Severity } from './diagnosis.js';
import type { RunRecord } from './record.js';

/** Each looks for one code. */
const checks: readonly ((record: RunRecord) => Finding | undefined)[] = [
  ...[
    findExplodingGradients,
    findOutOfMemory,
    findLeak,
    findInitialLoss,
    findOverfitting,
    findUndertraining,
    findPlateau,
    findDeadLearningRate,
  ],
  ...[findUnknownWords, findDataRatio, findMisalignment, findRepetition, findHotSampling],
];

const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/**
 * All that is wrong with a run; a pure function.
 * @param record - the course of the run, its facts, and samples of its text
 * @returns the diagnoses, the worst first; none where nothing is wrong
 */
export function diagnose(record: RunRecord): Diagnosis[] {
  const found = checks.flatMap((check) => check(record) ?? []);
  return found.map(addDocs).sort((a, b) => rank[a.severity] - rank[b.severity]);
}

/**
 * The exit code of a command that shows diagnoses.
 * @param diagnoses - in any order
 * @param options - by default not strict
 * @param options.strict - an error counts (default false)
 * @returns 2 when it is strict and one of them is an error, else 0
 */
export function selectExitCode(diagnoses: readonly Diagnosis[], options: { strict?: boolean } = {}): 0 | 2 {
  const { strict = false } = checkOptions('selectExitCode', options, { strict: true });
  return strict && diagnoses.some(({ severity }) => severity === 'error') ? 2 : 0;
}

/**
 * A diagnosis on a few lines of text.
 * @param diagnosis - of a run
 * @returns lines without a line break at the end
 */
export function formatDiagnosis({ code, severity, message, advice, docs }: Diagnosis): string {
  return `${severity} ${code}: ${message}\n  ${advice}\n  ${docs}`;
}
