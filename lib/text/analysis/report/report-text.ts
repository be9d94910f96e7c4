import { formatBytes, formatInteger } from '../../../core/index.js';
import type { CorpusAnalysis } from '../corpus-analysis.js';
import { formatDocuments, createFigureTables, formatPercent } from './report-figures.js';

/** An analysis as text for a terminal: aligned figures, lists of what is commonest, and advice. */
export function formatAnalysis(analysis: CorpusAnalysis): string {
  const { counts, ngrams, patterns, punctuation, domainTerms } = analysis;
  const heading = `${formatInteger(counts.tokens)} tokens in ${formatDocuments(counts.documents)}, ${formatBytes(counts.bytes)}`;
  const sections = [
    heading,
    ...createFigureTables(analysis).map(({ title, rows }) => `${title}\n${alignRows(rows)}`),
    formatPhrases('Words and marks', ngrams.unigrams.top),
    formatPhrases('Pairs', ngrams.bigrams.top),
    formatPhrases('Triples', ngrams.trigrams.top),
    formatPhrases('Openings of sentences', patterns.openings),
    formatPhrases('Sentences without their content words', patterns.skeletons),
    formatPhrases('Marks', punctuation.marks),
    ...(domainTerms
      ? [`Terms of the domain\n${alignRows(domainTerms.map(({ term, z }) => [term, `z ${z.toFixed(1)}`]))}`]
      : []),
    `Advice\n${formatAdvice(analysis)}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function formatPhrases(title: string, phrases: readonly { text: string; count: number; share: number }[]): string {
  const rows = phrases.map(({ text, count, share }): [string, string] => [
    text,
    `${formatInteger(count)}  ${formatPercent(share)}`,
  ]);
  return `${title}\n${rows.length === 0 ? '  none comes twice' : alignRows(rows)}`;
}

function formatAdvice({ recommendation }: CorpusAnalysis): string {
  const { tokenizer, ...others } = recommendation;
  const rows = [
    ['tokenizer', `${tokenizer.value.type}, ${formatInteger(tokenizer.value.vocabSize)} tokens`, tokenizer.reason],
    ...Object.entries(others).map(([name, { value, reason }]) => [name, formatBrief(value), reason]),
  ];
  return rows.map(([name, value, reason]) => `  ${name}: ${value} (${reason})`).join('\n');
}

function formatBrief(value: string | number): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(3))) : value;
}

function alignRows(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}
