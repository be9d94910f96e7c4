import { raise } from '../core/index.js';
import { renderElement, escapeMarkup } from '../pictures/index.js';

/** Side of a cell, and room for the words around the cells. */
const CELL = 16;
const MARGIN = 72;
const CHARACTERS = 9;
/** Colours that all eyes tell apart: what is taken, and what is taken away. */
const [POSITIVE, NEGATIVE] = ['#0072b2', '#d55e00'];

/** Width and height of a heat map in pixels. */
export function measureHeatMap(tokens: number): number {
  return MARGIN + CELL * tokens + 8;
}

/** Room for the heading. */
const HEADING = 24;

/**
 * A square of weights as a picture of its own, with a title.
 * @param title - above the cells
 * @param map - weights from −1 to 1, and a word for each row
 * @param map.weights - of each row
 * @param map.tokens - the words
 * @param where - what an error names
 * @returns SVG
 * @throws ArgumentError unless there is a word for each row
 */
export function renderHeatMapPicture(
  title: string,
  { weights, tokens }: { weights: readonly (readonly number[])[]; tokens: readonly string[] },
  where = 'renderHeatMapPicture',
): string {
  const cells = renderHeatMap(where, weights, tokens);
  const width = Math.max(measureHeatMap(tokens.length), 16 + 8 * title.length);
  const height = HEADING + measureHeatMap(tokens.length);
  const parts = [
    renderElement('title', {}, escapeMarkup(title)),
    renderElement('rect', { width, height, fill: '#ffffff' }),
    renderElement('text', { x: 8, y: 17, fill: '#333333' }, escapeMarkup(title)),
    renderElement('g', { transform: `translate(0 ${HEADING})` }, cells),
  ];
  const font = { 'font-family': 'sans-serif', 'font-size': 13, 'font-weight': 600 };
  return renderElement('svg', { xmlns: 'http://www.w3.org/2000/svg', width, height, ...font }, parts.join(''));
}

/**
 * The cells of a square of weights and the words beside and above them.
 * @throws ArgumentError unless there is a word for each row
 */
export function renderHeatMap(
  where: string,
  weights: readonly (readonly number[])[],
  tokens: readonly string[],
): string {
  if (tokens.length !== weights.length) {
    raise('PAL_ARGUMENT', { where, expected: `${weights.length} tokens`, received: String(tokens.length) });
  }
  const cells = weights.flatMap((row, i) => row.map((weight, j) => renderCell(i, j, weight)));
  const words = tokens.flatMap((token, i) => [renderLabel(token, i, 'query'), renderLabel(token, i, 'key')]);
  return renderElement(
    'g',
    { 'font-family': 'sans-serif', 'font-size': 10, 'font-weight': 400, fill: '#333333' },
    [...cells, ...words].join(''),
  );
}

function renderCell(row: number, column: number, weight: number): string {
  const box = { x: MARGIN + CELL * column, y: MARGIN + CELL * row, width: CELL - 1, height: CELL - 1 };
  return renderElement('rect', { ...box, fill: weight < 0 ? NEGATIVE : POSITIVE, 'fill-opacity': Math.abs(weight) });
}

function renderLabel(token: string, position: number, side: 'query' | 'key'): string {
  const at = MARGIN + CELL * (position + 0.7);
  const attributes =
    side === 'query'
      ? { x: MARGIN - 4, y: at, 'text-anchor': 'end' }
      : { transform: `translate(${at} ${MARGIN - 4}) rotate(-60)` };
  return renderElement('text', attributes, escapeMarkup(formatToken(token)));
}

/** A token in few characters, with signs for what leaves no ink. */
export function formatToken(token: string): string {
  const shown = token.replaceAll(' ', '·').replaceAll('\n', '⏎').replaceAll('\t', '⇥');
  const characters = [...shown];
  return characters.length > CHARACTERS ? `${characters.slice(0, CHARACTERS - 1).join('')}…` : shown;
}
