import { expectRange, raise } from '../core/index.js';
import type { Random } from '../core/index.js';
import type { GenerationConfig } from '../models/index.js';
import { minimum, stack, where } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';
import {
  banned,
  minP,
  minTokens,
  noRepeatNgram,
  occurrencePenalty,
  repetitionPenalty,
  temperature,
  topK,
  topP,
  typicalP,
} from './filters/index.js';
import type { DeviceContext, LogitFilter, RowContext } from './filters/index.js';

/** How the next token is drawn: the settings of a {@link GenerationConfig}, and filters of one's own. */
export interface SamplingOptions extends Omit<GenerationConfig, 'maxTokens' | 'stop' | 'forcedTokens'> {
  /** Applied last. */
  filters?: readonly LogitFilter[] | undefined;
}

/** The settings made ready: what changes the logits, in order, and how a token is taken then. */
export interface Sampling {
  readonly filters: readonly LogitFilter[];
  /** Whether the likeliest token is taken, the first of equals. */
  readonly greedy: boolean;
}

/** What one row does in a step. */
export interface RowStep {
  /** Where in [0, 1) of the probabilities laid end to end the token is drawn. */
  place: number;
  /** The token to take instead of drawing one; −1 to draw. */
  forced: number;
  /** Tokens generated so far, −1 while the row still reads its prompt. */
  made: number;
}

/** A token that was drawn. */
export interface Drawn {
  id: number;
  /** ln P of the token under the model itself, before any filter. */
  logProbability: number;
}

/**
 * The filters of some settings, in this order: penalties, bans, temperature, top-k, top-p, min-p, typical, one's own.
 * @throws ArgumentError for a value out of range
 */
export function samplingOf(where: string, options: SamplingOptions): Sampling {
  const { temperature: warmth = 1, filters = [] } = options;
  expectRange(where, 'temperature', warmth, { min: 0 });
  return { filters: [...contextual(where, options), ...shaping(where, options), ...filters], greedy: warmth === 0 };
}

/** What depends on the tokens so far. */
function contextual(where: string, options: SamplingOptions): LogitFilter[] {
  const { repetitionPenalty: penalty, frequencyPenalty: frequency, presencePenalty: presence } = options;
  const { noRepeatNgram: n, bannedTokens = [], endTokens = [], minTokens: least = 0 } = options;
  return [
    ...(penalty === undefined ? [] : [repetitionPenalty(penalty, options.repetitionWindow, where)]),
    ...(frequency === undefined && presence === undefined
      ? []
      : [occurrencePenalty({ frequency: frequency ?? 0, presence: presence ?? 0 }, where)]),
    ...(n === undefined ? [] : [noRepeatNgram(n, where)]),
    ...(bannedTokens.length === 0 ? [] : [banned(bannedTokens, where)]),
    ...(least === 0 || endTokens.length === 0 ? [] : [minTokens(least, endTokens, where)]),
  ];
}

/** What depends on the logits alone. */
function shaping(where: string, options: SamplingOptions): LogitFilter[] {
  const { temperature: warmth = 1, topK: k, topP: p, minP: least, typicalP: typical } = options;
  const made = [
    ...(warmth === 1 || warmth === 0 ? [] : [temperature(warmth, where)]),
    ...(k === undefined ? [] : [topK(k, where)]),
    ...(p === undefined ? [] : [topP(p, where)]),
    ...(least === undefined ? [] : [minP(least, where)]),
    ...(typical === undefined ? [] : [typicalP(typical, where)]),
  ];
  return warmth === 0 ? [] : made;
}

/**
 * Draws a token id from logits.
 *
 * @param logits - one a token; −Infinity bans a token
 * @param tokens - those before it, all counted as generated
 * @throws ArgumentError when a setting is out of range, a logit is NaN, or no token is left
 * @example const id = sample(logits, { temperature: 0.8, topK: 40 }, new Random(1));
 */
export function sample(
  logits: Float32Array,
  options: SamplingOptions,
  random: Random,
  tokens: readonly number[] = [],
): number {
  const sampling = samplingOf('sample', options);
  const place = sampling.greedy ? 0 : random.float();
  return chosen(logits, sampling, { tokens, made: tokens.length }, place);
}

/**
 * Draws from one row in plain numbers: the slow twin of {@link drawOnDevice}.
 * @throws ArgumentError when a logit is NaN or no token is left
 */
export function drawRow(logits: Float32Array, sampling: Sampling, tokens: readonly number[], step: RowStep): Drawn {
  const id = step.forced < 0 ? chosen(logits, sampling, { tokens, made: step.made }, step.place) : step.forced;
  return { id, logProbability: logProbabilityOf(logits, id) };
}

function chosen(logits: Float32Array, { filters, greedy }: Sampling, context: RowContext, place: number): number {
  const changed = Float64Array.from(logits);
  expectDrawable(highestOf(changed));
  for (const filter of filters) filter.onRow(changed, context);
  const highest = expectDrawable(highestOf(changed));
  return greedy ? changed.indexOf(highest) : drawn(changed, highest, place);
}

function highestOf(logits: Float64Array): number {
  return logits.reduce((a, b) => Math.max(a, b), -Infinity);
}

/** Requires that the highest logit is a finite number, so that a token can be drawn. */
export function expectDrawable(highest: number): number {
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

/** The first token at which the probabilities, added up, pass the place. */
function drawn(logits: Float64Array, highest: number, place: number): number {
  let total = 0;
  const reached = logits.map((logit) => (total += Math.exp(logit - highest)));
  const found = reached.findIndex((sum) => sum > place * total);
  // Rounding may put the place on the very end.
  return found >= 0 ? found : reached.indexOf(total);
}

function logProbabilityOf(logits: Float32Array, id: number): number {
  const highest = logits.reduce((a, b) => Math.max(a, b));
  return logits[id]! - highest - Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit - highest), 0));
}

/** {@link RowStep}s side by side. */
export interface DeviceStep {
  /** `[B]`, float64. */
  places: Tensor;
  /** `[B]`, float64. */
  forced: Tensor;
}

/**
 * Draws from every row on the device; it reads no value, so it can be recorded.
 *
 * @param logits - `[B, V]`
 * @returns `[3, B]`, float64: ids, log-probabilities under the model, and the highest logit that is left
 */
export function drawOnDevice(logits: Tensor, sampling: Sampling, context: DeviceContext, step: DeviceStep): Tensor {
  const raw = logits.to('float64');
  const changed = sampling.filters.reduce((x, filter) => filter.onDevice(x, context), raw);
  const highest = changed.amax(1, { keepdim: true }); // B 1
  const drawn = sampling.greedy ? changed.argmax(1, { keepdim: true }) : drawnOnDevice(changed, highest, step.places);
  const forced = step.forced.unsqueeze(1).to('int64'); // B 1
  const ids = where(forced.ge(0), forced, drawn);
  const logs = raw.gather(1, ids).sub(raw.logsumexp(1, { keepdim: true }));
  return stack([ids.to('float64').squeeze(1), logs.squeeze(1), highest.squeeze(1)], 0);
}

function drawnOnDevice(logits: Tensor, highest: Tensor, places: Tensor): Tensor {
  const reached = logits.sub(highest).exp().cumsum(1); // B V
  const total = reached.narrow(1, -1, 1); // B 1
  const passed = reached.le(total.mul(places.unsqueeze(1))).sum(1, { keepdim: true });
  return minimum(passed, reached.lt(total).sum(1, { keepdim: true })); // B 1
}
