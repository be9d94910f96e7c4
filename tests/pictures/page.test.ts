import { describe, expect, test } from '@jest/globals';
import {
  renderHtmlFigure,
  renderHtmlHeading,
  renderHtmlNote,
  renderHtmlPage,
  renderHtmlGallery,
  renderHtmlQuote,
  renderHtmlTable,
  transposeWideTable,
  formatTableCsv,
  formatTable,
} from '../../lib/pictures/index.js';
import type { Table } from '../../lib/pictures/index.js';
import { elements, parseMarkup, textOf } from '../helpers/markup.js';

const table: Table = {
  columns: ['name', 'loss', 'count', 'word'],
  rows: [
    ['a "b", c', 1.234567891, 12_345, 'x'],
    ['d', NaN, undefined, 'yy'],
  ],
};

describe('a table', () => {
  test('as text: columns of one width, numbers to the right, nothing for what is missing', () => {
    expect(formatTable(table).split('\n')).toEqual([
      'name        loss   count  word',
      '────────  ──────  ──────  ────',
      'a "b", c  1.2346  12,345  x',
      'd                         yy',
    ]);
  });

  test('as CSV: numbers in full, quotes where they are needed', () => {
    expect(formatTableCsv(table)).toBe('name,loss,count,word\r\n"a ""b"", c",1.234567891,12345,x\r\nd,,,yy\r\n');
  });

  test('wide and low is turned, high is not', () => {
    const columns = Array.from({ length: 9 }, (_, i) => `c${i}`);
    const rows = [columns.map((_, i) => i), columns.map((_, i) => i * 10)];
    expect(transposeWideTable({ columns, rows })).toEqual({
      columns: ['c0', '0', '0'],
      rows: columns.slice(1).map((name, i) => [name, i + 1, 10 * (i + 1)]),
    });
    const high = { columns, rows: [...rows, ...rows, ...rows] };
    expect(transposeWideTable(high)).toBe(high);
    expect(transposeWideTable(table)).toBe(table);
  });
});

test('a page stands alone and holds texts as texts', () => {
  const nasty = '<script>"&"</script>';
  const page = renderHtmlPage(nasty, [
    ...[renderHtmlHeading(nasty), renderHtmlNote(nasty, 'failed'), renderHtmlQuote(nasty)],
    ...[
      renderHtmlTable({ columns: [nasty], rows: [[nasty]] }),
      renderHtmlFigure('<svg/>'),
      renderHtmlGallery(['<svg/>', '<svg/>']),
    ],
  ]);
  expect(page).not.toMatch(/<script|src=|href=/);
  const root = parseMarkup(page);
  for (const name of ['title', 'h1', 'h2', 'p', 'blockquote', 'th', 'td']) {
    expect([name, textOf(elements(root, name)[0]!)]).toEqual([name, nasty]);
  }
  expect(elements(root, 'p')[0]!.attributes.class).toBe('failed');
  expect(elements(root, 'svg')).toHaveLength(3);
  expect(elements(root, 'figure')).toHaveLength(3);
});
