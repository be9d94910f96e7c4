import { checkOptions } from '../../../core/index.js';
import type { OptionChecks } from '../../../core/index.js';
import { renderChart, formatTableCsv } from '../../../pictures/index.js';
import type { Chart, Table } from '../../../pictures/index.js';
import type { Comparison, ComparisonRow, GenerationReport } from '../report.js';
import { describeUnknown, formatScoreTitle } from './score-table.js';
import type { ReportFormat } from './score-table.js';
import { buildFaultTable, buildGenerationCharts, buildGenerationTable } from './generation-table.js';
import type { NamedGenerations } from './generation-table.js';
import { listFeatures, getNumber } from './model-table.js';
import { renderSectionsAsPage, renderSectionsAsText } from './report-section.js';
import type { ReportSection } from './report-section.js';

/** Settings of {@link renderComparison}. */
export interface RenderComparisonOptions {
  /** Leaves the pictures out of the page (default true: with them). */
  pictures?: boolean;
}

/** The keys of {@link RenderComparisonOptions}. */
export const renderComparisonKeys: OptionChecks<RenderComparisonOptions> = { pictures: true };

/** Writes a comparison; CSV holds a row for each model. */
export function renderComparison(
  comparison: Comparison,
  format: ReportFormat,
  options: RenderComparisonOptions = {},
): string {
  const { pictures = true } = checkOptions('renderComparison', options, renderComparisonKeys);
  if (format === 'json') return `${JSON.stringify(comparison, undefined, 2)}\n`;
  const { models } = comparison;
  const table = buildComparisonTable(models);
  const features = models.map(({ name, report }) => [name, listFeatures(report.model.config)]);
  if (format === 'csv') return formatTableCsv(addFeatures(table, features));
  const samples = models.flatMap(listSamples);
  const parts: ReportSection[] = [
    {
      ...{ title: formatTitle(models), table },
      notes: models
        .flatMap(({ name, report }) => describeUnknown(`${name}:`, report.scores!))
        .map((text) => ({ text })),
    },
    { title: 'Features', table: { columns: ['model', 'features'], rows: features } },
    { title: 'Pairs: bits a byte of the second minus the first', table: buildPairTable(comparison) },
    ...(samples.length > 0 ? buildSampleSections(samples, models) : []),
  ];
  if (format === 'text') return renderSectionsAsText(parts);
  const figures = pictures ? [{ title: 'Pictures', figures: buildCharts(models, samples).map(renderChart) }] : [];
  return renderSectionsAsPage('Comparison', [...parts, ...figures, ...buildSideBySide(models)]);
}

function addFeatures({ columns, rows }: Table, features: readonly (readonly string[])[]): Table {
  return { columns: [...columns, 'features'], rows: rows.map((row, i) => [...row, features[i]?.[1]]) };
}

/** Formats the settings of scoring, as far as they are the same for all. */
function formatTitle(models: readonly ComparisonRow[]): string {
  const [first = '', ...others] = models.map(({ report }) => formatScoreTitle(report.scores!));
  return others.every((title) => title === first) ? first : (first.split(',')[0] ?? first);
}

function buildComparisonTable(models: readonly ComparisonRow[]): Table {
  return {
    columns: [
      ...['model', 'kind', 'epoch', 'perplexity', 'a word', 'bits a byte', 'nats a token', 'accuracy'],
      ...[
        'BLEU-1',
        'BLEU-4',
        'parameters',
        'width',
        'layers',
        'heads',
        'context',
        'stride',
        'unknown',
        'improvement %',
        'efficiency',
      ],
    ],
    rows: models.map(({ name, epoch, report: { model, scores, completions }, improvement, efficiency }) => [
      ...[name, model.kind, epoch, scores?.perplexity, scores?.wordPerplexity, scores?.bitsPerByte, scores?.loss],
      ...[scores?.accuracy, completions?.bleu[1], completions?.bleu[4], model.parameters],
      ...['width', 'layers', 'heads'].map((key) => getNumber(model.config, key)),
      ...[scores?.context, scores?.stride, scores?.unknown, improvement, efficiency],
    ]),
  };
}

function buildPairTable({ pairs }: Comparison): Table {
  return {
    columns: ['first', 'second', 'difference', 'low', 'high', 't', 'p', 'p (Holm)', 'p (ranks)', 'd', 'size'],
    rows: pairs.map(({ first, second, test, wilcoxon, effect, interval, corrected }) => [
      ...[first, second, test.difference, interval.low, interval.high, test.t, test.p, corrected, wilcoxon.p],
      ...[effect.d, effect.size],
    ]),
  };
}

function listSamples({ name, report }: ComparisonRow): [string, GenerationReport][] {
  return Object.entries(report.generations).map(([way, generation]) => [`${name}, ${way}`, generation]);
}

function buildSampleSections(samples: NamedGenerations, models: readonly ComparisonRow[]): ReportSection[] {
  return [
    { title: 'Generation', table: buildGenerationTable(samples) },
    { title: 'Generation beside the first model', table: buildChangeTable(models) },
    { title: 'Faults of what was written', table: buildFaultTable(samples) },
  ];
}

/** Type-token ratio and repetition, with the change from the first model in percent. */
function buildChangeTable(models: readonly ComparisonRow[]): Table {
  const figures = (report: GenerationReport) => [report.typeTokenRatio, report.repetition[2], report.repetition[3]];
  return {
    columns: ['writing', ...['type/token', 'repetition-2', 'repetition-3'].flatMap((name) => [name, 'change %'])],
    rows: models.flatMap(({ name, report }) =>
      Object.entries(report.generations).map(([way, generation]) => {
        const first = models[0]?.report.generations[way];
        const before = first === undefined ? [] : figures(first);
        const cells = figures(generation).flatMap((value, i) => [value, computeChange(before[i], value)]);
        return [`${name}, ${way}`, ...cells];
      }),
    ),
  };
}

/** Undefined where there is nothing to divide by. */
function computeChange(before: number | undefined, value: number): number | undefined {
  return before === undefined || before === 0 ? undefined : 100 * (value / before - 1);
}

function buildCharts(models: readonly ComparisonRow[], writing: NamedGenerations): Chart[] {
  const value = ({ report }: ComparisonRow) => report.scores!.perplexity;
  const bars: Chart = {
    title: 'Perplexity',
    x: {
      ...{ label: 'model', min: 0.5, max: models.length + 0.5 },
      ticks: models.map(({ name }, i) => ({ at: i + 1, label: name })),
    },
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
  return [bars, sizes, ...(writing.length > 0 ? buildGenerationCharts(writing) : [])];
}

/** Builds a section for each prompt with the first sample of each model. */
function buildSideBySide(models: readonly ComparisonRow[]): ReportSection[] {
  const [way, first] = Object.entries(models[0]?.report.generations ?? {})[0] ?? [];
  if (way === undefined || first === undefined) return [];
  return first.prompts.map((title, index) => ({
    title,
    quotes: models.map(({ name, report }) => {
      const text = report.generations[way]?.texts.find((one) => one.prompt === index && one.sample === 0)?.text ?? '';
      return `${name}: ${text}`;
    }),
  }));
}
