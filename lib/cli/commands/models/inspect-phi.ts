import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { throwFileError, writeFileAtomic } from '../../../core/index.js';
import {
  buildStatisticsTable,
  describeControl,
  renderPhiPage,
  renderPhiPictures,
  reportPhi,
} from '../../../evaluation/index.js';
import type { PhiReport } from '../../../evaluation/index.js';
import { formatTable } from '../../../pictures/index.js';
import { preprocessText } from '../../inputs/model-folder.js';
import type { OpenModel } from '../../inputs/model-folder.js';
import type { Output } from '../../output.js';
import { createPictureFolder, writePictures } from '../../picture-files.js';
import type { PictureFlags } from '../../picture-files.js';
import { printResult } from '../../print-result.js';
import type { JsonFlag } from '../../print-result.js';

/** Phi over a text, as pictures, a page and in words. */
export async function drawPhi(
  opened: OpenModel,
  words: string,
  flags: JsonFlag & PictureFlags,
  output: Output,
): Promise<void> {
  const folder = await createPictureFolder(flags);
  const text = preprocessText(opened, await readWords(words));
  const report = await reportPhi(opened.model, opened.tokenizer, text);
  const files = await writePictures(renderPhiPictures(report), flags);
  const page = join(folder, 'phi.html');
  await writeFileAtomic(page, renderPhiPage(report));
  const result = { ...report, files: [...files, page] };
  printResult(output, flags, result, () => [describeReport(report), ...result.files].join('\n'));
}

/** A text, or what a file after an @ holds. */
export async function readWords(words: string): Promise<string> {
  if (!words.startsWith('@')) return words;
  const path = words.slice(1);
  return await readFile(path, 'utf8').catch((error: unknown) => throwFileError('palabra inspect', path, error));
}

function describeReport({ layers, statistics, controls, generation }: PhiReport): string {
  const rows = layers.map(({ name, count, mean, standardDeviation }) => [name, count, mean, standardDeviation]);
  const volatility = Number.isNaN(generation.volatility) ? [] : [`volatility ${generation.volatility.toFixed(4)}`];
  return [
    formatTable({ columns: ['phi after', 'segments', 'mean', 'standard deviation'], rows }),
    ...(statistics === undefined ? [] : [formatTable(buildStatisticsTable(statistics))]),
    ...controls.map(describeControl),
    ...volatility,
  ].join('\n');
}
