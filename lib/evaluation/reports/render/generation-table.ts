import type { Chart, ChartPoint, Table } from '../../../pictures/index.js';
import type { GenerationReport } from '../report.js';

/** Generations of models, with a name for each. */
export type NamedGenerations = readonly (readonly [name: string, report: GenerationReport])[];

const ORDERS = [1, 2, 3, 4] as const;

/** The figures of what models wrote, a row for each. */
export function buildGenerationTable(reports: NamedGenerations): Table {
  return {
    columns: [
      ...['writing', 'texts', 'tokens', 'distinct-1', 'distinct-2', 'repetition-2', 'repetition-3', 'longest repeat'],
      ...[
        'self-BLEU',
        'unique per 100',
        'unknown',
        'coverage',
        'words a sentence',
        'in the reference',
        'ln P a token',
        'tokens/s',
      ],
    ],
    rows: reports.map(([name, report]) => [
      ...[name, report.texts.length, report.tokens, report.distinct[1], report.distinct[2], report.repetition[2]],
      ...[report.repetition[3], report.longestRepeatedSpan, report.selfBleu, report.uniquePer100, report.unknownRate],
      ...[report.coverage, report.sentenceLengths.mean, report.sentenceLengths.referenceMean],
      ...[report.meanLogProbability, Math.round(report.tokensPerSecond)],
    ]),
  };
}

/** Builds a table of the faults of generated texts, a row for each model. */
export function buildFaultTable(reports: NamedGenerations): Table {
  return {
    columns: ['writing', 'texts that repeat', 'unbalanced signs', 'odd sentences', 'topic drift', 'the longest repeat'],
    rows: reports.map(([name, { errors }]) => {
      const [worst] = [...errors.texts].sort((a, b) => b.repeated.words - a.repeated.words);
      return [
        ...[name, errors.repeating, errors.unbalanced, errors.oddSentences, errors.drift],
        worst === undefined || worst.repeated.words === 0
          ? ''
          : `${worst.repeated.words} words: ${truncate(worst.repeated.text)}`,
      ];
    }),
  };
}

/** Pictures of what models wrote: repetition and diversity by n, and how texts stay with their topic. */
export function buildGenerationCharts(reports: NamedGenerations): Chart[] {
  const x = { label: 'n', min: 1, max: 4, ticks: ORDERS.map((n) => ({ at: n, label: String(n) })) };
  const lines = (figure: (report: GenerationReport, n: (typeof ORDERS)[number]) => number) =>
    reports.map(([name, report]) => ({
      ...{ type: 'line' as const, name },
      points: ORDERS.map((n): ChartPoint => [n, figure(report, n)]),
    }));
  const share = { format: 'percent', min: 0, max: 1 } as const;
  const drift = reports.map(([name, report]) => ({ type: 'line' as const, name, points: averageTopics(report) }));
  return [
    {
      title: 'Repetition',
      x,
      y: { label: 'n-grams that came before', ...share },
      series: lines(({ repetition }, n) => repetition[n]),
    },
    {
      title: 'Diversity',
      x,
      y: { label: 'different n-grams (distinct-n)', ...share },
      series: lines(({ distinct }, n) => distinct[n]),
    },
    ...(drift.some(({ points }) => points.length > 1)
      ? [{ title: 'Topic', x: { label: 'part of the text' }, y: { label: 'cosine with the prompt' }, series: drift }]
      : []),
  ];
}

/** The mean cosine with the prompt of each window, over texts. */
function averageTopics({ errors }: GenerationReport): ChartPoint[] {
  const longest = Math.max(0, ...errors.texts.map(({ topic }) => topic.length));
  return Array.from({ length: longest }, (_, window): ChartPoint => {
    const found = errors.texts.flatMap(({ topic }) => (topic[window] === undefined ? [] : [topic[window]]));
    return [window + 1, found.reduce((a, b) => a + b, 0) / found.length];
  });
}

/** A text in a line of a table. */
function truncate(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
