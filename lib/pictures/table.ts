/** A table: column names, then rows of as many cells. */
export interface Table {
  columns: readonly string[];
  rows: readonly (readonly Cell[])[];
}

/** The content of a cell; NaN and undefined stay empty. */
export type Cell = string | number | undefined;

/** The table with aligned columns, numbers to the right. */
export function formatTable({ columns, rows }: Table): string {
  const written = [columns, ...rows].map((row) => row.map(formatCell));
  const widths = columns.map((_, i) => Math.max(...written.map((row) => row[i]!.length)));
  const right = columns.map((_, i) => rows.some((row) => typeof row[i] === 'number'));
  const lines = written.map((row) =>
    row.map((cell, i) => (right[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('  '),
  );
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [lines[0]!, rule, ...lines.slice(1)].map((line) => line.trimEnd()).join('\n');
}

/** Columns beyond which a table of few rows is read better turned. */
const MOST_COLUMNS = 8;
const FEW_ROWS = 4;

/** The table as it is, or with rows for columns where it is wide and low; its first column names the rows. */
export function transposeWideTable(table: Table): Table {
  const { columns, rows } = table;
  if (columns.length <= MOST_COLUMNS || rows.length > FEW_ROWS) return table;
  const [corner = '', ...names] = columns;
  return {
    columns: [corner, ...rows.map((row) => formatCell(row[0]))],
    rows: names.map((name, i) => [name, ...rows.map((row) => row[i + 1])]),
  };
}

/** The table as comma-separated values: numbers in full, text in quotes where it needs them. */
export function formatTableCsv({ columns, rows }: Table): string {
  const line = (cells: readonly Cell[]) => cells.map(formatCsvCell).join(',');
  return `${[columns, ...rows].map(line).join('\r\n')}\r\n`;
}

/** A number as people read it: five digits, large ones in groups. */
export function formatCell(cell: Cell): string {
  if (typeof cell === 'string') return cell;
  if (cell === undefined || Number.isNaN(cell)) return '';
  if (Number.isInteger(cell)) return cell.toLocaleString('en');
  const size = Math.abs(cell);
  return size >= 1e6 || (size > 0 && size < 1e-4) ? cell.toExponential(2) : String(Number(cell.toPrecision(5)));
}

function formatCsvCell(cell: Cell): string {
  if (typeof cell !== 'string') return cell === undefined || Number.isNaN(cell) ? '' : String(cell);
  return /[",\r\n]/u.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
