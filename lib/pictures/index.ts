/** Charts as SVG and PNG, tables and pages. */
export { renderChart } from './chart.js';
export type { Chart, ChartAxis, ChartBar, ChartPoint, ChartSeries, ChartTick } from './chart.js';
export { renderElement, escapeMarkup } from './markup.js';
export type { Attributes } from './markup.js';
export { convertSvgToPng } from './png.js';
export type { PngOptions } from './png.js';
export {
  renderHtmlFigure,
  renderHtmlHeading,
  renderHtmlNote,
  renderHtmlPage,
  renderHtmlGallery,
  renderHtmlQuote,
  renderHtmlTable,
} from './page.js';
export { transposeWideTable, formatTableCsv, formatTable } from './table.js';
export type { Cell, Table } from './table.js';
