/** Charts as plain data, drawn as SVG. */
export { renderChart } from './chart.js';
export type { Chart, ChartAxis, ChartBar, ChartPoint, ChartSeries, ChartTick } from './chart.js';
export { renderElement, escapeMarkup } from './markup.js';
export type { Attributes } from './markup.js';
export { convertSvgToPng } from './png.js';
export type { PngOptions } from './png.js';
