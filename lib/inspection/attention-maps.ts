import { element, escapeMarkup, raise } from '../core/index.js';
import type { LanguageModel, Recorder } from '../models/index.js';
import { noGrad, scope } from '../tensor/index.js';
import type { Tensor } from '../tensor/index.js';

/** The attention weights of one head for one sequence, as plain data. */
export interface AttentionMap {
  /** Where it was recorded, as `blocks.0.attention`. */
  name: string;
  /** From 0. */
  head: number;
  /** What each query (row) takes from each key (column); rows sum to one, to 1 − λ for the difference of two maps. */
  weights: number[][];
}

/** Keeps what a pass records, as plain data by name. */
class DataRecorder implements Recorder {
  readonly values = new Map<string, unknown>();

  record(name: string, value: Tensor): void {
    this.values.set(name, value.to('float32').tolist());
  }
}

/**
 * The attention weights of a pass over one sequence, of every layer and head.
 * @param ids - `[1, T]`, int64
 * @returns none for a model without attention
 */
export function attentionMaps(model: LanguageModel, ids: Tensor): AttentionMap[] {
  if (ids.shape[0] !== 1) {
    const received = `a batch of ${ids.shape[0] ?? 0}`;
    raise('PAL_SHAPE', { where: 'attentionMaps', expected: 'one sequence, [1, T]', received });
  }
  const recorder = new DataRecorder();
  scope(() => void noGrad(() => model.forward(ids, { training: false, recorder })));
  return [...recorder.values].flatMap(([name, value]) => {
    if (!name.endsWith('attention')) return [];
    const [heads] = value as number[][][][];
    return (heads ?? []).map((weights, head) => ({ name, head, weights }));
  });
}

const CELL = 16;
const MARGIN = 72;
const CHARACTERS = 9;
/** Colours that all eyes tell apart: what is taken, and what is taken away. */
const [POSITIVE, NEGATIVE] = ['#0072b2', '#d55e00'];

/**
 * Draws a map as an SVG: queries from top to bottom, keys from left to right, darker for more; negative weights in
 * another colour.
 * @param tokens - the text of each token
 */
export function attentionSvg(map: AttentionMap, tokens: readonly string[]): string {
  const { name, head, weights } = map;
  if (tokens.length !== weights.length) {
    const [expected, received] = [`${weights.length} tokens`, String(tokens.length)];
    raise('PAL_ARGUMENT', { where: 'attentionSvg', expected, received });
  }
  const size = MARGIN + CELL * tokens.length;
  const cells = weights.flatMap((row, i) => row.map((weight, j) => cell(i, j, weight)));
  const words = tokens.flatMap((token, i) => [label(token, i, 'query'), label(token, i, 'key')]);
  const title = element('title', {}, escapeMarkup(`${name}, head ${head}`));
  const frame = { xmlns: 'http://www.w3.org/2000/svg', width: size + 8, height: size + 8 };
  const font = { 'font-family': 'sans-serif', 'font-size': 10, fill: '#333333' };
  return element('svg', { ...frame, ...font }, [title, ...cells, ...words].join(''));
}

function cell(row: number, column: number, weight: number): string {
  const place = { x: MARGIN + CELL * column, y: MARGIN + CELL * row, width: CELL - 1, height: CELL - 1 };
  return element('rect', { ...place, fill: weight < 0 ? NEGATIVE : POSITIVE, 'fill-opacity': Math.abs(weight) });
}

function label(token: string, place: number, side: 'query' | 'key'): string {
  const at = MARGIN + CELL * (place + 0.7);
  const attributes =
    side === 'query'
      ? { x: MARGIN - 4, y: at, 'text-anchor': 'end' }
      : { transform: `translate(${at} ${MARGIN - 4}) rotate(-60)` };
  return element('text', attributes, escapeMarkup(visible(token)));
}

/** A token in few characters, with signs for what leaves no ink. */
function visible(token: string): string {
  const shown = token.replaceAll(' ', '·').replaceAll('\n', '⏎').replaceAll('\t', '⇥');
  const characters = [...shown];
  return characters.length > CHARACTERS ? `${characters.slice(0, CHARACTERS - 1).join('')}…` : shown;
}
