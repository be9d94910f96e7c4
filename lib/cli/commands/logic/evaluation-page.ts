import { breakdownTitles } from '../../../logic/index.js';
import type { Breakdown, ComparedScore, LogicReport, ScoreCategory } from '../../../logic/index.js';
import {
  renderChart,
  renderHtmlGallery,
  renderHtmlHeading,
  renderHtmlNote,
  renderHtmlPage,
  renderHtmlTable,
} from '../../../pictures/index.js';

/** Breakdowns with a picture. */
const PICTURED = ['by_complexity', 'by_connector', 'by_length', 'by_n_atoms', 'by_negations', 'by_depth'] as const;

/** A report, with a comparison where one was made, as a page that stands alone. */
export function renderEvaluationPage(report: LogicReport, comparison: readonly ComparedScore[] | undefined): string {
  const names = (Object.keys(breakdownTitles) as Breakdown[]).filter((name) => report[name].length > 0);
  const pictured = PICTURED.filter((name) => report[name].length > 1);
  return renderHtmlPage('Formalisation', [
    renderHtmlTable(makeTable('all', [report.global])),
    ...report.diagnosis.map(({ text }) => renderHtmlNote(text, 'failed')),
    ...renderSection('Baselines', renderBaselines(report)),
    ...(comparison === undefined ? [] : renderSection('Comparison', renderScores(comparison))),
    ...(pictured.length === 0 ? [] : [renderHtmlGallery(pictured.map((name) => renderBars(name, report[name])))]),
    ...names.flatMap((name) => renderSection(`By ${breakdownTitles[name]}`, renderGroups(name, report[name]))),
    ...renderSection('Outermost connectives', renderMatrix(report)),
    ...renderExamples(report),
  ]);
}

function renderSection(title: string, body: string): string[] {
  return [renderHtmlHeading(title), body];
}

function renderGroups(name: Breakdown, groups: readonly ScoreCategory[]): string {
  return renderHtmlTable(makeTable(breakdownTitles[name], groups));
}

function makeTable(title: string, groups: readonly ScoreCategory[]): Parameters<typeof renderHtmlTable>[0] {
  return {
    columns: [
      ...[title, 'sentences', 'equivalent', '95 %', 'exact', 'valid', 'partial credit', 'atoms F1', 'clauses F1'],
      ...['connectives F1', 'parts F1', 'composed'],
    ],
    rows: groups.map((group) => [
      ...[group.name, group.total, group.semantic_accuracy ?? undefined, describeInterval(group.ci.semantic_accuracy)],
      ...[group.exact_match, group.syntax_valid_rate, group.partial_credit, group.atom_f1, group.gloss_f1],
      ...[group.connector_accuracy, group.subformula_f1, group.compositional_avg],
    ]),
  };
}

function describeInterval([low, high]: readonly [number, number]): string {
  return `${low.toFixed(3)} to ${high.toFixed(3)}`;
}

function renderBaselines({ baselines }: LogicReport): string {
  return renderHtmlTable({
    columns: ['baseline', 'equivalent', 'exact', 'the result is better by', '95 %'],
    rows: Object.values(baselines).map(({ name, semantic_accuracy, exact_match, difference }) => [
      ...[name.replaceAll('_', ' '), semantic_accuracy ?? undefined, exact_match],
      ...(difference === null ? [] : [difference.estimate, describeInterval(difference.interval)]),
    ]),
  });
}

function renderScores(scores: readonly ComparedScore[]): string {
  return renderHtmlTable({
    columns: ['score', 'sentences', 'first', 'second', 'first less second', '95 %'],
    rows: scores.map(({ name, total, first, second, difference, interval }) => [
      ...[name, total, first, second, difference, describeInterval(interval)],
    ]),
  });
}

function renderMatrix({ confusion_matrix: matrix }: LogicReport): string {
  const columns = Object.keys(Object.values(matrix)[0]!);
  const rows = Object.entries(matrix).map(([name, row]) => [name, ...columns.map((column) => row[column])]);
  return renderHtmlTable({ columns: ['reference, by prediction', ...columns], rows });
}

function renderExamples({ examples = [] }: LogicReport): string[] {
  if (examples.length === 0) return [];
  const rows = examples.map(({ input, formula, predicted, partial_credit: partial }) => [
    ...[input, formula, predicted ?? 'none', partial],
  ]);
  const columns = ['sentence', 'formula', 'predicted', 'partial credit'];
  return renderSection('Not equivalent', renderHtmlTable({ columns, rows }));
}

/** The shares of equivalent formulas as bars. */
function renderBars(name: Breakdown, groups: readonly ScoreCategory[]): string {
  return renderChart({
    title: `Equivalent, by ${breakdownTitles[name]}`,
    x: {
      label: breakdownTitles[name],
      ticks: groups.map((group, place) => ({ at: place, label: group.name })),
      ...{ min: -0.5, max: groups.length - 0.5 },
    },
    y: { label: 'share', format: 'percent', min: 0, max: 1 },
    series: [
      {
        type: 'bars',
        bars: groups.map(({ semantic_accuracy }, place) => ({
          ...{ from: place - 0.35, to: place + 0.35, value: semantic_accuracy ?? 0 },
        })),
      },
    ],
  });
}
