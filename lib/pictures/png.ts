import type { OptionChecks } from '../core/index.js';
import type { Resvg } from '@resvg/resvg-js';
import { checkOptions, expectRange, raise } from '../core/index.js';

/** Options of {@link convertSvgToPng}. */
export interface PngOptions {
  /** Pixels for each unit of the SVG (default 2). */
  scale?: number;
}

/** The keys of {@link PngOptions}. */
export const pngKeys: OptionChecks<PngOptions> = { scale: true };

/** Any machine that has fonts draws this one; where it lacks the family, another one of its own. */
const FAMILY = 'DejaVu Sans';
const FONTS = { loadSystemFonts: true, defaultFontFamily: FAMILY, sansSerifFamily: FAMILY };
const WORD = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" font-size="9"><text y="9">M</text></svg>';

/**
 * Draws an SVG as a PNG; what it shows is drawn on nothing where it has no background.
 *
 * @throws PalabraError of code PAL_UNSUPPORTED where the package @resvg/resvg-js or every font is missing
 * @example await writeFile('loss.png', await convertSvgToPng(renderChart(chart)));
 */
export async function convertSvgToPng(svg: string, options: PngOptions = {}): Promise<Uint8Array> {
  const { scale = 2 } = checkOptions('convertSvgToPng', options, pngKeys);
  expectRange('convertSvgToPng', 'scale', scale, { above: 0 });
  const { Resvg: Renderer } = await loadRenderer();
  // Without fonts every word would be missing, and nothing would say so.
  if (new Renderer(WORD, { font: FONTS }).getBBox() === undefined) refuseNoFont();
  return new Renderer(svg, { font: FONTS, fitTo: { mode: 'zoom', value: scale } }).render().asPng();
}

/** By a name that bundlers leave alone: it is native and can't be inlined. */
const RENDERER = ['@resvg', 'resvg-js'].join('/');

async function loadRenderer(): Promise<{ Resvg: typeof Resvg }> {
  try {
    return (await import(RENDERER)) as { Resvg: typeof Resvg };
  } catch (cause) {
    const fix = 'Run `npm install @resvg/resvg-js`; pictures as SVG need nothing.';
    return raise('PAL_UNSUPPORTED', {
      where: 'convertSvgToPng',
      expected: 'the package @resvg/resvg-js',
      received: 'none that loads',
      fix,
      cause,
    });
  }
}

function refuseNoFont(): never {
  const fix = 'Install one, as fonts-dejavu-core; pictures as SVG need none.';
  raise('PAL_UNSUPPORTED', { where: 'convertSvgToPng', expected: 'a font on this machine', received: 'none', fix });
}
