import { renderChart, formatTableCsv } from '../../../pictures/index.js';
import type { Chart } from '../../../pictures/index.js';
import type { ModelReport } from '../report.js';
import type { ScoreReport } from '../../scoring/scores.js';
import { buildFaultTable, buildGenerationCharts, buildGenerationTable } from './generation-table.js';
import { buildModelTable } from './model-table.js';
import { renderSectionsAsPage, renderSectionsAsText } from './report-section.js';
import type { ReportSection } from './report-section.js';
import { buildScoreTable, describeUnknown, formatScoreTitle } from './score-table.js';
import type { ReportFormat } from './score-table.js';

/** Documents from which on their scores make a picture. */
const FEWEST_DOCUMENTS = 5;
const BINS = 12;

/** Writes an evaluation; CSV holds every figure by its path, pages have pictures and texts. */
export function renderEvaluation(report: ModelReport, format: ReportFormat): string {
  if (format === 'json') return `${JSON.stringify(report, undefined, 2)}\n`;
  if (format === 'csv') return formatTableCsv({ columns: ['figure', 'value'], rows: listNumbers(report) });
  if (format === 'text') return renderSectionsAsText(buildTables(report));
  return renderSectionsAsPage('Evaluation', [
    ...buildTables(report),
    buildPictures(report),
    ...buildTextSections(report),
  ]);
}

function buildTables({ model, scores, judgement, completions, generations, checks }: ModelReport): ReportSection[] {
  const ways = Object.entries(generations);
  return [
    { title: 'Model', table: buildModelTable(model) },
    ...(scores
      ? [
          {
            ...{ title: formatScoreTitle(scores), table: buildScoreTable([['documents', scores]]) },
            notes: [...(judgement ? [judgement.explanation] : []), ...describeUnknown('Here', scores)].map((text) => ({
              text,
            })),
          },
        ]
      : []),
    ...(completions ? [buildBleuSection(completions)] : []),
    ...(ways.length > 0
      ? [
          { title: 'Generation', table: buildGenerationTable(ways) },
          { title: 'Faults of what was written', table: buildFaultTable(ways) },
        ]
      : []),
    ...(checks.length > 0 ? [buildGoalSection(checks)] : []),
  ];
}

function buildBleuSection({ bleu, passages, promptWords, completionWords }: NonNullable<ModelReport['completions']>) {
  return {
    title: `BLEU of ${passages} completions: ${completionWords} words after ${promptWords}`,
    table: { columns: ['BLEU-1', 'BLEU-2', 'BLEU-3', 'BLEU-4'], rows: [[bleu[1], bleu[2], bleu[3], bleu[4]]] },
  };
}

function buildGoalSection(checks: ModelReport['checks']): ReportSection {
  const rows = checks.map(({ path, value, min, max, passed }) => [path, value, min, max, passed ? 'passed' : 'failed']);
  return { title: 'Goals', table: { columns: ['figure', 'value', 'at least', 'at most', ''], rows } };
}

function buildPictures({ scores, generations }: ModelReport): ReportSection {
  const ways = Object.entries(generations);
  const charts = [
    ...(scores && scores.documents.length >= FEWEST_DOCUMENTS ? [buildDocumentChart(scores)] : []),
    ...(ways.length > 0 ? buildGenerationCharts(ways) : []),
  ];
  return { title: charts.length > 0 ? 'Pictures' : 'No pictures: too few documents', figures: charts.map(renderChart) };
}

/** Builds a histogram of the documents over bits a byte. */
function buildDocumentChart({ documents }: ScoreReport): Chart {
  const bits = documents.map(({ bitsPerByte }) => bitsPerByte).filter(Number.isFinite);
  const [low, high] = [Math.min(...bits), Math.max(...bits)];
  const width = (high - low || 1) / BINS;
  const count = (bin: number) => bits.filter((value) => Math.min(BINS - 1, Math.floor((value - low) / width)) === bin);
  const bars = Array.from({ length: BINS }, (_, bin) => ({
    ...{ from: low + bin * width, to: low + (bin + 1) * width },
    value: count(bin).length,
  }));
  return {
    title: 'Documents by how well they are predicted',
    x: { label: 'bits a byte', min: low, max: low + BINS * width },
    y: { label: 'documents', min: 0 },
    series: [{ type: 'bars', bars }],
  };
}

function buildTextSections({ generations }: ModelReport): ReportSection[] {
  return Object.entries(generations).map(([name, { prompts, texts }]) => ({
    title: `Texts: ${name}`,
    quotes: texts.map(({ prompt, text }) => `${prompts[prompt] ?? ''}▸${text}`),
  }));
}

/** Every number of a report by its path; single texts and documents are left out. */
function listNumbers(report: object, path = ''): [string, number][] {
  return Object.entries(report).flatMap(([key, value]: [string, unknown]): [string, number][] => {
    const at = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'number') return [[at, value]];
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    return listNumbers(value, at);
  });
}
