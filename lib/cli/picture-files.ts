import { join } from 'node:path';
import { createDirectory, throwFileError, raise, writeFileAtomic } from '../core/index.js';
import { convertSvgToPng } from '../pictures/index.js';

/** Flags of the commands that write pictures. */
export interface PictureFlags {
  /** Their folder. */
  out?: string;
  /** Also as PNG. */
  png?: boolean;
}

/** The folder of the pictures, made where it is missing. @throws ArgumentError where none is named */
export async function createPictureFolder({ out }: PictureFlags): Promise<string> {
  if (out === undefined) {
    raise('PAL_ARGUMENT', { where: 'palabra', expected: '--out FOLDER for the pictures', received: 'none' });
  }
  await createDirectory(out).catch((error: unknown) => throwFileError('palabra', out, error));
  return out;
}

/**
 * Writes pictures as SVG, and as PNG where that is asked for.
 * @param pictures - SVGs by the name of their file, without its ending
 * @returns the paths, in order
 */
export async function writePictures(
  pictures: Readonly<Record<string, string>>,
  flags: PictureFlags,
): Promise<string[]> {
  const folder = await createPictureFolder(flags);
  const written: string[] = [];
  for (const [name, svg] of Object.entries(pictures)) {
    const path = join(folder, name);
    await writeFileAtomic(`${path}.svg`, svg);
    written.push(`${path}.svg`);
    if (flags.png !== true) continue;
    await writeFileAtomic(`${path}.png`, await convertSvgToPng(svg));
    written.push(`${path}.png`);
  }
  return written;
}
