/** Reports: tables as text and CSV, and pages that stand alone. */
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
