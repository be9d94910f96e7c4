import { formatBytes, formatInteger } from '../../core/index.js';
import type { CorpusAnalysis } from './corpus-analysis.js';
import type { Duplicates } from './duplicate-counter.js';

/** Figures that belong together, each with its name. */
export interface FigureTable {
  title: string;
  rows: [name: string, value: string][];
}

/** The single figures of an analysis, as both reports show them. */
export function figuresOf(analysis: CorpusAnalysis): FigureTable[] {
  return [
    sizes(analysis),
    variety(analysis),
    sentences(analysis),
    coverage(analysis),
    writing(analysis),
    repeats(analysis),
  ];
}

/** A share with two significant digits: `12 %`, `0.34 %`. */
export function percent(share: number): string {
  return `${Number((share * 100).toPrecision(share > 0.1 ? 3 : 2))} %`;
}

/** `1 document`, `2,000 documents`. */
export function documents(count: number): string {
  return `${formatInteger(count)} ${count === 1 ? 'document' : 'documents'}`;
}

function sizes({ counts }: CorpusAnalysis): FigureTable {
  const rows = Object.entries(counts).map(([name, value]): [string, string] => [
    name,
    name === 'bytes' ? `${formatInteger(value)} (${formatBytes(value)})` : formatInteger(value),
  ]);
  return { title: 'Size', rows };
}

function variety({ typeTokenRatio, vocabulary }: CorpusAnalysis): FigureTable {
  const { heaps, zipfExponent, hapaxes, unseenRate } = vocabulary;
  return {
    title: 'Variety',
    rows: [
      ['types per token', rounded(typeTokenRatio.raw)],
      ['types per token in windows of 1,000', rounded(typeTokenRatio.per1000)],
      ['Heaps: types', heaps ? `${rounded(heaps.k)} × tokens^${rounded(heaps.beta)}` : 'too few tokens'],
      ['Zipf: exponent', zipfExponent === undefined ? 'too few tokens' : rounded(zipfExponent)],
      ['types that come once', formatInteger(hapaxes)],
      ['chance that the next token is new', percent(unseenRate)],
    ],
  };
}

function sentences({ sentenceLengths: { histogram: _, ...lengths } }: CorpusAnalysis): FigureTable {
  const rows = Object.entries(lengths).map(([name, value]): [string, string] => [name, rounded(value)]);
  return { title: 'Tokens in a sentence', rows };
}

function coverage({ vocabulary }: CorpusAnalysis): FigureTable {
  const rows = vocabulary.coverage.map(({ size, share }): [string, string] => [
    `${formatInteger(size)} types`,
    percent(share),
  ]);
  const unknown: [string, string] = [
    `unknown beyond ${formatInteger(vocabulary.vocabSize)}`,
    percent(vocabulary.oovRate),
  ];
  return { title: 'Tokens that the commonest types cover', rows: [...rows, unknown] };
}

function writing({ letterCase, punctuation, characters }: CorpusAnalysis): FigureTable {
  return {
    title: 'Writing',
    rows: [
      ['words in small letters', percent(letterCase.lower)],
      ['words with a capital first', percent(letterCase.capitalised)],
      ['words in capitals', percent(letterCase.upper)],
      ['words in mixed letters', percent(letterCase.mixed)],
      ['sentences with a capital first', percent(letterCase.capitalisedSentences)],
      ['types in small letters alone', formatInteger(letterCase.foldedTypes)],
      ['marks among the tokens', percent(punctuation.share)],
      ['marks in a sentence', rounded(punctuation.perSentence)],
      ['sentences that end in a mark', percent(punctuation.closedSentences)],
      ['different characters', formatInteger(characters.distinct)],
    ],
  };
}

function repeats({ duplicates }: CorpusAnalysis): FigureTable {
  return {
    title: 'Repeats',
    rows: [repeat('documents', duplicates.documents), repeat('lines of 20 characters or more', duplicates.lines)],
  };
}

function repeat(name: string, { repeated, total, share, sampled }: Duplicates): [string, string] {
  const estimated = sampled < 1 ? ', estimated' : '';
  return [name, `${formatInteger(repeated)} of ${formatInteger(total)} (${percent(share)}${estimated})`];
}

function rounded(value: number | undefined): string {
  return value === undefined ? 'too few tokens' : String(Number(value.toPrecision(3)));
}
