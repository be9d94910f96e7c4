import { chartSvg } from '../../core/index.js';
import type { Chart } from '../../core/index.js';
import type { Comparison, ComparisonRow, GenerationReport } from '../reports/index.js';
import { scoreTitle } from './evaluation.js';
import type { ReportFormat } from './evaluation.js';
import { generationTable } from './generation-table.js';
import { htmlHeading, htmlPage, htmlQuote, htmlTable } from './page.js';
import { tableCsv, tableText } from './table.js';
import type { Cell, Table } from './table.js';

/** Writes a comparison; CSV holds a row for each model. */
export function renderComparison(comparison: Comparison, format: ReportFormat): string {
  if (format === 'json') return `${JSON.stringify(comparison, undefined, 2)}\n`;
  const models = modelTable(comparison.models);
  if (format === 'csv') return tableCsv(models);
  const parts: [string, Table][] = [
    [scoreTitle(comparison.models[0]!.report.scores!), models],
    ['Pairs: bits a byte of the second minus the first', pairTable(comparison)],
  ];
  const writing = comparison.models.flatMap(writingOf);
  if (writing.length > 0) parts.push(['Generation', generationTable(writing)]);
  if (format === 'text') return parts.map(([title, table]) => `${title}\n\n${tableText(table)}\n`).join('\n');
  const tables = parts.flatMap(([title, table]) => [htmlHeading(title), htmlTable(table)]);
  return htmlPage('Comparison', [...tables, ...charts(comparison.models), ...sideBySide(comparison.models)]);
}

function modelTable(models: readonly ComparisonRow[]): Table {
  return {
    columns: [
      ...['model', 'kind', 'epoch', 'perplexity', 'a word', 'bits a byte', 'nats a token', 'accuracy'],
      ...['BLEU-1', 'BLEU-4', 'parameters', 'width', 'layers', 'heads', 'improvement %', 'efficiency'],
    ],
    rows: models.map(({ name, epoch, report: { model, scores, continuations }, improvement, efficiency }) => [
      ...[name, model.kind, epoch, scores?.perplexity, scores?.wordPerplexity, scores?.bitsPerByte, scores?.loss],
      ...[scores?.accuracy, continuations?.bleu[1], continuations?.bleu[4], model.parameters],
      ...['width', 'layers', 'heads'].map((key) => numberAt(model.config, key)),
      ...[improvement, efficiency],
    ]),
  };
}

function numberAt(config: object, key: string): Cell {
  const value: unknown = (config as Record<string, unknown>)[key];
  return typeof value === 'number' ? value : undefined;
}

function pairTable({ pairs }: Comparison): Table {
  return {
    columns: ['first', 'second', 'difference', 'low', 'high', 't', 'p', 'p (Holm)', 'p (ranks)', 'd', 'size'],
    rows: pairs.map(({ first, second, test, wilcoxon, effect, interval, corrected }) => [
      ...[first, second, test.difference, interval.low, interval.high, test.t, test.p, corrected, wilcoxon.p],
      ...[effect.d, effect.size],
    ]),
  };
}

function writingOf({ name, report }: ComparisonRow): [string, GenerationReport][] {
  return Object.entries(report.generations).map(([way, generation]) => [`${name}, ${way}`, generation]);
}

function charts(models: readonly ComparisonRow[]): string[] {
  const value = ({ report }: ComparisonRow) => report.scores!.perplexity;
  const bars: Chart = {
    title: `Perplexity: ${models.map(({ name }, i) => `${i + 1} ${name}`).join(', ')}`,
    x: { label: 'model', min: 0.5, max: models.length + 0.5 },
    y: { label: 'perplexity', min: 0 },
    series: [{ type: 'bars', bars: models.map((row, i) => ({ from: i + 0.7, to: i + 1.3, value: value(row) })) }],
  };
  const sizes: Chart = {
    title: 'Perplexity by size',
    x: { label: 'parameters', scale: 'log', format: 'count' },
    y: { label: 'perplexity' },
    series: models.map((row) => ({
      type: 'points',
      name: row.name,
      points: [[row.report.model.parameters, value(row)]],
    })),
  };
  return [htmlHeading('Pictures'), chartSvg(bars), chartSvg(sizes)];
}

/** What each model wrote first on each prompt. */
function sideBySide(models: readonly ComparisonRow[]): string[] {
  const [way, first] = Object.entries(models[0]?.report.generations ?? {})[0] ?? [];
  if (way === undefined || first === undefined) return [];
  return first.prompts.flatMap((prompt, index) => [
    htmlHeading(prompt),
    ...models.map(({ name, report }) => {
      const text = report.generations[way]?.texts.find((one) => one.prompt === index && one.sample === 0)?.text ?? '';
      return htmlQuote(`${name}: ${text}`);
    }),
  ]);
}
