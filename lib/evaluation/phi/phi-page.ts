import {
  renderHtmlFigure,
  renderHtmlGallery,
  renderHtmlHeading,
  renderHtmlNote,
  renderHtmlPage,
  renderHtmlTable,
} from '../../pictures/index.js';
import type { Table } from '../../pictures/index.js';
import type { SampleDescription } from '../statistics/describe-sample.js';
import { renderPhiPictures } from './phi-pictures.js';
import type { PhiControl, PhiReport } from './phi-report.js';

const MEANING =
  'Phi is a heuristic: the weighted mean of four figures of how states and attention hang together. It says nothing of ' +
  'consciousness. What an untrained model or shuffled tokens give as well is no sign of what was learned.';

/**
 * A page on phi that stands alone: pictures, statistics, and what it is compared with.
 * @param report - of `reportPhi`
 * @returns HTML
 */
export function renderPhiPage(report: PhiReport): string {
  const { statistics, controls, correlations } = report;
  const { 'phi-correlation': correlation, ...pictures } = renderPhiPictures(report);
  return renderHtmlPage('Phi', [
    renderHtmlNote(MEANING),
    renderHtmlHeading('By layer and token'),
    renderHtmlNote(`A memory reads phi after ${report.layers[report.layer]!.name}.`),
    renderHtmlGallery(Object.values(pictures)),
    renderHtmlHeading('Correlation'),
    renderHtmlNote('Pearson in the picture; Spearman in the table.'),
    renderHtmlFigure(correlation!),
    renderHtmlTable(buildCorrelationTable(correlations)),
    renderHtmlHeading('Statistics'),
    statistics === undefined
      ? renderHtmlNote('The text is one segment: statistics need two or more.')
      : renderHtmlTable(buildStatisticsTable(statistics)),
    renderHtmlHeading('Controls'),
    ...controls.map((control) => renderHtmlNote(describeControl(control))),
  ]);
}

function buildCorrelationTable({ names, spearman }: PhiReport['correlations']): Table {
  return { columns: ['', ...names], rows: spearman.map((row, i) => [names[i], ...row]) };
}

/**
 * The statistics of phi as a table.
 * @param statistics - of a sample
 * @returns rows of name and value
 */
export function buildStatisticsTable(statistics: SampleDescription): Table {
  const { normality, outliers, intervals, ...plain } = statistics;
  const range = ([low, high]: readonly [number, number]): string => `${low.toFixed(4)} to ${high.toFixed(4)}`;
  return {
    columns: ['phi at the end of segments', 'value'],
    rows: [
      ...Object.entries(plain).map(([name, value]) => [name.replace(/[A-Z]/gu, (c) => ` ${c.toLowerCase()}`), value]),
      ['normality, Jarque-Bera', normality.statistic],
      ['its p', normality.p],
      ['outliers by quartiles', outliers.quartiles],
      ['outliers by |z| > 3', outliers.standardScores],
      ['outliers by median deviations', outliers.medianDeviations],
      ...([90, 95, 99] as const).map((share) => [`mean, ${share} %`, range(intervals[share])]),
    ],
  };
}

/**
 * A control in a sentence.
 * @param control - of a report
 * @returns the difference with its interval, and whether it can be told from none
 */
export function describeControl(control: PhiControl): string {
  const { name, test } = control;
  const other = name === 'untrained' ? 'an untrained model of the same shape' : 'the same tokens shuffled';
  if (test === undefined) return `Beside ${other}: one segment is too few to tell.`;
  const { difference, interval, p } = test;
  const verdict = p < 0.05 ? 'a difference at the level of 5 %' : 'no difference can be told';
  const [low, high] = interval.map((value) => value.toFixed(4));
  return `Beside ${other}: ${difference.toFixed(4)} (95 % ${low} to ${high}, p = ${p.toPrecision(2)}): ${verdict}.`;
}
