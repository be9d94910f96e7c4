import {
  renderHtmlFigure,
  renderHtmlHeading,
  renderHtmlNote,
  renderHtmlPage,
  renderHtmlTable,
} from '../pictures/index.js';
import type { Table } from '../pictures/index.js';
import { summarizeAttention } from './attention-layers.js';
import type { AttendedKey, AttentionLayer } from './attention-layers.js';
import { renderAttentionMap } from './attention-maps.js';
import type { AttentionMap } from './attention-maps.js';
import { renderAttentionPanel } from './attention-panel.js';
import { formatToken } from './heat-map.js';

/**
 * A page on the attention of a pass: for each layer its panel, what each token looks at most, and the map of each head.
 * @param tokens - the text of each token
 * @throws ArgumentError unless there is a text for each token
 */
export function renderAttentionPage(maps: readonly AttentionMap[], tokens: readonly string[]): string {
  const parts = summarizeAttention(maps).flatMap((layer) => [
    renderHtmlHeading(layer.name),
    renderHtmlNote(describeLayer(layer), layer.narrow ? 'failed' : undefined),
    renderHtmlFigure(renderAttentionPanel(layer, tokens)),
    renderHtmlTable(buildTopTable(layer, tokens)),
    ...maps.filter(({ name }) => name === layer.name).map((map) => renderHtmlFigure(renderAttentionMap(map, tokens))),
  ]);
  return renderHtmlPage('Attention', parts.length > 0 ? parts : [renderHtmlNote('This model has no attention.')]);
}

function describeLayer({ meanEntropy, narrow }: AttentionLayer): string {
  if (Number.isNaN(meanEntropy)) return 'The text is too short to say how widely this layer looks.';
  const verdict = narrow ? 'below 2: it looks at very few tokens' : 'it looks widely';
  return `Mean entropy ${meanEntropy.toFixed(2)} nats, ${verdict}.`;
}

function buildTopTable({ entropy, top }: AttentionLayer, tokens: readonly string[]): Table {
  const formatKey = (key: AttendedKey | undefined) =>
    key === undefined ? '' : `${formatToken(tokens[key.key] ?? '')} (${key.key}) ${(100 * key.weight).toFixed(1)} %`;
  return {
    columns: ['token', 'entropy, nats', 'looks most at', 'then', 'then'],
    rows: tokens.map((token, query) => {
      const keys = top[query] ?? [];
      return [
        `${formatToken(token)} (${query})`,
        entropy[query],
        formatKey(keys[0]),
        formatKey(keys[1]),
        formatKey(keys[2]),
      ];
    }),
  };
}
