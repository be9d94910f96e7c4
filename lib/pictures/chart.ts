import { renderElement, escapeMarkup } from './markup.js';
import { makeScale } from './scale.js';
import type { Scale, ScaleType } from './scale.js';
import { formatTick } from './tick-label.js';
import type { TickFormat } from './tick-label.js';

/** A point of a line. */
export type ChartPoint = readonly [x: number, y: number];

/** A bar between two values of the x axis. */
export interface ChartBar {
  from: number;
  to: number;
  value: number;
}

/** One thing a chart shows. Its name stands in the legend; without one it is left out there. */
export type ChartSeries =
  | { type: 'line'; points: readonly ChartPoint[]; name?: string; dashed?: boolean }
  /** `labels` stand right of the points. */
  | { type: 'points'; points: readonly ChartPoint[]; name?: string; labels?: readonly string[] }
  | { type: 'bars'; bars: readonly ChartBar[]; name?: string };

/** A word at a value of an axis. */
export interface ChartTick {
  at: number;
  label: string;
}

/** An axis. */
export interface ChartAxis {
  /** The quantity, with its unit. */
  label: string;
  /** Default: linear. */
  scale?: ScaleType;
  /** The format of ticks: `count` as 10 k, `percent` of a share as 10 %, `number` (default) as it is. */
  format?: TickFormat;
  /** Labels at some values, instead of round numbers. */
  ticks?: readonly ChartTick[];
  /** Bounds; by default the data's. */
  min?: number;
  max?: number;
}

/** A chart as plain data. */
export interface Chart {
  title: string;
  x: ChartAxis;
  y: ChartAxis;
  series: readonly ChartSeries[];
  /** Values of the x axis to be marked by a line from top to bottom with a word beside it. */
  markers?: readonly { x: number; label: string }[];
  /** In pixels. Default: 640 × 360. */
  width?: number;
  height?: number;
}

/** Colours that people with any colour vision tell apart (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];
const TEXT = '#333333';
const FAINT = '#e3e3e3';
const CHARACTER = 6.6;
/** The left edge of the legend and the height of its lines. */
const LEGEND = { left: 50, line: 18 };

/** The plot's edges on the page. */
interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/**
 * Draws a chart as one SVG element, which stands alone or inside a page.
 *
 * @example renderChart({ title: 'Loss', x: { label: 'step' }, y: { label: 'nats' }, series: [{ type: 'line', points: [[0, 4], [1, 3]] }] })
 */
export function renderChart(chart: Chart): string {
  const { width = 640, height = 360 } = chart;
  const names = layOutLegend(chart.series, width);
  const markerRoom = chart.markers?.length ? 14 : 0;
  const upright = { top: 40 + LEGEND.line * (names.at(-1)?.line ?? 0) + markerRoom, bottom: height - 48 };
  const y = createAxisScale(
    chart.y,
    listYValues(chart.series),
    [upright.bottom, upright.top],
    Math.floor((height - 100) / 45),
  );
  const yTicks = getTicks(chart.y, y);
  const left = 38 + CHARACTER * Math.max(...yTicks.map(({ label: word }) => word.length));
  const frame = { ...upright, left, right: width - 34 };
  const x = createAxisScale(
    chart.x,
    listXValues(chart.series),
    [frame.left, frame.right],
    Math.floor((width - left) / 80),
  );
  const parts = [
    renderElement('rect', { width, height, fill: '#ffffff' }),
    renderLabel(chart.title, { x: width / 2, y: 22, 'text-anchor': 'middle', 'font-size': 15, 'font-weight': 600 }),
    ...names.map(renderLegendEntry),
    ...renderYAxis(chart.y, y, yTicks, frame),
    ...renderXAxis(chart.x, x, frame),
    ...chart.series.map((series, index) => renderSeries(series, getColour(index), x, y, frame)),
    ...(chart.markers ?? []).map((marker) => renderMarker(marker, x, frame)),
  ];
  return renderElement(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': chart.title,
      'font-family': 'system-ui, sans-serif',
      'font-size': 12,
      fill: TEXT,
    },
    parts.join(''),
  );
}

function createAxisScale(axis: ChartAxis, values: number[], range: [number, number], ticks: number): Scale {
  const { scale: type = 'linear', min, max } = axis;
  return makeScale({ type, values, min, max, range, ticks });
}

/** All x values; bars stand between two. */
function listXValues(all: readonly ChartSeries[]): number[] {
  return all.flatMap((series) =>
    series.type === 'bars' ? series.bars.flatMap(({ from, to }) => [from, to]) : series.points.map(([x]) => x),
  );
}

/** All y values; bars stand on 0. */
function listYValues(all: readonly ChartSeries[]): number[] {
  return all.flatMap((series) =>
    series.type === 'bars' ? [0, ...series.bars.map(({ value }) => value)] : series.points.map(([, y]) => y),
  );
}

function getColour(index: number): string {
  return COLOURS[index % COLOURS.length]!;
}

function renderLabel(text: string, attributes: Record<string, string | number>): string {
  return renderElement('text', attributes, escapeMarkup(text));
}

/** A name of the legend. */
interface LegendEntry {
  name: string;
  fill: string;
  x: number;
  /** From 1 on. */
  line: number;
}

/** Names with their colours, side by side under the title, in as many lines as it takes. */
function layOutLegend(all: readonly ChartSeries[], width: number): LegendEntry[] {
  let [x, line] = [LEGEND.left, 1];
  return all.flatMap(({ name }, index) => {
    if (name === undefined) return [];
    const room = 38 + CHARACTER * name.length;
    if (x > LEGEND.left && x + room > width) [x, line] = [LEGEND.left, line + 1];
    const entry = { name, fill: getColour(index), x, line };
    x += room;
    return [entry];
  });
}

