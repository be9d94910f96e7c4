import { checkOptions, expectRange, raise } from '../../core/index.js';
import type { OptionChecks, Random } from '../../core/index.js';
import type { GenerationConfig } from '../../models/interface/index.js';
import { minimum, stack, where } from '../../tensor/index.js';
import type { Tensor } from '../../tensor/index.js';
import {
  frequencyPenalty,
  minP,
  minTokens,
  noRepeatNgram,
  presencePenalty,
  repetitionPenalty,
  suppressTokens,
  temperature,
  topK,
  topP,
  typicalP,
} from './filters/index.js';
import type { DeviceContext, LogitFilter, RowContext } from './filters/index.js';
import type { RowInputs, SampledToken, Sampling } from './row.js';

/** Settings of sampling the next token: those of a {@link GenerationConfig}, and filters of one's own. */
export interface SamplingOptions extends Omit<GenerationConfig, 'maxTokens' | 'stop' | 'forcedTokens'> {
  /** Applied last. */
  filters?: readonly LogitFilter[] | undefined;
}

/** The keys of {@link SamplingOptions}. */
export const samplingKeys: OptionChecks<SamplingOptions> = {
  temperature: true,
  topK: true,
  topP: true,
  minP: true,
  typicalP: true,
  repetitionPenalty: true,
  repetitionWindow: true,
  frequencyPenalty: true,
  presencePenalty: true,
  noRepeatNgram: true,
  suppressTokens: true,
  endTokens: true,
  minTokens: true,
  filters: true,
};

/**
 * The filters of some settings, in this order: penalties, bans, temperature, top-k, top-p, min-p, typical, one's own.
 * @param where - named in errors
 * @param options - by default temperature 1 and no filter
 * @returns the filters in order; greedy at temperature 0, then without temperature, top-k, top-p, min-p and typical
 * @throws ArgumentError for a value out of range
 */
export function resolveSampling(where: string, options: SamplingOptions): Sampling {
  const { temperature: warmth = 1, filters = [] } = options;
  expectRange(where, 'temperature', warmth, { min: 0 });
  return {
    filters: [...createContextFilters(where, options), ...createWarpers(where, options), ...filters],
    greedy: warmth === 0,
  };
}

/** Filters that depend on the tokens so far. */
function createContextFilters(where: string, options: SamplingOptions): LogitFilter[] {
  const { repetitionPenalty: penalty, frequencyPenalty: frequency, presencePenalty: presence } = options;
  const { noRepeatNgram: n, suppressTokens: suppressed = [], endTokens = [], minTokens: least = 0 } = options;
  return [
    ...(penalty === undefined ? [] : [repetitionPenalty(penalty, options.repetitionWindow, where)]),
    ...(frequency === undefined ? [] : [frequencyPenalty(frequency, where)]),
    ...(presence === undefined ? [] : [presencePenalty(presence, where)]),
    ...(n === undefined ? [] : [noRepeatNgram(n, where)]),
    ...(suppressed.length === 0 ? [] : [suppressTokens(suppressed, where)]),
    ...(least === 0 || endTokens.length === 0 ? [] : [minTokens(least, endTokens, where)]),
  ];
}

/** Filters that depend on the logits alone. */
function createWarpers(where: string, options: SamplingOptions): LogitFilter[] {
  const { temperature: warmth = 1, topK: k, topP: p, minP: least, typicalP: typical } = options;
  const warpers = [
    ...(warmth === 1 || warmth === 0 ? [] : [temperature(warmth, where)]),
    ...(k === undefined ? [] : [topK(k, where)]),
    ...(p === undefined ? [] : [topP(p, where)]),
    ...(least === undefined ? [] : [minP(least, where)]),
    ...(typical === undefined ? [] : [typicalP(typical, where)]),
  ];
  return warmth === 0 ? [] : warpers;
}

/**
 * Samples a token id from logits.
 *
 * @param logits - `[V]`, one a token; −Infinity bans a token
 * @param options - by default temperature 1 and no filter
 * @param random - gives one uniform number, none at temperature 0
 * @param tokens - ids of those before it, all counted as generated (default: none)
 * @returns an id from 0 to V − 1
 * @throws ArgumentError when a setting is out of range, a logit is NaN, or no token is left
 * @example const id = sample(logits, { temperature: 0.8, topK: 40 }, new Random(1));
 */
export function sample(
  logits: Float32Array,
  options: SamplingOptions,
  random: Random,
  tokens: readonly number[] = [],
): number {
  checkOptions('sample', options, samplingKeys);
  const sampling = resolveSampling('sample', options);
  const uniform = sampling.greedy ? 0 : random.float();
  return selectToken(logits, sampling, { tokens, generatedCount: tokens.length }, uniform);
}

/**
 * Samples from one row in plain numbers: the slow reference of {@link sampleOnDevice}.
 * @param logits - `[V]`, one a token
 * @param sampling - resolved settings
 * @param tokens - ids of the row so far, the prompt's first
 * @param inputs - uniform number, forced token, count of generated tokens, and the tokens that a constraint allows
 * @returns an id from 0 to V − 1, and ln P of it under the model
 * @throws ArgumentError when a logit is NaN or no token is left
 */
