import { describe, expect, test } from '@jest/globals';
import { renderChart, convertSvgToPng } from '../../lib/pictures/index.js';

/** Width and height in the header of a PNG. */
function sizeOf(png: Uint8Array): [width: number, height: number] {
  const view = Buffer.from(png);
  expect([...view.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return [view.readUInt32BE(16), view.readUInt32BE(20)];
}

describe('convertSvgToPng', () => {
  const svg = (text: string) =>
    renderChart({ title: text, x: { label: 'step' }, y: { label: 'nats' }, series: [], width: 320, height: 200 });

  test('draws a picture in its size, twice as fine by default', async () => {
    expect(sizeOf(await convertSvgToPng(svg('Loss')))).toEqual([640, 400]);
    expect(sizeOf(await convertSvgToPng(svg('Loss'), { scale: 0.5 }))).toEqual([160, 100]);
  });

  test('draws the words too', async () => {
    const [one, two] = [await convertSvgToPng(svg('Loss')), await convertSvgToPng(svg('Los'))];
    expect(Buffer.from(one).equals(Buffer.from(two))).toBe(false);
  });

  test('refuses a scale of nothing', async () => {
    await expect(convertSvgToPng(svg('Loss'), { scale: 0 })).rejects.toThrow(
      /\[PAL_ARGUMENT\] convertSvgToPng: .*scale/,
    );
  });
});
