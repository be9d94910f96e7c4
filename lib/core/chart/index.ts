/** Charts as plain data, drawn as SVG. */
export { chartSvg } from './chart.js';
export type { Chart, ChartAxis, ChartBar, ChartPoint, ChartSeries } from './chart.js';
export { element, escapeMarkup } from './markup.js';
export type { Attributes } from './markup.js';
