import type { OptionChecks } from '../../../core/index.js';
import { checkOptions, formatBytes, formatInteger } from '../../../core/index.js';
import { renderChart, escapeMarkup } from '../../../pictures/index.js';
import type { Chart } from '../../../pictures/index.js';
import type { CorpusAnalysis } from '../corpus-analysis.js';
import type { CountedPhrase } from '../phrase-counter.js';
import { formatDocuments, createFigureTables, formatPercent } from './report-figures.js';

/** Options of {@link renderAnalysisHtml}. */
export interface AnalysisPageOptions {
  /** Default: Corpus analysis. */
  title?: string;
}

/** The keys of {@link AnalysisPageOptions}. */
export const analysisPageKeys: OptionChecks<AnalysisPageOptions> = { title: true };

/** An analysis as one HTML page with pictures that needs nothing beside it. */
export function renderAnalysisHtml(analysis: CorpusAnalysis, options: AnalysisPageOptions = {}): string {
  checkOptions('renderAnalysisHtml', options, analysisPageKeys);
  const title = escapeMarkup(options.title ?? 'Corpus analysis');
  const { counts, ngrams, patterns, punctuation } = analysis;
  const lead = `${formatInteger(counts.tokens)} tokens in ${formatInteger(counts.sentences)} sentences and ${formatDocuments(counts.documents)}, ${formatBytes(counts.bytes)}`;
  const tables = [
    renderPhrases('Words and marks', ngrams.unigrams.top),
    renderPhrases('Pairs', ngrams.bigrams.top),
    renderPhrases('Triples', ngrams.trigrams.top),
    renderPhrases('Openings of sentences', patterns.openings),
    renderPhrases('Sentences without their content words', patterns.skeletons),
    renderPhrases('Marks', punctuation.marks),
    renderTerms(analysis),
  ];
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width"/><title>${title}</title><style>${STYLE}</style></head>`,
    `<body><main><h1>${title}</h1><p>${escapeMarkup(lead)}</p>`,
    `<h2>Advice</h2>${renderAdvice(analysis)}`,
    `<h2>Pictures</h2><div class="grid">${createCharts(analysis)
      .map((chart) => `<figure>${renderChart(chart)}</figure>`)
      .join('')}</div>`,
    `<h2>Figures</h2><div class="grid">${createFigureTables(analysis)
      .map(({ title: name, rows }) => renderCard(name, rows.map((row) => renderRow(row)).join('')))
      .join('')}</div>`,
    `<h2>What is commonest</h2><div class="grid">${tables.join('')}</div>`,
    '</main></body></html>',
    '',
  ].join('\n');
}

const STYLE = [
  'body{font:15px/1.5 system-ui,sans-serif;color:#222;background:#f6f6f4;margin:0}',
  'main{max-width:1360px;margin:0 auto;padding:24px}h1{margin:0}h2{margin:32px 0 12px}',
  '.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr));gap:16px;align-items:start}',
  'figure,section{background:#fff;border:1px solid #e0e0dc;border-radius:8px;margin:0;padding:12px 16px;overflow:hidden}',
  'figure svg{width:100%;height:auto;display:block}h3{font-size:15px;margin:0 0 6px}',
  'table{border-collapse:collapse;width:100%}td{padding:2px 8px 2px 0;vertical-align:top;overflow-wrap:anywhere}',
  'td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}td.bar{width:30%}',
  '.bar i{display:block;height:9px;margin-top:7px;background:#0072b2;border-radius:2px}.why{color:#555}',
].join('');

function createCharts(analysis: CorpusAnalysis): Chart[] {
  return [
    createLengthChart(analysis),
    createCoverageChart(analysis),
    createZipfChart(analysis),
    createHeapsChart(analysis),
  ];
}

function createLengthChart({ sentenceLengths: lengths }: CorpusAnalysis): Chart {
  return {
    title: 'Lengths of sentences',
    x: { label: 'tokens in a sentence; the last bar holds all longer ones', min: 0 },
    y: { label: 'sentences', format: 'count' },
    series: [{ type: 'bars', bars: lengths.histogram.map(({ from, to, count }) => ({ from, to, value: count })) }],
    markers: [
      { x: lengths.median, label: `median ${lengths.median}` },
      { x: lengths.p95, label: `p95 ${lengths.p95}` },
    ],
  };
}

