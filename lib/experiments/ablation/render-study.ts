import { formatInteger } from '../../core/index.js';
import { formatFigure, formatInterval, formatTable } from '../markdown.js';
import type { ArmComparison, StudyReport, Verdict } from './analyze-study.js';

/** Words for what was found, in the order in which the summary says them. */
const VERDICTS: readonly (readonly [Verdict, string])[] = [
  ['better', 'better'],
  ['worse', 'worse'],
  ['equivalent', 'equivalent within the margin'],
  ['not resolved', 'not resolved'],
  ['too few runs', 'without enough runs'],
];

/**
 * The report of a study in Markdown; what was not found stands in its first line.
 * @param report - as {@link analyzeStudy} gives it
 * @returns lines
 */
export function renderStudy(report: StudyReport): string {
  const { name, primary, seeds, tokens } = report;
  return [
    `# Ablation ${name}`,
    `**${summarizeStudy(report)}**`,
    `${primary}, ${report.goal} is best; ${seeds.length} seeds, ${formatInteger(tokens)} training tokens a run.`,
    '## Arms by seed',
    renderArms(report),
    `## Differences from ${report.baseline}, seed by seed`,
    renderComparisons(report),
    renderNotes(report),
    ...renderMechanism(report),
    '',
  ].join('\n\n');
}

/**
 * The outcome of a study in one sentence or two, negative results among them.
 * @param report - as {@link analyzeStudy} gives it
 * @returns plain text
 */
export function summarizeStudy(report: StudyReport): string {
  const { comparisons, baseline, arms } = report;
  const parts = VERDICTS.flatMap(([verdict, words]) => {
    const own = comparisons.filter((comparison) => comparison.verdict === verdict).map(({ arm }) => arm);
    const said = own.length > 0 || verdict === 'better' || verdict === 'worse';
    return said ? [`${own.length === 0 ? 'none' : own.join(', ')} ${words}`] : [];
  });
  const inactive = arms.filter((arm) => arm.inactive === true).map(({ arm }) => arm);
  const idle =
    inactive.length === 0 ? '' : ` Inactive, so that nothing was tested of the mechanism: ${inactive.join(', ')}.`;
  const missing = arms.flatMap(({ arm, values }) => {
    const lost = values.filter((value) => !Number.isFinite(value)).length;
    return lost === 0 ? [] : [`${arm} ${lost}`];
  });
  const lost = missing.length === 0 ? '' : ` Runs without a figure: ${missing.join(', ')}.`;
  return `Against ${baseline}: ${parts.join('; ')}.${idle}${lost}`;
}

function renderArms({ arms, seeds }: StudyReport): string {
  const head = ['arm', 'parameters', ...seeds.map((seed) => `seed ${seed}`), 'mean', 'sd', 'runs'];
  const rows = arms.map(({ arm, parameters, values, mean, standardDeviation, inactive }) => [
    `${arm}${inactive === true ? ' (inactive)' : ''}`,
    parameters === undefined ? '–' : formatInteger(parameters),
    ...[...values, mean, standardDeviation].map(formatFigure),
    String(values.filter(Number.isFinite).length),
  ]);
  return formatTable(head, rows);
}

function renderComparisons({ comparisons }: StudyReport): string {
  const head = ['arm', 'pairs', 'difference', '95 % interval', 'p', 'p after Holm', 'p of Wilcoxon', 'd_z'];
  const row = (found: ArmComparison): string[] => [
    ...[found.arm, String(found.pairs), formatFigure(found.difference), formatInterval(found.interval)],
    ...[found.p, found.corrected, found.wilcoxon, found.dz].map(formatFigure),
    ...[found.bootstrap === undefined ? '–' : formatInterval(found.bootstrap)],
    ...[formatFigure(found.detectable), found.verdict],
  ];
  return formatTable([...head, 'interval over seeds and documents', 'detectable', 'verdict'], comparisons.map(row));
}

function renderNotes({ alpha, detectable, seeds, margin }: StudyReport): string {
  const equivalence =
    margin === undefined
      ? 'Not resolved is no proof of equality: the study named no margin.'
      : `Equivalent: within ±${formatFigure(margin)} by two one-sided tests.`;
  return `Paired t tests, two-sided, at ${formatFigure(alpha)} over all arms. With ${seeds.length} seeds a difference of ${formatFigure(detectable)} standard deviations of the differences is found in 8 of 10 studies; \`detectable\` is the same in the unit of the figure. ${equivalence}`;
}

/** What the models report of themselves, for those arms that report more than the training. */
function renderMechanism({ arms }: StudyReport): string[] {
  const names = [...new Set(arms.flatMap(({ mechanism }) => Object.keys(mechanism)))];
  if (names.length === 0) return [];
  const rows = arms.map(({ arm, mechanism }) => [arm, ...names.map((name) => formatFigure(mechanism[name]))]);
  return ['## The mechanism at the end of training', formatTable(['arm', ...names], rows)];
}
