import { renderChart } from '../pictures/index.js';
import type { EmbeddingPlane } from './embedding-space.js';
import { formatToken } from './heat-map.js';

/** Points beyond which words would only hide each other. */
const MOST_WORDS = 150;

/** Draws tokens in the plane of {@link EmbeddingSpace.plane}, with their texts where there is room for them. */
export function renderEmbeddingPlane({ points, explained }: EmbeddingPlane): string {
  const [x, y] = explained.map((share) => `${(100 * share).toFixed(1)} % of the variance`) as [string, string];
  const labels = points.length > MOST_WORDS ? [] : points.map(({ text }) => formatToken(text));
  return renderChart({
    ...{ title: 'Token vectors along their first two principal components', width: 760, height: 640 },
    ...{ x: { label: x }, y: { label: y } },
    series: [{ type: 'points', points: points.map((point) => [point.x, point.y] as const), labels }],
  });
}
