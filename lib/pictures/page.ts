import { renderElement, escapeMarkup } from './markup.js';
import type { Attributes } from './markup.js';
import { formatCell } from './table.js';
import type { Table } from './table.js';

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#222}' +
  'table{border-collapse:collapse;margin:1rem 0}th,td{padding:.3rem .8rem;border-bottom:1px solid #ddd;text-align:left}' +
  'th.number,td.number{text-align:right;font-variant-numeric:tabular-nums}blockquote{white-space:pre-wrap;border-left:3px solid #ccc;' +
  'margin:.5rem 0;padding-left:1rem;overflow-wrap:anywhere}.failed{color:#b00020}.passed{color:#00692b}' +
  '.wide{overflow-x:auto}figure{display:inline-block;margin:0 1rem 1rem 0;max-width:100%}' +
  '.pictures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,32rem),1fr));gap:0 1rem}svg{max-width:100%;height:auto}';

/** A page that stands alone: no scripts, nothing from elsewhere. */
export function renderHtmlPage(title: string, parts: readonly string[]): string {
  const head =
    `<meta charset="utf-8"/><meta name="viewport" content="width=device-width"/>` +
    `<title>${escapeMarkup(title)}</title><style>${STYLE}</style>`;
  const body = [`<h1>${escapeMarkup(title)}</h1>`, ...parts].join('\n');
  return `<!doctype html>\n<html lang="en"><head>${head}</head>\n<body>\n${body}\n</body></html>\n`;
}

/** A heading. */
export function renderHtmlHeading(text: string): string {
  return renderElement('h2', {}, escapeMarkup(text));
}

/** A sentence below a heading. */
export function renderHtmlNote(text: string, outcome?: 'passed' | 'failed'): string {
  return renderElement('p', { class: outcome }, escapeMarkup(text));
}

/** A picture, an SVG. */
export function renderHtmlFigure(svg: string): string {
  return `<figure>${svg}</figure>`;
}

/** Pictures side by side as far as there is room. */
export function renderHtmlGallery(svgs: readonly string[]): string {
  return `<div class="pictures">${svgs.map(renderHtmlFigure).join('')}</div>`;
}

/** A table that scrolls by itself where the page is narrow. */
export function renderHtmlTable({ columns, rows }: Table): string {
  const numbers = columns.map((_, i) => rows.some((row) => typeof row[i] === 'number'));
  const head = columns
    .map((name, i) => renderElement('th', getCellAttributes(numbers[i]!), escapeMarkup(name) || ' '))
    .join('');
  const body = rows.map((row) => {
    const cells = row.map((cell, i) =>
      renderElement('td', getCellAttributes(numbers[i]!), escapeMarkup(formatCell(cell)) || ' '),
    );
    return `<tr>${cells.join('')}</tr>`;
  });
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}

function getCellAttributes(number: boolean): Attributes {
  return number ? { class: 'number' } : {};
}

/** A text as it was written. */
export function renderHtmlQuote(text: string): string {
  return `<blockquote>${escapeMarkup(text)}</blockquote>`;
}
