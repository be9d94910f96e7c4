import { formatBytes, formatInteger } from '../../../core/index.js';
import type { CorpusAnalysis } from '../corpus-analysis.js';
import type { Duplicates } from '../duplicate-counter.js';

/** Figures that belong together, each with its name. */
export interface FigureTable {
  title: string;
  rows: [name: string, value: string][];
}

/** The single figures of an analysis, as both reports show them. */
export function createFigureTables(analysis: CorpusAnalysis): FigureTable[] {
  return [
    createSizeTable(analysis),
    createVarietyTable(analysis),
    createSentenceTable(analysis),
    createCoverageTable(analysis),
    createWritingTable(analysis),
    createRepeatTable(analysis),
  ];
}

/** A share with two significant digits: `12 %`, `0.34 %`. */
export function formatPercent(share: number): string {
  return `${Number((share * 100).toPrecision(share > 0.1 ? 3 : 2))} %`;
}

/** `1 document`, `2,000 documents`. */
export function formatDocuments(count: number): string {
  return `${formatInteger(count)} ${count === 1 ? 'document' : 'documents'}`;
}

function createSizeTable({ counts }: CorpusAnalysis): FigureTable {
  const rows = Object.entries(counts).map(([name, value]): [string, string] => [
    name,
    name === 'bytes' ? `${formatInteger(value)} (${formatBytes(value)})` : formatInteger(value),
  ]);
  return { title: 'Size', rows };
}

function createVarietyTable({ typeTokenRatio, vocabulary }: CorpusAnalysis): FigureTable {
  const { heaps, zipfExponent, hapaxes, unseenRate } = vocabulary;
  return {
    title: 'Variety',
    rows: [
      ['types per token', formatRounded(typeTokenRatio.raw)],
      ['types per token in windows of 1,000', formatRounded(typeTokenRatio.per1000)],
      ['Heaps: types', heaps ? `${formatRounded(heaps.k)} × tokens^${formatRounded(heaps.beta)}` : 'too few tokens'],
      ['Zipf: exponent', zipfExponent === undefined ? 'too few tokens' : formatRounded(zipfExponent)],
      ['types that come once', formatInteger(hapaxes)],
      ['chance that the next token is new', formatPercent(unseenRate)],
    ],
  };
}

function createSentenceTable({ sentenceLengths: { histogram: _, ...lengths } }: CorpusAnalysis): FigureTable {
  const rows = Object.entries(lengths).map(([name, value]): [string, string] => [name, formatRounded(value)]);
  return { title: 'Tokens in a sentence', rows };
}

function createCoverageTable({ vocabulary }: CorpusAnalysis): FigureTable {
  const rows = vocabulary.coverage.map(({ size, share }): [string, string] => [
    `${formatInteger(size)} types`,
    formatPercent(share),
  ]);
  const unknown: [string, string] = [
    `unknown beyond ${formatInteger(vocabulary.vocabSize)}`,
    formatPercent(vocabulary.oovRate),
  ];
  return { title: 'Tokens that the commonest types cover', rows: [...rows, unknown] };
}

function createWritingTable({ letterCase, punctuation, characters }: CorpusAnalysis): FigureTable {
  return {
    title: 'Writing',
    rows: [
      ['words in small letters', formatPercent(letterCase.lower)],
      ['words with a capital first', formatPercent(letterCase.capitalised)],
      ['words in capitals', formatPercent(letterCase.upper)],
      ['words in mixed letters', formatPercent(letterCase.mixed)],
      ['sentences with a capital first', formatPercent(letterCase.capitalisedSentences)],
      ['types in small letters alone', formatInteger(letterCase.foldedTypes)],
      ['marks among the tokens', formatPercent(punctuation.share)],
      ['marks in a sentence', formatRounded(punctuation.perSentence)],
      ['sentences that end in a mark', formatPercent(punctuation.closedSentences)],
      ['different characters', formatInteger(characters.distinct)],
    ],
  };
}

function createRepeatTable({ duplicates }: CorpusAnalysis): FigureTable {
  return {
    title: 'Repeats',
    rows: [
      createRepeatRow('documents', duplicates.documents),
      createRepeatRow('lines of 20 characters or more', duplicates.lines),
    ],
  };
}

function createRepeatRow(name: string, { repeated, total, share, sampled }: Duplicates): [string, string] {
  const estimated = sampled < 1 ? ', estimated' : '';
  return [name, `${formatInteger(repeated)} of ${formatInteger(total)} (${formatPercent(share)}${estimated})`];
}

function formatRounded(value: number | undefined): string {
  return value === undefined ? 'too few tokens' : String(Number(value.toPrecision(3)));
}