export function sampleRow(
  logits: Float32Array,
  sampling: Sampling,
  tokens: readonly number[],
  inputs: RowInputs,
): SampledToken {
  const id =
    inputs.forcedToken < 0
      ? selectToken(logits, sampling, { tokens, generatedCount: inputs.generatedCount }, inputs.uniform, inputs.allowed)
      : inputs.forcedToken;
  return { id, logProbability: computeLogProbability(logits, id) };
}

function selectToken(
  logits: Float32Array,
  { filters, greedy }: Sampling,
  context: RowContext,
  uniform: number,
  allowed?: Uint8Array,
): number {
  const changed = Float64Array.from(logits);
  expectFiniteHighest(findHighest(changed));
  allowed?.forEach((mark, id) => mark === 0 && (changed[id] = -Infinity));
  for (const filter of filters) filter.onRow(changed, context);
  const highest = expectFiniteHighest(findHighest(changed));
  return greedy ? changed.indexOf(highest) : sampleByUniform(changed, highest, uniform);
}

function findHighest(logits: Float64Array): number {
  return logits.reduce((a, b) => Math.max(a, b), -Infinity);
}

/**
 * Requires that the highest logit is a finite number, so that a token can be sampled.
 * @param highest - of the logits that are left; −Infinity where all are banned
 * @returns the same number
 * @throws ArgumentError unless it is finite
 */
export function expectFiniteHighest(highest: number): number {
  if (Number.isFinite(highest)) return highest;
  raise('PAL_ARGUMENT', {
    where: 'sample',
    expected: 'logits with a highest finite value',
    received: highest === -Infinity ? 'no token that is not banned' : `${highest} among them`,
    fix:
      highest === -Infinity
        ? 'Ban fewer tokens.'
        : 'Such logits come from weights or a state that are no numbers any more.',
  });
}

/** The first token whose cumulative probability passes the uniform number (inverse transform sampling). */
function sampleByUniform(logits: Float64Array, highest: number, uniform: number): number {
  let total = 0;
  const reached = logits.map((logit) => (total += Math.exp(logit - highest)));
  const selected = reached.findIndex((sum) => sum > uniform * total);
  // Rounding may put it on the very end.
  return selected >= 0 ? selected : reached.indexOf(total);
}

function computeLogProbability(logits: Float32Array, id: number): number {
  const highest = logits.reduce((a, b) => Math.max(a, b));
  return logits[id]! - highest - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0));
}

/** {@link RowInputs}s side by side. */
export interface DeviceInputs {
  /** `[B]`, float64. */
  uniforms: Tensor;
  /** `[B]`, float64. */
  forcedTokens: Tensor;
  /** `[B, V]`, bool or uint8: the tokens that constraints allow; all without it. */
  allowed?: Tensor | undefined;
}

/**
 * Samples from every row on the device; it reads no value, so it can be recorded.
 *
 * @param logits - `[B, V]`, floating
 * @param sampling - resolved settings
 * @param context - the tokens so far: history `[B, H]`, counts `[B, V]`, number of generated tokens `[B]`
 * @param inputs - uniform numbers in [0, 1) and forced tokens (−1 to sample), each `[B]`, float64, and the tokens that
 *   a constraint allows, `[B, V]`, bool or uint8
 * @returns `[3, B]`, float64: ids, log-probabilities under the model, and the highest logit that is left
 */
export function sampleOnDevice(
  logits: Tensor,
  sampling: Sampling,
  context: DeviceContext,
  inputs: DeviceInputs,
): Tensor {
  const raw = logits.to('float64');
  const start = inputs.allowed === undefined ? raw : raw.maskedFill(inputs.allowed.logicalNot(), -Infinity);
  const changed = sampling.filters.reduce((x, filter) => filter.onDevice(x, context), start);
  const highest = changed.amax(1, { keepdim: true }); // B 1
  const sampled = sampling.greedy
    ? changed.argmax(1, { keepdim: true })
    : sampleByUniformOnDevice(changed, highest, inputs.uniforms);
  const forced = inputs.forcedTokens.unsqueeze(1).to('int64'); // B 1
  const ids = where(forced.ge(0), forced, sampled);
  const logs = raw.gather(1, ids).sub(raw.logsumexp(1, { keepdim: true }));
  return stack([ids.to('float64').squeeze(1), logs.squeeze(1), highest.squeeze(1)], 0);
}

function sampleByUniformOnDevice(logits: Tensor, highest: Tensor, uniforms: Tensor): Tensor {
  const reached = logits.sub(highest).exp().cumsum(1); // B V
  const total = reached.narrow(1, -1, 1); // B 1
  const passed = reached.le(total.mul(uniforms.unsqueeze(1))).sum(1, { keepdim: true });
  return minimum(passed, reached.lt(total).sum(1, { keepdim: true })); // B 1
}
