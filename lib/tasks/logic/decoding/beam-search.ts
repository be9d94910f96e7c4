import { setImmediate } from 'node:timers/promises';
import { raise } from '../../../core/index.js';
import type { DecodeState, LanguageModel } from '../../../models/interface/index.js';
import { cat, noGrad, scope, tensor } from '../../../tensor/index.js';
import type { Tensor } from '../../../tensor/index.js';
import type { LogicMatcher } from './logic-constraint.js';

/** One way to go on with a text: its tokens, how likely the model finds them, and what may follow. */
export interface Hypothesis {
  readonly ids: readonly number[];
  /** ln P of the tokens under the model, before any mask. */
  readonly logProbability: number;
  readonly matcher: LogicMatcher | undefined;
  /** True where the last token ends the text. */
  readonly ended: boolean;
}

/** Settings of {@link searchBeams}. */
export interface BeamSettings {
  model: LanguageModel;
  /** Ids of each text; at least one text, at least one id each. */
  prompts: readonly (readonly number[])[];
  /** Hypotheses of a text, a positive integer. */
  beams: number;
  maxTokens: number;
  /** The token that ends texts. */
  end: number;
  /** Tokens that no text has. */
  suppressed: readonly number[];
  /** Starts what allows tokens; undefined where all may come. */
  start: ((prompt: readonly number[]) => LogicMatcher) | undefined;
  signal?: AbortSignal | undefined;
}

/** A text under way: hypotheses that grow, one row of the state each, and the best that has ended. */
interface Search {
  live: Hypothesis[];
  best: Hypothesis | undefined;
}

/** Candidates of a row: tokens and ln P of each, the likeliest first. */
type Candidates = readonly { id: number; logProbability: number }[];

/**
 * Goes on with texts by beam search: the hypotheses of highest probability grow side by side, each with a matcher of its
 * own, until none that grows is likelier than the best that has ended. Probabilities are the model's own, without penalty
 * for length.
 *
 * @param settings - model, prompts and bounds
 * @returns the likeliest hypothesis found of each text
 * @throws PalabraError of code PAL_ABORTED when the signal fires
 */
export async function searchBeams(settings: BeamSettings): Promise<Hypothesis[]> {
  const { prompts, maxTokens } = settings;
  const order = groupRows(prompts);
  const reading = readPrompts(settings, order);
  let { state, logits } = reading;
  const searches = prompts.map((): Search => ({ live: [], best: undefined }));
  for (const text of order) searches[text]!.live = [startHypothesis(settings, prompts[text]!)];
  let rows = order.map((text) => ({ text, place: 0 }));
  try {
    for (let count = 0; count < maxTokens && rows.length > 0; count++) {
      await setImmediate();
      expectRunning(settings.signal);
      const hypotheses = rows.map(({ text, place }) => searches[text]!.live[place]!);
      const candidates = rankTokens(settings, logits, hypotheses);
      const parents = grow(settings, searches, rows, candidates, count + 1 === maxTokens);
      rows = parents.map(({ text, place }) => ({ text, place }));
      if (rows.length === 0) break;
      const ids = rows.map(({ text, place }) => [searches[text]!.live[place]!.ids.at(-1)!]);
      const next = state.select(parents.map(({ parent }) => parent));
      state.dispose();
      state = next;
      logits.dispose();
      logits = forward(settings.model, ids, state);
    }
  } finally {
    state.dispose();
    logits.dispose();
  }
  return searches.map(({ best }) => best!);
}

function startHypothesis({ start }: BeamSettings, prompt: readonly number[]): Hypothesis {
  return { ids: [], logProbability: 0, matcher: start?.(prompt), ended: false };
}

/** The indices of texts, those of one length side by side. */
function groupRows(prompts: BeamSettings['prompts']): number[] {
  return [...prompts.keys()].sort((a, b) => prompts[a]!.length - prompts[b]!.length);
}

/** Reads prompts, those of one length together. */
function readPrompts(
  { model, prompts }: BeamSettings,
  order: readonly number[],
): { state: DecodeState; logits: Tensor } {
  const lengths = [...new Set(order.map((text) => prompts[text]!.length))];
  const readings = lengths.map((length) => {
    const ids = order.map((text) => prompts[text]!).filter((prompt) => prompt.length === length);
    const state = model.newState(ids.length);
    return { state, logits: forward(model, ids, state) };
  });
  const state = readings.map((reading) => reading.state).reduce(joinStates);
  const logits = scope(() => cat(readings.map((reading) => reading.logits))).keep();
  for (const reading of readings) reading.logits.dispose();
  return { state, logits };
}

