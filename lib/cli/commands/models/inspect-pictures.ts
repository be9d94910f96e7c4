import { join } from 'node:path';
import { raise, writeFileAtomic } from '../../../core/index.js';
import { renderChart, formatTableCsv } from '../../../pictures/index.js';
import { buildLossChart } from '../../../evaluation/index.js';
import {
  summarizeAttention,
  collectAttentionMaps,
  renderAttentionPage,
  renderAttentionPanel,
  renderAttentionMap,
  renderEmbeddingPlane,
} from '../../../inspection/index.js';
import type { AttentionLayer, AttentionMap, EmbeddingSpace } from '../../../inspection/index.js';
import { scope, tensor } from '../../../tensor/index.js';
import { readRunRecord } from '../../../training/diagnostics/index.js';
import { printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';
import { getLossHistory } from '../../inputs/run-history.js';
import type { OpenModel } from '../../inputs/model-folder.js';
import type { Output } from '../../output.js';
import { createPictureFolder, writePictures } from '../../picture-files.js';
import type { PictureFlags } from '../../picture-files.js';

/** Flags of the commands that draw. */
export type DrawFlags = JsonFlag & PictureFlags;

/** The attention of each head and layer over a text, as pictures, a page and in words. */
export async function drawAttention(
  { model, tokenizer }: OpenModel,
  text: string,
  flags: DrawFlags,
  output: Output,
): Promise<void> {
  const folder = await createPictureFolder(flags);
  const ids = tokenizer.encode(text);
  const maps = scope(() => collectAttentionMaps(model, tensor([[...ids]], { dtype: 'int64' })));
  const layers = summarizeAttention(maps);
  const tokens = Array.from(ids, (id) => tokenizer.decode([id]));
  const files = await writePictures(renderAttentionPictures(maps, layers, tokens), flags);
  const page = join(folder, 'attention.html');
  await writeFileAtomic(page, renderAttentionPage(maps, tokens));
  const result = { files: [...files, page], tokens, layers: layers.map(({ mean: _, ...layer }) => layer) };
  printResult(output, flags, result, () => [...layers.map(formatLayer), ...result.files].join('\n'));
}

function renderAttentionPictures(
  maps: readonly AttentionMap[],
  layers: readonly AttentionLayer[],
  tokens: readonly string[],
) {
  const heads = maps.map((map) => [`${map.name}.head-${map.head}`, renderAttentionMap(map, tokens)] as const);
  const panels = layers.map((layer) => [layer.name, renderAttentionPanel(layer, tokens)] as const);
  return Object.fromEntries([...panels, ...heads]);
}

function formatLayer({ name, meanEntropy, narrow }: AttentionLayer): string {
  const entropy = Number.isNaN(meanEntropy) ? 'too few tokens to tell' : `mean entropy ${meanEntropy.toFixed(2)} nats`;
  return `${name}: ${entropy}${narrow ? ', below 2: it looks at very few tokens' : ''}`;
}

/** The token vectors in the plane of their principal components: a picture and a table. */
export async function drawPlane(space: EmbeddingSpace, flags: DrawFlags, output: Output): Promise<void> {
  const plane = space.plane();
  if (flags.out === undefined && flags.json === true) return printResult(output, flags, plane, () => '');
  const files = await writePictures({ plane: renderEmbeddingPlane(plane) }, flags);
  const table = join(await createPictureFolder(flags), 'plane.csv');
  const rows = plane.points.map(({ id, text, x, y }) => [id, text, x, y]);
  await writeFileAtomic(table, formatTableCsv({ columns: ['id', 'text', 'x', 'y'], rows }));
  printResult(output, flags, { ...plane, files: [...files, table] }, ({ files: all }) => all.join('\n'));
}

/** The losses of a run over its steps. @throws DataError where it has no evaluation yet */
export async function drawLosses(run: string, flags: DrawFlags, output: Output): Promise<void> {
  const history = getLossHistory(await readRunRecord(run));
  if (history.validation.length === 0) {
    raise('PAL_DATA', {
      where: 'palabra inspect',
      expected: `an evaluation in the record of ${run}`,
      received: 'none',
    });
  }
  const files = await writePictures({ losses: renderChart(buildLossChart(history)) }, flags);
  printResult(output, flags, { ...history, files }, () => files.join('\n'));
}
