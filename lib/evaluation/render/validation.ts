import { renderChart, formatTableCsv } from '../../pictures/index.js';
import type { Chart } from '../../pictures/index.js';
import type { ValidationCheck, ValidationReport } from '../reports/index.js';
import type { TextScore } from '../scoring/index.js';
import { scoreTable, unknownNote } from './evaluation.js';
import type { ReportFormat } from './evaluation.js';
import { generationTable } from './generation-table.js';
import { lossChart } from './loss-chart.js';
import { modelTable } from './model-table.js';
import { partsPage, partsText } from './report-part.js';
import type { ReportPart } from './report-part.js';

/** Writes what validation found; CSV holds the checklist, pages have pictures. */
export function renderValidation(report: ValidationReport, format: ReportFormat): string {
  if (format === 'json') return `${JSON.stringify(report, undefined, 2)}\n`;
  const checklist = {
    columns: ['check', 'outcome', 'what was seen'],
    rows: report.checks.map((check) => [check.name, outcome(check), check.explanation]),
  };
  if (format === 'csv') return formatTableCsv(checklist);
  const parts = partsOf(report, { title: 'Checklist', table: checklist });
  return format === 'text' ? partsText(parts) : partsPage('Validation', parts);
}

function partsOf(report: ValidationReport, checklist: ReportPart): ReportPart[] {
  const { model, passed, generation, siblings, judgement } = report;
  const checkpoints = {
    columns: ['name', 'perplexity'],
    rows: siblings.map(({ name, perplexity }) => [name, perplexity]),
  };
  const verdict = passed ? 'passed' : 'failed';
  return [
    { title: 'Model', notes: [{ text: `The checklist: ${verdict}`, outcome: verdict }], table: modelTable(model) },
    checklist,
    {
      title: 'Perplexity',
      notes: [judgement.explanation, ...unknownNote('Here', report.validation)].map((text) => ({ text })),
      table: scoreTable(splits(report)),
    },
    { title: 'Pictures', figures: charts(report).map(renderChart) },
    { title: 'Generation', table: generationTable([['temperature 0.8', generation]]) },
    ...(siblings.length > 0 ? [{ title: 'Checkpoints', table: checkpoints }] : []),
    {
      title: 'Texts',
      quotes: generation.texts.map(({ prompt, text }) => `${generation.prompts[prompt] ?? ''}▸${text}`),
    },
  ];
}

/** Perplexities beside each other, and the losses of the run. */
function charts(report: ValidationReport): Chart[] {
  const { history, stored } = report;
  const known: [string, number][] = [
    ...(history?.train.length ? [['training', Math.exp(history.train.at(-1)!)] as [string, number]] : []),
    ...splits(report).map(([name, { perplexity }]): [string, number] => [name, perplexity]),
    ...(stored === undefined ? [] : [['stored', stored] as [string, number]]),
  ];
  const bars = known.map(([, value], i) => ({ from: i + 0.7, to: i + 1.3, value }));
  const ticks = known.map(([label], i) => ({ at: i + 1, label }));
  return [
    {
      ...{ title: 'Perplexity', width: 420, y: { label: 'perplexity', min: 0 } },
      x: { label: 'text', min: 0.5, max: known.length + 0.5, ticks },
      series: [{ type: 'bars', bars }],
    },
    ...(history && history.validation.length > 1 ? [lossChart(history)] : []),
  ];
}

function outcome({ passed }: ValidationCheck): string {
  if (passed === undefined) return '–';
  return passed ? 'passed' : 'failed';
}

function splits({ validation, test }: ValidationReport): [string, TextScore][] {
  return [['validation', validation], ...(test ? [['test', test] as [string, TextScore]] : [])];
}
