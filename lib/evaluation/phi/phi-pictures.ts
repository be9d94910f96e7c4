import { formatToken, renderHeatMapPicture } from '../../inspection/index.js';
import { renderChart } from '../../pictures/index.js';
import type { ChartBar, ChartPoint, ChartSeries, ChartTick } from '../../pictures/index.js';
import type { GroupMean, PhiLayerReport, PhiReport, PhiSeries } from './phi-report.js';

/** Bars of a histogram. */
const BINS = 16;

/**
 * Draws a report on phi.
 * @param report - of `reportPhi`
 * @returns SVGs by the name of their file, without its ending
 */
export function renderPhiPictures(report: PhiReport): Record<string, string> {
  const { tokens, layers, correlations, lengths, kinds, generation, importance } = report;
  const layerPanels = layers.map((layer) => [`phi-${layer.name}`, drawLayer(layer, tokens)] as const);
  return {
    ...Object.fromEntries(layerPanels),
    'phi-correlation': renderHeatMapPicture('Correlation of phi and its components', {
      ...{ weights: correlations.pearson, tokens: correlations.names },
    }),
    'phi-by-layer': drawGroups('Phi at the end of segments', 'layer', layers),
    'phi-by-length': drawGroups('Phi by length', 'tokens read', lengths),
    ...(kinds.length > 0 && { 'phi-by-kind': drawGroups('Phi at the end of prompts', 'kind', kinds) }),
    ...(generation.tokens.length > 0 && { 'phi-generation': drawGeneration(generation) }),
    'phi-importance': drawImportance(importance, tokens),
    ...(report.values.length >= 2 && { 'phi-controls': drawControls(report) }),
  };
}

/** Phi and its components by token, with the mean of phi. */
function drawLayer({ name, series }: PhiLayerReport, tokens: readonly string[]): string {
  const lines = Object.entries(series) as [PhiSeries, readonly number[]][];
  const average = series.phi.reduce((sum, value) => sum + value, 0) / series.phi.length;
  const last = Math.max(1, series.phi.length - 1);
  return renderChart({
    title: `Phi after ${name}, by token`,
    x: { label: 'token', min: 0, max: last, ticks: labelTokens(tokens, 0) },
    y: { label: '0 to 1', min: 0, max: 1 },
    series: [
      ...lines.map(([line, values]): ChartSeries => ({ type: 'line', name: line, points: toPoints(values) })),
      { type: 'line', name: 'mean of phi', dashed: true, points: [[0, average], [last, average]] }, // prettier-ignore
    ],
    ...{ width: 960, height: 320 },
  });
}

/** Bars of means, a line of one standard deviation to both sides on each. */
function drawGroups(title: string, label: string, groups: readonly GroupMean[]): string {
  const spreads = groups.flatMap(({ mean, standardDeviation }, at): ChartPoint[] =>
    [mean - standardDeviation, mean + standardDeviation, NaN].map((y) => [at + 0.5, y]),
  );
  const bars = groups.map(({ mean }, at) => ({ from: at + 0.1, to: at + 0.9, value: mean }));
  const ticks = groups.map(({ name }, at) => ({ at: at + 0.5, label: name }));
  return renderChart({
    title: `${title}, with one standard deviation`,
    x: { label, min: 0, max: groups.length, ticks },
    y: { label: 'phi', min: 0 },
    series: [
      { type: 'bars', bars },
      { type: 'line', points: spreads },
    ],
  });
}

function drawGeneration({ tokens, phi, volatility }: PhiReport['generation']): string {
  const spread = Number.isNaN(volatility) ? '' : `, volatility ${volatility.toFixed(4)}`;
  return renderChart({
    title: `Phi along a generated text${spread}`,
    x: { label: 'token', ticks: labelTokens(tokens, 0) },
    y: { label: 'phi' },
    series: [{ type: 'line', points: toPoints(phi) }],
    ...{ width: 960, height: 320 },
  });
}

function drawImportance(importance: readonly number[], tokens: readonly string[]): string {
  return renderChart({
    title: 'What phi at the end loses where a token is deleted',
    x: { label: 'token', min: 0, max: importance.length, ticks: labelTokens(tokens.slice(0, importance.length), 0.5) },
    y: { label: 'phi with it − phi without' },
    series: [{ type: 'bars', bars: importance.map((value, at) => ({ from: at, to: at + 1, value })) }],
    ...{ width: 960, height: 320 },
  });
}

/** Histograms over the same bins: the model, an untrained one, shuffled tokens. */
function drawControls({ values, controls }: PhiReport): string {
  const samples = [{ name: 'this model', values }, ...controls];
  const all = samples.flatMap((sample) => sample.values);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const width = Math.max(high - low, 1e-6) / BINS;
  const series = samples.map((sample, i): ChartSeries => {
    const counts = countBins(sample.values, low, width);
    const bars = counts.map((value, bin): ChartBar => {
      const from = low + width * (bin + i / samples.length);
      return { from, to: from + width / samples.length, value };
    });
    return { type: 'bars', name: sample.name, bars: bars.filter(({ value }) => value > 0) };
  });
  return renderChart({
    title: 'Phi at the end of segments',
    x: { label: 'phi', min: low, max: low + width * BINS },
    y: { label: 'segments', min: 0 },
    series,
  });
}

function countBins(values: readonly number[], low: number, width: number): number[] {
  const counts = Array<number>(BINS).fill(0);
  for (const value of values) counts[Math.min(BINS - 1, Math.floor((value - low) / width))]! += 1;
  return counts;
}

function toPoints(values: readonly number[]): ChartPoint[] {
  return values.map((value, at) => [at, value]);
}

function labelTokens(tokens: readonly string[], shift: number): ChartTick[] {
  return tokens.map((token, at) => ({ at: at + shift, label: formatToken(token) }));
}
