import { join } from 'node:path';
import { raise, writeFileAtomic } from '../../core/index.js';
import { renderChart, formatTableCsv } from '../../pictures/index.js';
import { lossChart } from '../../evaluation/index.js';
import {
  attentionLayers,
  attentionMaps,
  attentionPage,
  attentionPanelSvg,
  attentionSvg,
  planeSvg,
} from '../../inspection/index.js';
import type { AttentionLayer, AttentionMap, EmbeddingSpace } from '../../inspection/index.js';
import { scope, tensor } from '../../tensor/index.js';
import { readRunRecord } from '../../training/index.js';
import { answer } from '../answer.js';
import type { JsonFlag } from '../answer.js';
import { historyOf } from '../inputs/run-history.js';
import type { OpenModel } from '../inputs/model-folder.js';
import type { Output } from '../output.js';
import { pictureFolder, writePictures } from '../picture-files.js';
import type { PictureFlags } from '../picture-files.js';

/** Flags of the commands that draw. */
export type DrawFlags = JsonFlag & PictureFlags;

/** The attention of each head and layer over a text, as pictures, a page and in words. */
export async function drawAttention(
  { model, tokenizer }: OpenModel,
  text: string,
  flags: DrawFlags,
  output: Output,
): Promise<void> {
  const folder = await pictureFolder(flags);
  const ids = tokenizer.encode(text);
  const maps = scope(() => attentionMaps(model, tensor([[...ids]], { dtype: 'int64' })));
  const layers = attentionLayers(maps);
  const tokens = Array.from(ids, (id) => tokenizer.decode([id]));
  const files = await writePictures(attentionPictures(maps, layers, tokens), flags);
  const page = join(folder, 'attention.html');
  await writeFileAtomic(page, attentionPage(maps, tokens));
  const found = { files: [...files, page], tokens, layers: layers.map(({ mean: _, ...layer }) => layer) };
  answer(output, flags, found, () => [...layers.map(layerLine), ...found.files].join('\n'));
}

function attentionPictures(
  maps: readonly AttentionMap[],
  layers: readonly AttentionLayer[],
  tokens: readonly string[],
) {
  const heads = maps.map((map) => [`${map.name}.head-${map.head}`, attentionSvg(map, tokens)] as const);
  const panels = layers.map((layer) => [layer.name, attentionPanelSvg(layer, tokens)] as const);
  return Object.fromEntries([...panels, ...heads]);
}

function layerLine({ name, meanEntropy, narrow }: AttentionLayer): string {
  const entropy = Number.isNaN(meanEntropy) ? 'too few tokens to tell' : `mean entropy ${meanEntropy.toFixed(2)} nats`;
  return `${name}: ${entropy}${narrow ? ', below 2: it looks at very few tokens' : ''}`;
}

/** The token vectors in the plane of their principal components: a picture and a table. */
export async function drawPlane(space: EmbeddingSpace, flags: DrawFlags, output: Output): Promise<void> {
  const plane = space.plane();
  if (flags.out === undefined && flags.json === true) return answer(output, flags, plane, () => '');
  const files = await writePictures({ plane: planeSvg(plane) }, flags);
  const table = join(await pictureFolder(flags), 'plane.csv');
  const rows = plane.points.map(({ id, text, x, y }) => [id, text, x, y]);
  await writeFileAtomic(table, formatTableCsv({ columns: ['id', 'text', 'x', 'y'], rows }));
  answer(output, flags, { ...plane, files: [...files, table] }, ({ files: all }) => all.join('\n'));
}

/** The losses of a run over its steps. @throws DataError where it has no evaluation yet */
export async function drawLosses(run: string, flags: DrawFlags, output: Output): Promise<void> {
  const history = historyOf(await readRunRecord(run));
  if (history.validation.length === 0) {
    raise('PAL_DATA', {
      where: 'palabra inspect',
      expected: `an evaluation in the record of ${run}`,
      received: 'none',
    });
  }
  const files = await writePictures({ losses: renderChart(lossChart(history)) }, flags);
  answer(output, flags, { ...history, files }, () => files.join('\n'));
}
