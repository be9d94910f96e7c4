/** Reports: tables as text and CSV, and pages that stand alone. */
export { htmlFigure, htmlHeading, htmlNote, htmlPage, htmlPictures, htmlQuote, htmlTable } from './page.js';
export { readableTable, tableCsv, tableText } from './table.js';
export type { Cell, Table } from './table.js';
