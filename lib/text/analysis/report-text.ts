import { formatBytes, formatInteger } from '../../core/index.js';
import type { CorpusAnalysis } from './corpus-analysis.js';
import { documents, figuresOf, percent } from './report-figures.js';

/** An analysis as text for a terminal: aligned figures, lists of what is commonest, and advice. */
export function analysisText(analysis: CorpusAnalysis): string {
  const { counts, ngrams, patterns, punctuation, domainTerms } = analysis;
  const heading = `${formatInteger(counts.tokens)} tokens in ${documents(counts.documents)}, ${formatBytes(counts.bytes)}`;
  const sections = [
    heading,
    ...figuresOf(analysis).map(({ title, rows }) => `${title}\n${aligned(rows)}`),
    list('Words and marks', ngrams.unigrams.top),
    list('Pairs', ngrams.bigrams.top),
    list('Triples', ngrams.trigrams.top),
    list('Openings of sentences', patterns.openings),
    list('Sentences without their content words', patterns.skeletons),
    list('Marks', punctuation.marks),
    ...(domainTerms
      ? [`Terms of the domain\n${aligned(domainTerms.map(({ term, z }) => [term, `z ${z.toFixed(1)}`]))}`]
      : []),
    `Advice\n${advice(analysis)}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function list(title: string, phrases: readonly { text: string; count: number; share: number }[]): string {
  const rows = phrases.map(({ text, count, share }): [string, string] => [
    text,
    `${formatInteger(count)}  ${percent(share)}`,
  ]);
  return `${title}\n${rows.length === 0 ? '  none comes twice' : aligned(rows)}`;
}

function advice({ recommendation }: CorpusAnalysis): string {
  const { tokenizer, ...others } = recommendation;
  const rows = [
    ['tokenizer', `${tokenizer.value.type}, ${formatInteger(tokenizer.value.vocabSize)} tokens`, tokenizer.reason],
    ...Object.entries(others).map(([name, { value, reason }]) => [name, brief(value), reason]),
  ];
  return rows.map(([name, value, reason]) => `  ${name}: ${value} (${reason})`).join('\n');
}

function brief(value: string | number): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(3))) : value;
}

function aligned(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}
