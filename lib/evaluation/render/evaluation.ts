import type { ModelReport } from '../reports/index.js';
import type { ScoreReport, TextScore } from '../scoring/index.js';
import { generationTable } from './generation-table.js';
import { htmlHeading, htmlPage, htmlQuote, htmlTable } from './page.js';
import { tableCsv, tableText } from './table.js';
import type { Table } from './table.js';

/** A form that a report can be written in. */
export type ReportFormat = 'json' | 'csv' | 'text' | 'html';

/** Writes an evaluation; CSV holds every figure by its path. */
export function renderEvaluation(report: ModelReport, format: ReportFormat): string {
  const parts = tablesOf(report);
  if (format === 'json') return `${JSON.stringify(report, undefined, 2)}\n`;
  if (format === 'csv') return tableCsv({ columns: ['figure', 'value'], rows: figures(report) });
  if (format === 'text') return parts.map(([title, table]) => `${title}\n\n${tableText(table)}\n`).join('\n');
  const tables = parts.flatMap(([title, table]) => [htmlHeading(title), htmlTable(table)]);
  const texts = Object.entries(report.generations).flatMap(([name, { prompts, texts: written }]) => [
    htmlHeading(`Texts: ${name}`),
    ...written.map(({ prompt, text }) => htmlQuote(`${prompts[prompt] ?? ''}▸${text}`)),
  ]);
  return htmlPage('Evaluation', [...tables, ...texts]);
}

function tablesOf({ model, scores, continuations, generations, checks }: ModelReport): [string, Table][] {
  const parts: [string, Table][] = [
    [
      'Model',
      {
        columns: ['kind', 'parameters', 'without tables', 'vocabulary', 'tokenizer'],
        rows: [[model.kind, model.parameters, model.bodyParameters, model.vocabSize, model.tokenizer]],
      },
    ],
  ];
  if (scores) parts.push([scoreTitle(scores), scoreTable([['documents', scores]])]);
  if (continuations) {
    const { bleu, passages, promptWords, continuationWords } = continuations;
    const title = `BLEU of ${passages} continuations: ${continuationWords} words after ${promptWords}`;
    const columns = ['BLEU-1', 'BLEU-2', 'BLEU-3', 'BLEU-4'];
    parts.push([title, { columns, rows: [[bleu[1], bleu[2], bleu[3], bleu[4]]] }]);
  }
  const ways = Object.entries(generations);
  if (ways.length > 0) parts.push(['Generation', generationTable(ways)]);
  if (checks.length > 0) {
    const rows = checks.map(({ path, value, min, max, passed }) => [
      path,
      value,
      min,
      max,
      passed ? 'passed' : 'failed',
    ]);
    parts.push(['Goals', { columns: ['figure', 'value', 'at least', 'at most', ''], rows }]);
  }
  return parts;
}

/** How a text was scored, in a line. */
export function scoreTitle({ context, stride, firstToken, carried, dynamic, documents }: ScoreReport): string {
  const state = carried ? ', state carried' : '';
  const learning = dynamic ? ', learning as it reads' : '';
  return (
    `Scores: ${documents.length} documents, context ${context}, stride ${stride}, ` +
    `first token ${firstToken}${state}${learning}`
  );
}

/** The figures of scored texts, a row for each. */
export function scoreTable(scores: readonly (readonly [name: string, score: TextScore])[]): Table {
  return {
    columns: [
      ...['text', 'perplexity', 'a word', 'bits a byte', 'nats a token', 'accuracy'],
      ...['tokens', 'words', 'bytes'],
    ],
    rows: scores.map(([name, score]) => [
      ...[name, score.perplexity, score.wordPerplexity, score.bitsPerByte, score.loss, score.accuracy],
      ...[score.tokens, score.words, score.bytes],
    ]),
  };
}

/** Every number of a report by its path; single texts and documents are left out. */
function figures(report: object, path = ''): [string, number][] {
  return Object.entries(report).flatMap(([key, value]: [string, unknown]): [string, number][] => {
    const at = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'number') return [[at, value]];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    return figures(value, at);
  });
}
