/** Charts as plain data, drawn as SVG. */
export { chartSvg } from './chart.js';
export type { Chart, ChartAxis, ChartBar, ChartPoint, ChartSeries, ChartTick } from './chart.js';
export { element, escapeMarkup } from './markup.js';
export type { Attributes } from './markup.js';
export { svgToPng } from './png.js';
export type { PngOptions } from './png.js';
