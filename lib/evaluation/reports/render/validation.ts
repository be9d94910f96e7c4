import { renderChart, formatTableCsv } from '../../../pictures/index.js';
import type { Chart } from '../../../pictures/index.js';
import type { ValidationReport, ValidationCheck } from '../report.js';
import type { TextScore } from '../../scoring/scores.js';
import { buildScoreTable, describeUnknown } from './score-table.js';
import type { ReportFormat } from './score-table.js';
import { buildGenerationTable } from './generation-table.js';
import { buildLossChart } from './loss-chart.js';
import { buildModelTable } from './model-table.js';
import { renderSectionsAsPage, renderSectionsAsText } from './report-section.js';
import type { ReportSection } from './report-section.js';

/** Writes what validation found; CSV holds the checklist, pages have pictures. */
export function renderValidation(report: ValidationReport, format: ReportFormat): string {
  if (format === 'json') return `${JSON.stringify(report, undefined, 2)}\n`;
  const checklist = {
    columns: ['check', 'outcome', 'what was seen'],
    rows: report.checks.map((check) => [check.name, formatOutcome(check), check.explanation]),
  };
  if (format === 'csv') return formatTableCsv(checklist);
  const sections = buildSections(report, { title: 'Checklist', table: checklist });
  return format === 'text' ? renderSectionsAsText(sections) : renderSectionsAsPage('Validation', sections);
}

function buildSections(report: ValidationReport, checklist: ReportSection): ReportSection[] {
  const { model, passed, generation, siblings, judgement } = report;
  const checkpoints = {
    columns: ['name', 'perplexity'],
    rows: siblings.map(({ name, perplexity }) => [name, perplexity]),
  };
  const verdict = passed ? 'passed' : 'failed';
  return [
    { title: 'Model', notes: [{ text: `The checklist: ${verdict}`, outcome: verdict }], table: buildModelTable(model) },
    checklist,
    {
      title: 'Perplexity',
      notes: [judgement.explanation, ...describeUnknown('Here', report.validation)].map((text) => ({ text })),
      table: buildScoreTable(listSplits(report)),
    },
    { title: 'Pictures', figures: buildCharts(report).map(renderChart) },
    { title: 'Generation', table: buildGenerationTable([['temperature 0.8', generation]]) },
    ...(siblings.length > 0 ? [{ title: 'Checkpoints', table: checkpoints }] : []),
    {
      title: 'Texts',
      quotes: generation.texts.map(({ prompt, text }) => `${generation.prompts[prompt] ?? ''}▸${text}`),
    },
  ];
}

/** Perplexities beside each other, and the losses of the run. */
function buildCharts(report: ValidationReport): Chart[] {
  const { history, stored } = report;
  const known: [string, number][] = [
    ...(history?.train.length ? [['training', Math.exp(history.train.at(-1)!)] as [string, number]] : []),
    ...listSplits(report).map(([name, { perplexity }]): [string, number] => [name, perplexity]),
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
    ...(history && history.validation.length > 1 ? [buildLossChart(history)] : []),
  ];
}

function formatOutcome({ passed }: ValidationCheck): string {
  if (passed === undefined) return '–';
  return passed ? 'passed' : 'failed';
}

function listSplits({ validation, test }: ValidationReport): [string, TextScore][] {
  return [['validation', validation], ...(test ? [['test', test] as [string, TextScore]] : [])];
}
