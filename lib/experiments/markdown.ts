/**
 * A table of Markdown.
 * @param head - the headings
 * @param rows - as many cells each
 * @returns lines
 */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const escape = (cells: readonly string[]): string[] => cells.map((cell) => cell.replaceAll('|', '\\|'));
  const lines = [head, head.map(() => '---'), ...rows.map(escape)];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/**
 * A figure with four digits that count, or as many as a whole number has.
 * @param value - any number
 * @returns as `0.01234`, `–` where it is none
 */
export function formatFigure(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  const text = Number.isInteger(value) ? String(value) : value.toPrecision(4);
  return text.replace('-', '−');
}

/**
 * The ends of an interval.
 * @param interval - low and high
 * @returns as `[−0.1, 0.2]`
 */
export function formatInterval(interval: readonly [low: number, high: number]): string {
  const [low, high] = interval;
  return `[${formatFigure(low)}, ${formatFigure(high)}]`;
}