function createCoverageChart({ vocabulary }: CorpusAnalysis): Chart {
  return {
    title: 'What a vocabulary covers',
    x: { label: 'types in the vocabulary, the commonest first', scale: 'log', format: 'count' },
    y: { label: 'tokens covered', format: 'percent', min: 0, max: 1 },
    series: [{ type: 'line', points: vocabulary.coverageCurve.map(({ size, share }) => [size, share] as const) }],
    markers: [
      {
        x: vocabulary.vocabSize,
        label: `${formatInteger(vocabulary.vocabSize)}: ${formatPercent(1 - vocabulary.oovRate)}`,
      },
    ],
  };
}

function createZipfChart({ vocabulary: { zipf, zipfExponent } }: CorpusAnalysis): Chart {
  const anchor = zipf.find(({ rank }) => rank >= 100);
  const law = zipf.map(
    ({ rank }) => [rank, anchor ? anchor.count * (rank / anchor.rank) ** -(zipfExponent ?? 0) : NaN] as const,
  );
  return {
    title: 'Rank and frequency (Zipf)',
    x: { label: 'rank of a type', scale: 'log', format: 'count' },
    y: { label: 'times it comes', scale: 'log', format: 'count', min: 1 },
    series: [
      { type: 'line', name: 'this corpus', points: zipf.map(({ rank, count }) => [rank, count] as const) },
      ...createFittedSeries(
        zipfExponent !== undefined,
        `rank^−${zipfExponent?.toFixed(2)}`,
        law.filter(([, count]) => count >= 1),
      ),
    ],
  };
}

function createHeapsChart({ vocabulary: { growth, heaps } }: CorpusAnalysis): Chart {
  const law = growth.map(({ tokens }) => [tokens, heaps ? heaps.k * tokens ** heaps.beta : NaN] as const);
  return {
    title: 'Growth of the vocabulary (Heaps)',
    x: { label: 'tokens read', format: 'count' },
    y: { label: 'types met', format: 'count', min: 0 },
    series: [
      { type: 'line', name: 'this corpus', points: growth.map(({ tokens, types }) => [tokens, types] as const) },
      ...createFittedSeries(heaps !== undefined, `${heaps?.k.toFixed(2)} × tokens^${heaps?.beta.toFixed(2)}`, law),
    ],
  };
}

function createFittedSeries(known: boolean, name: string, points: (readonly [number, number])[]): Chart['series'] {
  return known ? [{ type: 'line', name, points, dashed: true }] : [];
}

function renderAdvice({ recommendation }: CorpusAnalysis): string {
  const { tokenizer, ...others } = recommendation;
  const rows: [string, string, string][] = [
    ['tokenizer', `${tokenizer.value.type}, ${formatInteger(tokenizer.value.vocabSize)} tokens`, tokenizer.reason],
    ...Object.entries(others).map(([name, { value, reason }]): [string, string, string] => [
      name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
      typeof value === 'number' ? String(Number(value.toPrecision(3))) : value,
      reason,
    ]),
  ];
  const body = rows.map(
    ([name, value, why]) =>
      `<tr><td>${escapeMarkup(name)}</td><td><b>${escapeMarkup(value)}</b></td><td class="why">${escapeMarkup(why)}</td></tr>`,
  );
  return `<section><table>${body.join('')}</table></section>`;
}

function renderPhrases(title: string, phrases: readonly CountedPhrase[]): string {
  if (phrases.length === 0) return renderCard(title, '<tr><td>none comes twice</td></tr>');
  const largest = phrases[0]!.count;
  const rows = phrases.map(({ text, count, share }) => {
    const bar = `<td class="bar"><i style="width:${((100 * count) / largest).toFixed(1)}%"></i></td>`;
    return renderRow([text, formatInteger(count), formatPercent(share)], bar);
  });
  return renderCard(title, rows.join(''));
}

function renderTerms({ domainTerms }: CorpusAnalysis): string {
  if (domainTerms === undefined) return '';
  const rows = domainTerms.map(({ term, count, z }) => renderRow([term, formatInteger(count), `z ${z.toFixed(1)}`]));
  return renderCard('Terms of the domain', rows.join('') || '<tr><td>none</td></tr>');
}

function renderRow([name, ...figures]: readonly [string, ...string[]], end = ''): string {
  const cells = figures.map((figure) => `<td class="n">${escapeMarkup(figure)}</td>`);
  return `<tr><td>${escapeMarkup(name)}</td>${cells.join('')}${end}</tr>`;
}

function renderCard(title: string, rows: string): string {
  return `<section><h3>${escapeMarkup(title)}</h3><table>${rows}</table></section>`;
}
