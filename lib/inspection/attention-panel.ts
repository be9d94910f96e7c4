import { renderChart, renderElement, escapeMarkup } from '../pictures/index.js';
import type { Chart, ChartTick } from '../pictures/index.js';
import type { AttentionLayer } from './attention-layers.js';
import { renderHeatMap, measureHeatMap, formatToken } from './heat-map.js';

const HEADING = 30;
const BARS = { width: 560, height: 260 };

/**
 * Draws a layer in three pictures side by side: what its heads take on average, how spread that is for each query, and
 * what each key gives.
 * @param tokens - the text of each token
 * @throws ArgumentError unless there is a text for each token
 */
export function renderAttentionPanel(layer: AttentionLayer, tokens: readonly string[]): string {
  const side = measureHeatMap(tokens.length);
  const [width, height] = [side + BARS.width, HEADING + Math.max(side, 2 * BARS.height)];
  const title = formatTitle(layer);
  const parts = [
    renderElement('title', {}, escapeMarkup(title)),
    renderElement('rect', { width, height, fill: '#ffffff' }),
    renderElement('text', { x: 8, y: 20, fill: '#333333' }, escapeMarkup(title)),
    translate(0, HEADING, renderHeatMap('renderAttentionPanel', layer.mean, tokens)),
    translate(side, HEADING, renderChart(createBarChart('Entropy of each query', 'nats', layer.entropy, tokens))),
    translate(
      side,
      HEADING + BARS.height,
      renderChart(createBarChart('What each token gives', 'mean weight', layer.received, tokens)),
    ),
  ];
  const font = { 'font-family': 'sans-serif', 'font-size': 14, 'font-weight': 600 };
  return renderElement('svg', { xmlns: 'http://www.w3.org/2000/svg', width, height, ...font }, parts.join(''));
}

function formatTitle({ name, heads, meanEntropy, narrow }: AttentionLayer): string {
  const entropy = Number.isNaN(meanEntropy) ? '' : `, mean entropy ${meanEntropy.toFixed(2)} nats`;
  return `${name}, mean of ${heads} heads${entropy}${narrow ? ': it looks at very few tokens' : ''}`;
}

function translate(x: number, y: number, content: string): string {
  return renderElement('g', { transform: `translate(${x} ${y})`, 'font-weight': 400 }, content);
}

function createBarChart(title: string, label: string, values: readonly number[], tokens: readonly string[]): Chart {
  const ticks = tokens.map((token, at): ChartTick => ({ at: at + 0.5, label: formatToken(token) }));
  return {
    ...{ title, ...BARS },
    x: { label: 'token', min: 0, max: Math.max(1, tokens.length), ticks },
    y: { label, min: 0 },
    series: [{ type: 'bars', bars: values.map((value, at) => ({ from: at, to: at + 1, value })) }],
  };
}