function joinStates(first: DecodeState, second: DecodeState): DecodeState {
  const both = first.concat(second);
  first.dispose();
  second.dispose();
  return both;
}

/** The logits of the token after the last of each row, `[R, V]`, kept. */
function forward(model: LanguageModel, ids: readonly (readonly number[])[], state: DecodeState): Tensor {
  return noGrad(() =>
    scope(() => {
      const input = tensor(ids, { dtype: 'int64', device: model.device });
      return model.forward(input, { training: false, state }).select(1, -1).clone(); // R T V
    }),
  ).keep();
}

/** The likeliest tokens of each row that may come: enough for all beams, even where one of them ends the text. */
function rankTokens(settings: BeamSettings, logits: Tensor, hypotheses: readonly Hypothesis[]): Candidates[] {
  const V = logits.size(1);
  const k = Math.min(2 * settings.beams, V);
  const { values, ids } = noGrad(() =>
    scope(() => {
      const banned = tensor(listBanned(settings, hypotheses, V), { shape: [hypotheses.length, V], dtype: 'bool' });
      const logs = logits.to('float64').logSoftmax(1).maskedFill(banned.to(logits.device), -Infinity); // R V
      const { values, indices } = logs.topk(k, 1);
      return { values: values.data() as Float64Array, ids: indices.to('float64').data() as Float64Array };
    }),
  );
  return hypotheses.map((_, row) =>
    Array.from({ length: k }, (__, i) => ({ id: ids[row * k + i]!, logProbability: values[row * k + i]! })).filter(
      ({ logProbability }) => logProbability > -Infinity,
    ),
  );
}

/** `[R · V]`: 1 for each token that may not come. */
function listBanned({ suppressed }: BeamSettings, hypotheses: readonly Hypothesis[], V: number): Uint8Array {
  const banned = new Uint8Array(hypotheses.length * V);
  for (const [row, { matcher }] of hypotheses.entries()) {
    const own = banned.subarray(row * V, (row + 1) * V);
    if (matcher !== undefined) {
      matcher.allow(own);
      for (const [id, mark] of own.entries()) own[id] = 1 - mark;
    }
    for (const id of suppressed) own[id] = 1;
  }
  return banned;
}

/** Extends the hypotheses of every text. @returns the rows that go on: text, place among its hypotheses, row before */
function grow(
  settings: BeamSettings,
  searches: readonly Search[],
  rows: readonly { text: number; place: number }[],
  candidates: readonly Candidates[],
  last: boolean,
): { text: number; place: number; parent: number }[] {
  const texts = [...new Set(rows.map(({ text }) => text))];
  return texts.flatMap((text) => {
    const own = rows.flatMap((row, parent) =>
      row.text === text ? [{ parent, from: searches[text]!.live[row.place]! }] : [],
    );
    const ranked = own
      .flatMap(({ parent, from }) =>
        candidates[parent]!.map(({ id, logProbability }) => ({
          parent,
          from,
          id,
          total: from.logProbability + logProbability,
        })),
      )
      .sort((a, b) => b.total - a.total || a.parent - b.parent || a.id - b.id);
    return advance(settings, searches[text]!, ranked, last).map((parent, place) => ({ text, place, parent }));
  });
}

interface Extension {
  parent: number;
  from: Hypothesis;
  id: number;
  total: number;
}

/** Takes the best extensions of one text. @returns the row before of each hypothesis that goes on */
function advance({ beams, end }: BeamSettings, search: Search, ranked: readonly Extension[], last: boolean): number[] {
  const going: Extension[] = [];
  for (const extension of ranked) {
    if (going.length === beams) break;
    if (extension.id !== end && !last) going.push(extension);
    else if (isBetter(extension, end, search.best)) search.best = appendToken(extension, end);
  }
  const best = search.best;
  const worthwhile = best?.ended === true ? going.filter(({ total }) => total > best.logProbability) : going;
  search.live = worthwhile.map((extension) => appendToken(extension, end));
  return worthwhile.map(({ parent }) => parent);
}

/** A text that has ended comes before one that was cut off. */
function isBetter({ id, total }: Extension, end: number, best: Hypothesis | undefined): boolean {
  if (best === undefined) return true;
  if (best.ended !== (id === end)) return id === end;
  return total > best.logProbability;
}

function appendToken({ from, id, total }: Extension, end: number): Hypothesis {
  const matcher = from.matcher?.fork();
  matcher?.accept(id);
  return { ids: [...from.ids, id], logProbability: total, matcher, ended: id === end };
}

function expectRunning(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  const cause: unknown = signal.reason;
  raise('PAL_ABORTED', { where: 'formalize', expected: 'to reach the end of the text', received: 'an abort', cause });
}
