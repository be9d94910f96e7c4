import {
  htmlHeading,
  htmlNote,
  htmlPage,
  htmlPictures,
  htmlQuote,
  htmlTable,
  readableTable,
  tableText,
} from '../../core/index.js';
import type { Table } from '../../core/index.js';

/** A section of a report, whatever form it is written in. */
export interface ReportPart {
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
export function partsText(parts: readonly ReportPart[]): string {
  return parts
    .filter(({ table, notes = [], quotes = [] }) => table !== undefined || notes.length + quotes.length > 0)
    .map(({ title, notes = [], table, quotes = [] }) => {
      const blocks = [
        ...notes.map(({ text }) => text),
        ...(table ? [tableText(readableTable(table))] : []),
        ...quotes.map((text) => `  ${text.trimEnd().replaceAll('\n', '\n  ')}`),
      ];
      return `${title}\n\n${blocks.join('\n\n')}\n`;
    })
    .join('\n');
}

/** Sections as a page that stands alone. */
export function partsPage(title: string, parts: readonly ReportPart[]): string {
  return htmlPage(
    title,
    parts.flatMap((part) => [
      htmlHeading(part.title),
      ...(part.notes ?? []).map(({ text, outcome }) => htmlNote(text, outcome)),
      ...(part.table ? [htmlTable(readableTable(part.table))] : []),
      ...(part.figures ? [htmlPictures(part.figures)] : []),
      ...(part.quotes ?? []).map(htmlQuote),
    ]),
  );
}
