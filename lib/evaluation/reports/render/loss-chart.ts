import type { Chart, ChartPoint } from '../../../pictures/index.js';
import type { LossHistory } from '../report.js';

/** The losses of a run over its steps, with a mark at the lowest of the validation split. */
export function buildLossChart({ steps, train, validation }: LossHistory): Chart {
  const xs = steps ?? validation.map((_, i) => i + 1);
  const points = (losses: readonly number[]) => losses.map((loss, i): ChartPoint => [xs[i] ?? NaN, loss]);
  const lowest = validation.indexOf(Math.min(...validation));
  const best = xs[lowest];
  return {
    title: 'Loss',
    x: { label: steps ? 'step' : 'evaluation', format: 'count' },
    y: { label: 'nats a token' },
    series: [
      { type: 'line', name: 'training', points: points(train), dashed: true },
      { type: 'line', name: 'validation', points: points(validation) },
    ],
    markers: best === undefined ? [] : [{ x: best, label: `lowest ${validation[lowest]!.toPrecision(4)}` }],
  };
}
