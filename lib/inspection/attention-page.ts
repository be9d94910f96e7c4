import {
  renderHtmlFigure,
  renderHtmlHeading,
  renderHtmlNote,
  renderHtmlPage,
  renderHtmlTable,
} from '../pictures/index.js';
import type { Table } from '../pictures/index.js';
import { attentionLayers } from './attention-layers.js';
import type { AttendedKey, AttentionLayer } from './attention-layers.js';
import { attentionSvg } from './attention-maps.js';
import type { AttentionMap } from './attention-maps.js';
import { attentionPanelSvg } from './attention-panel.js';
import { visibleToken } from './heat-map.js';

/**
 * A page on the attention of a pass: for each layer its panel, what each token looks at most, and the map of each head.
 * @param tokens - the text of each token
 * @throws ArgumentError unless there is a text for each token
 */
export function attentionPage(maps: readonly AttentionMap[], tokens: readonly string[]): string {
  const parts = attentionLayers(maps).flatMap((layer) => [
    renderHtmlHeading(layer.name),
    renderHtmlNote(layerNote(layer), layer.narrow ? 'failed' : undefined),
    renderHtmlFigure(attentionPanelSvg(layer, tokens)),
    renderHtmlTable(topTable(layer, tokens)),
    ...maps.filter(({ name }) => name === layer.name).map((map) => renderHtmlFigure(attentionSvg(map, tokens))),
  ]);
  return renderHtmlPage('Attention', parts.length > 0 ? parts : [renderHtmlNote('This model has no attention.')]);
}

function layerNote({ meanEntropy, narrow }: AttentionLayer): string {
  if (Number.isNaN(meanEntropy)) return 'The text is too short to say how widely this layer looks.';
  const verdict = narrow ? 'below 2: it looks at very few tokens' : 'it looks widely';
  return `Mean entropy ${meanEntropy.toFixed(2)} nats, ${verdict}.`;
}

function topTable({ entropy, top }: AttentionLayer, tokens: readonly string[]): Table {
  const said = (key: AttendedKey | undefined) =>
    key === undefined ? '' : `${visibleToken(tokens[key.key] ?? '')} (${key.key}) ${(100 * key.weight).toFixed(1)} %`;
  return {
    columns: ['token', 'entropy, nats', 'looks most at', 'then', 'then'],
    rows: tokens.map((token, query) => {
      const keys = top[query] ?? [];
      return [`${visibleToken(token)} (${query})`, entropy[query], said(keys[0]), said(keys[1]), said(keys[2])];
    }),
  };
}
