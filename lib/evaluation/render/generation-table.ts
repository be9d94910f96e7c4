import type { GenerationReport } from '../reports/index.js';
import type { Table } from './table.js';

/** The figures of what models wrote, a row for each. */
export function generationTable(reports: readonly (readonly [name: string, report: GenerationReport])[]): Table {
  return {
    columns: [
      ...['writing', 'texts', 'tokens', 'distinct-1', 'distinct-2', 'repetition-2', 'repetition-3', 'longest repeat'],
      ...['self-BLEU', 'per 100', 'unknown', 'coverage', 'ln P', 'tokens/s'],
    ],
    rows: reports.map(([name, report]) => [
      ...[name, report.texts.length, report.tokens, report.distinct[1], report.distinct[2], report.repetition[2]],
      ...[report.repetition[3], report.longestRepeatedSpan, report.selfBleu, report.uniquePer100, report.unknownRate],
      ...[report.coverage, report.meanLogProbability, Math.round(report.tokensPerSecond)],
    ]),
  };
}
