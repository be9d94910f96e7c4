import { expectPositiveInteger, raise } from '../../core/index.js';
import type { TokenBatch } from '../../data/index.js';
import type { LanguageModel } from '../../models/index.js';
import { scope } from '../../tensor/index.js';
import { cacheEquality } from './cache.js';
import { causality, mixesTokens } from './causality.js';
import { batchIndependence } from './independence.js';
import { noiseControl } from './noise.js';
import { shake, withOwnWeights } from './own-weights.js';
import { packingIsolation } from './packing.js';
import { Probe } from './probe.js';
import { shiftedTargets } from './targets.js';
import { skipped } from './report.js';
import type { Check, VerifyReport } from './report.js';

/** How much {@link verify} does. */
export interface VerifyOptions {
  /** Tokens a sequence (default 16, or the context length where that is less). */
  length?: number;
  /** Training steps of the noise control (default 100); 0 leaves it out. */
  noiseSteps?: number;
  /** Learning rate of the noise control (default 0.01). */
  learningRate?: number;
  /** A batch of the training data, whose targets are looked at. */
  rows?: TokenBatch;
  /** Which random sequences are tried (default 0). */
  seed?: number;
}

const DEFAULT_LENGTH = 16;

/**
 * Checks a model, one's own architecture included, for the mistakes that make its loss look better than it is:
 * seeing later tokens, targets that aren't shifted, rows or packed documents that see each other, and a state that
 * changes the logits. Weights are as before afterwards; gradients are cleared.
 *
 * @example
 * const report = verify(model);
 * for (const { name, verdict, explanation } of report.checks) console.log(verdict, name, explanation);
 */
export function verify(model: LanguageModel, options: VerifyOptions = {}): VerifyReport {
  const { noiseSteps = 100, learningRate = 0.01, rows } = options;
  const probe = newProbe('verify', model, options);
  if (noiseSteps !== 0) expectPositiveInteger('verify', 'noiseSteps', noiseSteps);
  const checks = [
    ...withSight(probe, () => [
      causality(probe),
      batchIndependence(probe),
      packingIsolation(probe),
      cacheEquality(probe),
    ]),
    rows === undefined ? skipped('targets', 'No batch was given.') : shiftedTargets(rows),
    noiseSteps === 0
      ? skipped('noise control', 'No steps were asked for.')
      : noiseControl(probe, { steps: noiseSteps, learningRate }),
  ];
  return { passed: checks.every(({ verdict }) => verdict !== 'failed'), checks };
}

/** What {@link assertCausal} looks at besides the model. */
export interface AssertCausalOptions {
  /** A batch of the training data, whose targets are looked at. */
  rows?: TokenBatch;
  /** Which random sequences are tried (default 0). */
  seed?: number;
}

/**
 * Refuses a model that sees later tokens, or a batch whose targets are its inputs: a few forward passes.
 *
 * @remarks Logits that are NaN tell nothing of what a model sees: such a model is not refused here.
 * @throws PalabraError of code PAL_CAUSALITY that says what was seen and what usually causes it
 */
export function assertCausal(model: LanguageModel, { rows, seed }: AssertCausalOptions = {}): void {
  const probe = newProbe('assertCausal', model, seed === undefined ? {} : { seed });
  const last = probe.length - 1;
  const places = [...new Set([1, Math.ceil(last / 2), last])].filter((place) => place >= 1);
  const seen = blind(probe) ? [] : [withSight(probe, () => causality(probe, places))];
  const checks = [...seen, ...(rows === undefined ? [] : [shiftedTargets(rows)])];
  const failed = checks.find(({ verdict }) => verdict === 'failed');
  if (failed !== undefined) refuse(model, failed);
}

/** Whether some logits are NaN. */
function blind(probe: Probe): boolean {
  return scope(() => probe.logits(probe.ids()).isnan().any().item<boolean>());
}

/** Runs checks of how tokens mix; on noisy weights, which are put back, where as they are no token mixes with another. */
function withSight<T>(probe: Probe, checks: () => T): T {
  if (mixesTokens(probe)) return checks();
  return withOwnWeights(probe.model, () => {
    shake(probe.model, 1);
    return checks();
  });
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

function newProbe(where: string, model: LanguageModel, { length, seed = 0 }: VerifyOptions): Probe {
  const limit = model.config.contextLength ?? Infinity;
  const time = expectPositiveInteger(where, 'length', length ?? Math.min(DEFAULT_LENGTH, limit));
  return new Probe(model, 2, time, seed);
}
