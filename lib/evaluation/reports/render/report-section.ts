import {
  renderHtmlHeading,
  renderHtmlNote,
  renderHtmlPage,
  renderHtmlGallery,
  renderHtmlQuote,
  renderHtmlTable,
  transposeWideTable,
  formatTable,
} from '../../../pictures/index.js';
import type { Table } from '../../../pictures/index.js';

/** A section of a report, whatever form it is written in. */
export interface ReportSection {
  title: string;
  /** Sentences below the title. */
  notes?: readonly { text: string; outcome?: 'passed' | 'failed' }[];
  table?: Table | undefined;
  /** Pictures as SVG, which only pages show. */
  figures?: readonly string[];
  /** Texts as they were written. */
  quotes?: readonly string[];
}

/** Sections as plain text. */
export function renderSectionsAsText(sections: readonly ReportSection[]): string {
  return sections
    .filter(({ table, notes = [], quotes = [] }) => table !== undefined || notes.length + quotes.length > 0)
    .map(({ title, notes = [], table, quotes = [] }) => {
      const blocks = [
        ...notes.map(({ text }) => text),
        ...(table ? [formatTable(transposeWideTable(table))] : []),
        ...quotes.map((text) => `  ${text.trimEnd().replaceAll('\n', '\n  ')}`),
      ];
      return `${title}\n\n${blocks.join('\n\n')}\n`;
    })
    .join('\n');
}

/** Sections as a page that stands alone. */
export function renderSectionsAsPage(title: string, sections: readonly ReportSection[]): string {
  return renderHtmlPage(
    title,
    sections.flatMap((part) => [
      renderHtmlHeading(part.title),
      ...(part.notes ?? []).map(({ text, outcome }) => renderHtmlNote(text, outcome)),
      ...(part.table ? [renderHtmlTable(transposeWideTable(part.table))] : []),
      ...(part.figures ? [renderHtmlGallery(part.figures)] : []),
      ...(part.quotes ?? []).map(renderHtmlQuote),
    ]),
  );
}
