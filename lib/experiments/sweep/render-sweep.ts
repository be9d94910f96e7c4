import { formatInteger } from '../../core/index.js';
import { formatFigure, formatInterval, formatTable } from '../markdown.js';
import type { ConfirmedReport, SweepReport } from './describe-sweep.js';
import type { Point } from './space.js';

/**
 * The report of a sweep in Markdown.
 * @param report - as {@link describeSweep} gives it
 * @returns lines
 */
export function renderSweep(report: SweepReport): string {
  const { name, method, metric, goal, tokens } = report;
  const spent = `${formatInteger(tokens.used)} of ${formatInteger(tokens.planned)} planned tokens (budget ${formatInteger(tokens.budget)})`;
  return [
    `# Sweep ${name}`,
    summarize(report),
    `Method ${method}; ${metric}, the ${goal} first; trained on ${spent}.`,
    '## Points',
    renderRanking(report),
    ...renderRungs(report),
    ...renderImportance(report),
    ...renderConfirmed(report),
    '',
  ].join('\n\n');
}

function summarize({ ranking, confirmed: [winner], metric }: SweepReport): string {
  const [best] = ranking;
  if (best === undefined || !Number.isFinite(best.value)) return '**No point ended with a figure.**';
  if (winner === undefined) {
    return `**Best on validation: ${formatPoint(best.values)}, ${metric} ${formatFigure(best.value)}. It was chosen as the best of ${ranking.length}, so the figure flatters; nothing was confirmed on fresh seeds.**`;
  }
  const { regression, seeds } = winner;
  const again = `${formatFigure(winner.validation)} on ${seeds} fresh seeds (chosen at ${formatFigure(winner.selected)}`;
  const interval = regression === undefined ? '' : `, difference ${formatInterval(regression.interval)}`;
  return `**Best: ${formatPoint(winner.values)}, ${metric} ${again}${interval}).**`;
}

function renderRanking({ ranking, metric }: SweepReport): string {
  const paths = Object.keys(ranking[0]?.values ?? {});
  const rows = ranking.map(({ point, values, value, stage, runs }) => [
    ...[String(point + 1), ...paths.map((path) => formatValue(values[path]))],
    ...[formatFigure(value), stage, runs.join(' ')],
  ]);
  return formatTable(['point', ...paths, metric, 'reached', 'runs'], rows);
}

function renderRungs({ stages, rungCorrelations }: SweepReport): string[] {
  if (stages.length < 2) return [];
  const rows = stages.map(({ name, tokens, points, failed }, i) => {
    const next = rungCorrelations[i];
    return [name, String(points), formatInteger(tokens), String(failed), next ? formatFigure(next.correlation) : '–'];
  });
  const note =
    'Schedules are laid out for the last rung, so the early rungs compare runs that are not finished; the rank correlation says how far their order held among the points that went on.';
  return [
    '## Rungs',
    formatTable(['rung', 'points', 'tokens a run', 'failed', 'rank correlation with the next'], rows),
    note,
  ];
}

function renderImportance({ importance }: SweepReport): string[] {
  if (importance.length === 0) return [];
  const rows = importance.map(({ path, correlation: { estimate, low, high }, points }) => [
    ...[path, formatFigure(estimate), formatInterval([low, high]), String(points)],
  ]);
  const head = ['setting', 'rank correlation with the metric', '95 % interval', 'points'];
  return ['## How much each setting matters', formatTable(head, rows)];
}

function renderConfirmed({ confirmed }: SweepReport): string[] {
  if (confirmed.length === 0) return [];
  const tests = Object.keys(confirmed.find(({ test }) => Object.keys(test).length > 0)?.test ?? {});
  const row = ({ point, selected, validation, seeds, regression, test }: ConfirmedReport): string[] => [
    ...[String(point + 1), formatFigure(selected), formatFigure(validation), String(seeds)],
    ...[regression ? formatInterval(regression.interval) : '–', ...tests.map((name) => formatFigure(test[name]))],
  ];
  const head = ['point', 'chosen at', 'fresh seeds', 'seeds', '95 % interval of the difference', ...tests];
  return [
    '## Confirmed on fresh seeds',
    formatTable(head, confirmed.map(row)),
    'The test data were scored once, by these runs alone.',
  ];
}

function formatPoint(values: Point): string {
  return Object.entries(values)
    .map(([path, value]) => `${path} ${formatValue(value)}`)
    .join(', ');
}

function formatValue(value: unknown): string {
  return typeof value === 'number' ? formatFigure(value) : typeof value === 'string' ? value : JSON.stringify(value);
}
