import { element, escapeMarkup } from '../../core/index.js';
import type { ValidationCheck, ValidationReport } from '../reports/index.js';
import type { TextScore } from '../scoring/index.js';
import { scoreTable } from './evaluation.js';
import type { ReportFormat } from './evaluation.js';
import { generationTable } from './generation-table.js';
import { htmlHeading, htmlPage, htmlQuote, htmlTable } from './page.js';
import { tableCsv, tableText } from './table.js';
import type { Table } from './table.js';

/** Writes what validation found; CSV holds the checklist. */
export function renderValidation(report: ValidationReport, format: ReportFormat): string {
  const { model, checks, passed, generation, siblings } = report;
  if (format === 'json') return `${JSON.stringify(report, undefined, 2)}\n`;
  const list = {
    columns: ['check', 'outcome', 'what was seen'],
    rows: checks.map((check) => [check.name, outcome(check), check.explanation]),
  };
  if (format === 'csv') return tableCsv(list);
  const title = `${model.kind} with ${model.parameters.toLocaleString('en')} parameters: ${passed ? 'passed' : 'failed'}`;
  const tables: [string, Table][] = [
    ['Perplexity', scoreTable(splits(report))],
    ['Generation', generationTable([['temperature 0.8', generation]])],
    [
      'Checkpoints',
      { columns: ['name', 'perplexity'], rows: siblings.map(({ name, perplexity }) => [name, perplexity]) },
    ],
    ['Checklist', list],
  ];
  const shown = tables.filter(([, { rows }]) => rows.length > 0);
  if (format === 'text') {
    return [title, ...shown.map(([heading, table]) => `\n${heading}\n\n${tableText(table)}`), ''].join('\n');
  }
  const verdict = element('p', { class: passed ? 'passed' : 'failed' }, escapeMarkup(title));
  const parts = shown.flatMap(([heading, table]) => [htmlHeading(heading), htmlTable(table)]);
  return htmlPage('Validation', [verdict, ...parts, ...generation.texts.map(({ text }) => htmlQuote(text))]);
}

function outcome({ passed }: ValidationCheck): string {
  if (passed === undefined) return '–';
  return passed ? 'passed' : 'failed';
}

function splits({ validation, test }: ValidationReport): [string, TextScore][] {
  return [['validation', validation], ...(test ? [['test', test] as [string, TextScore]] : [])];
}
