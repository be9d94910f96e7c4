import type { ScoreCategory } from './category.js';
import { predictedRoots } from './confusion.js';
import type { ComparedScore } from './compare-predictions.js';
import { breakdownTitles } from './groups.js';
import type { Breakdown } from './groups.js';
import type { LogicReport } from './report.js';

/** Columns of the tables of groups. */
const COLUMNS = ['n', 'equivalent', '95 %', 'exact', 'valid', 'partial', 'atoms F1', 'clauses F1', 'connectives F1'];

/** References that are named among those that are left out. */
const MOST_EXCLUDED = 10;

/**
 * Writes a report for people: tables of all groups, confusions, baselines and findings.
 *
 * @param report - of {@link evaluatePredictions}
 * @returns lines of text
 */
export function renderLogicReport(report: LogicReport): string {
  const { global } = report;
  const sections = [
    describeCounts(report),
    renderGroups('all', [global]),
    renderBaselines(report),
    ...(Object.keys(breakdownTitles) as Breakdown[])
      .filter((name) => report[name].length > 0)
      .map((name) => renderGroups(breakdownTitles[name], report[name])),
    renderMatrix(report),
    renderList(
      'findings',
      report.diagnosis.map(({ text }) => text),
    ),
    renderExcluded(report),
    renderList('not equivalent', (report.examples ?? []).map(describeFailure)),
  ];
  return sections.filter((section) => section !== '').join('\n\n');
}

function describeCounts({ total, missing, unused, alignment, dataset, model, global }: LogicReport): string {
  const rows = [
    ...(dataset.path === null ? [] : [['data', `${dataset.path} (${total} sentences)`]]),
    ...(model === null ? [] : [['model', model]]),
    ['letters', `${alignment.gloss} by their clauses, ${alignment.strict} by their names`],
    ['composed', `${global.compositional_avg.toFixed(3)}, parts F1 ${global.subformula_f1.toFixed(3)}`],
    ['any letters', `${formatShare(global.any_renaming)} equivalent, an upper bound`],
    ...(missing === 0 ? [] : [['missing', `${missing} sentences without a prediction`]]),
    ...(unused === 0 ? [] : [['unused', `${unused} predictions of no sentence`]]),
  ];
  return alignColumns(rows);
}

function renderGroups(title: string, groups: readonly ScoreCategory[]): string {
  return alignColumns([[title, ...COLUMNS], ...groups.map((group) => [group.name, ...listFigures(group)])]);
}

function listFigures(group: ScoreCategory): string[] {
  const [low, high] = group.ci.semantic_accuracy;
  return [
    String(group.total),
    formatShare(group.semantic_accuracy),
    group.semantic_accuracy === null ? '' : `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)}`,
    formatShare(group.exact_match),
    formatShare(group.syntax_valid_rate),
    ...[group.partial_credit, group.atom_f1, group.gloss_f1, group.connector_accuracy].map((score) => score.toFixed(3)),
  ];
}

function formatShare(share: number | null): string {
  return share === null ? '–' : `${(100 * share).toFixed(1)} %`;
}

function renderBaselines({ baselines }: LogicReport): string {
  const rows = Object.values(baselines).map(({ name, semantic_accuracy, exact_match, difference }) => [
    ...[name.replaceAll('_', ' '), formatShare(semantic_accuracy), formatShare(exact_match)],
    difference === null ? '–' : describeDifference(difference.estimate, difference.interval),
  ]);
  return alignColumns([['baseline', 'equivalent', 'exact', 'the result is better by'], ...rows]);
}

function describeDifference(estimate: number, [low, high]: readonly [number, number]): string {
  return `${estimate.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

function renderMatrix({ confusion_matrix: matrix }: LogicReport): string {
  const rows = Object.entries(matrix)
    .map(([name, row]) => [name, ...predictedRoots.map((predicted) => String(row[predicted]))])
    .filter(([, ...counts]) => counts.some((count) => count !== '0'));
  return alignColumns([['outermost, by prediction', ...predictedRoots], ...rows]);
}

function renderExcluded({ excluded }: LogicReport): string {
  const shown = excluded.slice(0, MOST_EXCLUDED).map(({ formula, input }) => `${formula}  ${input}`);
  const title = `left out of equivalence, since they always or never hold: ${excluded.length}`;
  return renderList(title, shown);
}

function describeFailure({ input, formula, predicted }: NonNullable<LogicReport['examples']>[number]): string {
  return `${input}\n    ${formula}, not ${predicted ?? 'a formula'}`;
}

function renderList(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

/**
 * Writes the comparison of two sets of predictions.
 *
 * @param scores - of {@link comparePredictions}
 * @returns a table
 */
export function renderComparison(scores: readonly ComparedScore[]): string {
  return alignColumns([
    ['score', 'n', 'first', 'second', 'first less second (95 %)'],
    ...scores.map(({ name, total, first, second, difference, interval }) => [
      ...[name, String(total), first.toFixed(3), second.toFixed(3), describeDifference(difference, interval)],
    ]),
  ]);
}

/** Columns of equal widths, the first to the left, the others to the right. */
function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const left = rows[0]!.length === 2;
  const pad = (cell: string, column: number): string =>
    column === 0 || left ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}
