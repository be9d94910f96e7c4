/** Charts as SVG and PNG, tables and pages. */
export { renderChart } from './chart.js';
export type { Chart, ChartAxis, ChartBar, ChartPoint, ChartSeries, ChartTick } from './chart.js';
export { escapeMarkup, renderElement } from './markup.js';
export type { Attributes } from './markup.js';
export {
  renderHtmlFigure,
  renderHtmlGallery,
  renderHtmlHeading,
  renderHtmlNote,
  renderHtmlPage,
  renderHtmlQuote,
  renderHtmlTable,
} from './page.js';
export { convertSvgToPng } from './png.js';
export type { PngOptions } from './png.js';
export { formatTable, formatTableCsv, transposeWideTable } from './table.js';
export type { Cell, Table } from './table.js';