function renderLegendEntry({ name, fill, x, line }: LegendEntry): string {
  const y = 17 + LEGEND.line * line;
  return (
    renderElement('rect', { x, y, width: 14, height: 8, rx: 2, fill }) + renderLabel(name, { x: x + 19, y: y + 8 })
  );
}

/** The words of an axis and where they belong. */
function getTicks({ ticks, format }: ChartAxis, scale: Scale): readonly ChartTick[] {
  return ticks ?? scale.ticks.map((at) => ({ at, label: formatTick(at, format) }));
}

function renderYAxis(axis: ChartAxis, scale: Scale, ticks: readonly ChartTick[], frame: Frame): string[] {
  const middle = (frame.top + frame.bottom) / 2;
  return [
    ...ticks.flatMap(({ at, label: word }) => {
      const y = scale.at(at);
      return [
        renderElement('line', { x1: frame.left, x2: frame.right, y1: y, y2: y, stroke: FAINT }),
        renderLabel(word, { x: frame.left - 7, y: y + 4, 'text-anchor': 'end' }),
      ];
    }),
    renderLabel(axis.label, { x: 14, y: middle, 'text-anchor': 'middle', transform: `rotate(-90 14 ${middle})` }),
  ];
}

function renderXAxis(axis: ChartAxis, scale: Scale, frame: Frame): string[] {
  const { left, right, bottom } = frame;
  return [
    renderElement('line', { x1: left, x2: right, y1: bottom, y2: bottom, stroke: TEXT }),
    ...dropCrowdedTicks(scale, getTicks(axis, scale)).flatMap(({ at, label: word }) => {
      const x = scale.at(at);
      return [
        renderElement('line', { x1: x, x2: x, y1: bottom, y2: bottom + 5, stroke: TEXT }),
        renderLabel(word, { x, y: bottom + 18, 'text-anchor': 'middle' }),
      ];
    }),
    renderLabel(axis.label, { x: (left + right) / 2, y: bottom + 38, 'text-anchor': 'middle' }),
  ];
}

/** The ticks whose labels leave room between each other. */
function dropCrowdedTicks(scale: Scale, ticks: readonly ChartTick[]): ChartTick[] {
  let free = -Infinity;
  return ticks.filter(({ at, label: word }) => {
    const half = (CHARACTER * word.length) / 2;
    if (scale.at(at) - half < free) return false;
    free = scale.at(at) + half + 6;
    return true;
  });
}

function renderSeries(series: ChartSeries, fill: string, x: Scale, y: Scale, frame: Frame): string {
  if (series.type === 'bars') return series.bars.map((bar) => renderBar(bar, fill, x, y, frame)).join('');
  const pixels = series.points.map((point): ChartPoint => [x.at(point[0]), y.at(point[1])]);
  const visible = pixels.map(([px, py]) => Number.isFinite(px) && Number.isFinite(py));
  if (series.type === 'points') {
    const { labels = [] } = series;
    return pixels.map((pixel, i) => (visible[i] ? renderPoint(pixel, fill, labels[i], frame) : '')).join('');
  }
  const path = pixels.map(([px, py], i) => {
    if (!visible[i]) return '';
    return `${i > 0 && visible[i - 1] ? 'L' : 'M'}${px.toFixed(1)} ${py.toFixed(1)}`;
  });
  const dash = series.dashed === true ? '6 4' : undefined;
  const stroke = { stroke: fill, 'stroke-width': 2, 'stroke-linejoin': 'round', 'stroke-dasharray': dash };
  return renderElement('path', { d: path.join(''), fill: 'none', ...stroke });
}

/** A point's word stands left of it where there is no room to the right. */
function renderPoint([cx, cy]: ChartPoint, fill: string, word: string | undefined, frame: Frame): string {
  const circle = renderElement('circle', { cx, cy, r: 3, fill });
  if (word === undefined) return circle;
  const fits = cx + 5 + CHARACTER * word.length <= frame.right + 30;
  const anchor = { x: fits ? cx + 5 : cx - 5, y: cy + 4, 'text-anchor': fits ? 'start' : 'end' };
  return circle + renderLabel(word, { ...anchor, 'font-size': 10 });
}

function renderBar({ from, to, value }: ChartBar, fill: string, x: Scale, y: Scale, frame: Frame): string {
  const [left, right] = [x.at(from), x.at(to)];
  const top = y.at(value);
  if (![left, right, top].every(Number.isFinite)) return '';
  const gap = right - left > 4 ? 1 : 0;
  const base = Number.isFinite(y.at(0)) ? y.at(0) : frame.bottom;
  const box = { x: left + gap / 2, y: Math.min(top, base), width: right - left - gap, height: Math.abs(base - top) };
  return renderElement('rect', { ...box, fill }, renderElement('title', {}, `${from} to ${to}: ${value}`));
}

/** A marker's word stands left of its line where there is no room to the right. */
function renderMarker(marker: { x: number; label: string }, scale: Scale, frame: Frame): string {
  const x = scale.at(marker.x);
  if (!(x >= frame.left && x <= frame.right)) return '';
  const fits = x + 4 + CHARACTER * marker.label.length <= frame.right;
  const line = { x1: x, x2: x, y1: frame.top - 10, y2: frame.bottom, stroke: TEXT, 'stroke-dasharray': '3 3' };
  const anchor = { x: fits ? x + 4 : x - 4, y: frame.top - 4, 'text-anchor': fits ? 'start' : 'end' };
  return renderElement('line', line) + renderLabel(marker.label, { ...anchor, 'font-size': 11 });
}
