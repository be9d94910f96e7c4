import type { OptionChecks } from '../../core/index.js';
import { checkOptions, expectPositiveInteger, raise } from '../../core/index.js';
import type { TokenBatch } from '../../data/index.js';
import type { LanguageModel } from '../../models/interface/index.js';
import { preserveWeights } from '../../step/index.js';
import { scope } from '../../tensor/index.js';
import { checkCacheEquality } from './cache.js';
import { checkCausality, hasTokenMixing } from './causality.js';
import { checkBatchIndependence } from './independence.js';
import { checkIdempotence } from './idempotence.js';
import { checkNoiseControl } from './noise.js';
import { perturbWeights } from './weight-noise.js';
import { checkPackingIsolation } from './packing.js';
import { Probe } from './probe.js';
import { checkTargets } from './targets.js';
import { skipCheck } from './report.js';
import { checkStateRows } from './state-rows.js';
import type { Check, VerifyReport } from './report.js';

/** Settings of {@link verify}. */
export interface VerifyOptions {
  /** Tokens a sequence (default 16, or the context length where that is less): several segments, where a memory has them. */
  length?: number;
  /** Training steps of the noise control (default 100); 0 leaves it out. */
  noiseSteps?: number;
  /** Learning rate of the noise control (default 0.01). */
  learningRate?: number;
  /** A batch of the training data, whose targets are looked at. */
  rows?: TokenBatch;
  /** The seed of the random sequences (default 0). */
  seed?: number;
}

/** The keys of {@link VerifyOptions}. */
export const verifyKeys: OptionChecks<VerifyOptions> = {
  length: true,
  noiseSteps: true,
  learningRate: true,
  rows: true,
  seed: true,
};

const DEFAULT_LENGTH = 16;

/**
 * Checks a model, one's own architecture included, for the mistakes that make its loss look better than it is:
 * seeing later tokens, targets that aren't shifted, rows or packed documents that see each other, a state that changes
 * the logits, or mixes rows, and a memory that evaluation changes. Weights are as before afterwards; gradients are cleared.
 *
 * @example
 * const report = await verify(model);
 * for (const { name, verdict, explanation } of report.checks) console.log(verdict, name, explanation);
 */
export async function verify(model: LanguageModel, options: VerifyOptions = {}): Promise<VerifyReport> {
  checkOptions('verify', options, verifyKeys);
  const { noiseSteps = 100, learningRate = 0.01, rows } = options;
  const probe = createProbe('verify', model, options);
  if (noiseSteps !== 0) expectPositiveInteger('verify', 'noiseSteps', noiseSteps);
  const checks = [
    ...checkWithMixing(probe, () => [
      checkCausality(probe),
      checkBatchIndependence(probe),
      checkPackingIsolation(probe),
      checkCacheEquality(probe),
      checkIdempotence(probe),
      checkStateRows(probe),
    ]),
    rows === undefined ? skipCheck('targets', 'No batch was given.') : checkTargets(rows),
    noiseSteps === 0
      ? skipCheck('noise control', 'No steps were asked for.')
      : await checkNoiseControl(probe, { steps: noiseSteps, learningRate }),
  ];
  return { passed: checks.every(({ verdict }) => verdict !== 'failed'), checks };
}

/** Settings of {@link assertCausal}. */
export interface AssertCausalOptions {
  /** A batch of the training data, whose targets are looked at. */
  rows?: TokenBatch;
  /** The seed of the random sequences (default 0). */
  seed?: number;
}

/** The keys of {@link AssertCausalOptions}. */
export const assertCausalKeys: OptionChecks<AssertCausalOptions> = { rows: true, seed: true };

/**
 * Refuses a model that sees later tokens, or a batch whose targets are its inputs: a few forward passes.
 *
 * @remarks Logits that are NaN tell nothing of what a model sees: such a model is not refused here.
 * @throws PalabraError of code PAL_CAUSALITY that says what was seen and what usually causes it
 */
export function assertCausal(model: LanguageModel, options: AssertCausalOptions = {}): void {
  const { rows, seed } = checkOptions('assertCausal', options, assertCausalKeys);
  const probe = createProbe('assertCausal', model, seed === undefined ? {} : { seed });
  const last = probe.length - 1;
  const positions = [...new Set([1, Math.ceil(last / 2), last])].filter((position) => position >= 1);
  const seen = hasNaN(probe) ? [] : [checkWithMixing(probe, () => checkCausality(probe, positions))];
  const checks = [...seen, ...(rows === undefined ? [] : [checkTargets(rows)])];
  const failed = checks.find(({ verdict }) => verdict === 'failed');
  if (failed !== undefined) refuse(model, failed);
}

/** Tells whether some logits are NaN. */
function hasNaN(probe: Probe): boolean {
  return scope(() => probe.logits(probe.ids()).isnan().any().item<boolean>());
}

/** Runs checks of how tokens mix; on noisy weights, which are put back, where as they are no token mixes with another. */
function checkWithMixing<T>(probe: Probe, checks: () => T): T {
  if (hasTokenMixing(probe)) return checks();
  using _ = preserveWeights(probe.model);
  perturbWeights(probe.model, 1);
  return checks();
}

function refuse(model: LanguageModel, { name, explanation }: Check): never {
  raise('PAL_CAUSALITY', {
    where: model.constructor.name,
    expected: 'a model that learns to predict tokens it has not seen',
    received: `a failed check of ${name}. ${explanation}`,
    fix: 'A loss measured with this would mean nothing.',
    details: { check: name },
  });
}

function createProbe(where: string, model: LanguageModel, { length, seed = 0 }: VerifyOptions): Probe {
  const limit = model.config.contextLength ?? Infinity;
  const time = expectPositiveInteger(where, 'length', length ?? Math.min(DEFAULT_LENGTH, limit));
  return new Probe(model, 2, time, seed);
}
