import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { renderChart } from '../../lib/pictures/index.js';
import type { Chart } from '../../lib/pictures/index.js';
import { elements, parseMarkup, textOf } from '../helpers/markup.js';
import type { MarkupElement } from '../helpers/markup.js';

const axes = { x: { label: 'step' }, y: { label: 'loss, nats' } };

function draw(chart: Partial<Chart>): MarkupElement {
  return parseMarkup(renderChart({ title: 'Loss', ...axes, series: [], ...chart }));
}

/** The labels of a chart with the box each takes, by the width of a wide character. */
function boxes(root: MarkupElement): { text: string; left: number; right: number; y: number }[] {
  return elements(root, 'text')
    .filter(({ attributes }) => attributes.transform === undefined)
    .map((found) => {
      const [x, y] = [Number(found.attributes.x), Number(found.attributes.y)];
      const text = textOf(found);
      const width = text.length * 6.6 * (Number(found.attributes['font-size'] ?? 12) / 12);
      const shift = { middle: width / 2, end: width, start: 0 }[found.attributes['text-anchor'] ?? 'start']!;
      return { text, left: x - shift, right: x - shift + width, y };
    });
}

describe('renderChart', () => {
  test('a line: axes end at round values and points stand where they belong', () => {
    const root = draw({
      series: [
        {
          type: 'line',
          points: [
            [0, 4],
            [50, 2],
            [100, 0],
          ],
        },
      ],
    });
    const labels = boxes(root);
    expect(labels.map(({ text }) => text)).toEqual(expect.arrayContaining(['Loss', 'step', '0', '4', '20', '100']));
    const at = (text: string): { left: number; right: number; y: number } => labels.find((box) => box.text === text)!;
    const places = elements(root, 'path')[0]!
      .attributes.d!.match(/[\d.]+/g)!
      .map(Number);
    expect(places[0]).toBeCloseTo(
      Math.min(...labels.filter(({ text }) => text === '0').map(({ right }) => right)) + 7,
      0,
    );
    expect(places[4]).toBeCloseTo((at('100').left + at('100').right) / 2, 0);
    expect(places[1]).toBeCloseTo(at('4').y - 4, 0);
    expect(places[3]).toBeCloseTo((places[1]! + places[5]!) / 2, 0);
  });

  test('logarithmic axes: decades are evenly spaced, what has no logarithm is left out', () => {
    const root = draw({
      x: { label: 'rank', scale: 'log', format: 'count' },
      y: { label: 'share', scale: 'log', format: 'percent' },
      series: [
        {
          type: 'line',
          points: [
            [0, 0.5],
            [1, 0.1],
            [100, 0.001],
            [10_000, 0.00001],
          ],
        },
      ],
    });
    const path = elements(root, 'path')[0]!.attributes.d!;
    expect(path.match(/[ML]/g)).toEqual(['M', 'L', 'L']);
    const [x1, , x2, , x3] = path.match(/[\d.]+/g)!.map(Number) as [number, number, number, number, number];
    expect(x3 - x2).toBeCloseTo(x2 - x1, 0);
    expect(boxes(root).map(({ text }) => text)).toEqual(expect.arrayContaining(['1', '10 k', '10 %', '0.001 %']));
  });

  test('bars stand on the axis, are as high as their values and say what they are', () => {
    const bars = [
      { from: 0, to: 10, value: 5 },
      { from: 10, to: 20, value: 10 },
    ];
    const root = draw({ series: [{ type: 'bars', bars }] });
    const [first, second] = elements(root, 'rect').slice(1) as [MarkupElement, MarkupElement];
    expect(Number(second.attributes.height)).toBeCloseTo(2 * Number(first.attributes.height), 0);
    expect(Number(first.attributes.y) + Number(first.attributes.height)).toBeCloseTo(312, 0);
    expect(textOf(second)).toBe('10 to 20: 10');
  });

  test('a line breaks where a value is missing', () => {
    const root = draw({
      series: [
        {
          type: 'line',
          points: [
            [0, 1],
            [1, 2],
            [2, NaN],
            [3, 1],
            [4, 1],
          ],
        },
      ],
    });
    expect(elements(root, 'path')[0]!.attributes.d!.replace(/[\d. ]+/g, '')).toBe('MLML');
  });

  test('names make a legend, markers a line with a word', () => {
    const series: Chart['series'] = [
      {
        type: 'line',
        name: 'train',
        points: [
          [0, 1],
          [1, 0],
        ],
      },
      { type: 'points', name: 'validation', points: [[0, 1]] },
    ];
    const labels = boxes(
      draw({
        series,
        markers: [
          { x: 0.5, label: 'half' },
          { x: 1, label: 'the very end' },
          { x: 9, label: 'out' },
        ],
      }),
    );
    expect(labels.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['train', 'validation', 'half', 'the very end']),
    );
    expect(labels.map(({ text }) => text)).not.toContain('out');
  });

  test('words may stand in place of round numbers, as far as there is room, and beside points', () => {
    const ticks = Array.from({ length: 40 }, (_, i) => ({ at: i + 1, label: `word ${i + 1}` }));
    const points: Chart['series'] = [
      { type: 'points', points: [[1, 0], [40, 1]], labels: ['left', 'the rightmost'] }, // prettier-ignore
    ];
    const labels = boxes(draw({ x: { label: 'word', ticks }, series: points }));
    const words = labels.filter(({ text }) => text.startsWith('word '));
    expect(words.length).toBeGreaterThan(3);
    words.slice(1).forEach((box, i) => expect(box.left).toBeGreaterThan(words[i]!.right));
    expect(labels.map(({ text }) => text)).not.toContain('20');
    expect(labels.find(({ text }) => text === 'the rightmost')!.right).toBeLessThanOrEqual(640);
    expect(labels.find(({ text }) => text === 'left')!.left).toBeGreaterThan(0);
  });

  test('a legend takes as many lines as it needs, above the plot', () => {
    const series = Array.from({ length: 6 }, (_, i): Chart['series'][number] => ({
      ...{ type: 'line', name: `checkpoints/step-0000000${i}` },
      points: [[0, i], [1, i]], // prettier-ignore
    }));
    const root = draw({ series });
    const names = boxes(root).filter(({ text }) => text.startsWith('checkpoints'));
    expect(names).toHaveLength(6);
    expect(new Set(names.map(({ y }) => y)).size).toBe(3);
    for (const { right, y } of names) {
      expect(right).toBeLessThanOrEqual(640);
      expect(y).toBeLessThan(boxes(root).find(({ text }) => text === '5')!.y);
    }
  });

  test('labels are text, whatever they hold', () => {
    const nasty = '</text><script>alert("1")</script>&\u0000\ud800\'';
    const root = draw({
      title: nasty,
      x: { label: nasty },
      series: [
        {
          type: 'line',
          name: nasty,
          points: [
            [0, 0],
            [1, 1],
          ],
        },
      ],
      markers: [{ x: 0, label: nasty }],
    });
    expect(elements(root, 'script')).toEqual([]);
    const clean = nasty.replace('\u0000', '\uFFFD').replace('\ud800', '\uFFFD');
    expect(elements(root, 'text').filter((found) => textOf(found) === clean)).toHaveLength(4);
    expect(elements(root, 'svg')[0]!.attributes['aria-label']).toBe(clean);
  });

  test('any data: well-formed, labels on the page and none upon another', () => {
    const value = fc.oneof(fc.double({ noDefaultInfinity: true }), fc.integer(), fc.constantFrom(0, 1, NaN, 1e-9));
    const modest = value.map((number) => (Math.abs(number) > 1e12 || Math.abs(number) < 1e-12 ? 0 : number));
    const axis = fc.record({
      label: fc.constant('axis'),
      scale: fc.constantFrom('linear' as const, 'log' as const),
      format: fc.constantFrom('number' as const, 'count' as const, 'percent' as const),
    });
    const points = fc.array(fc.tuple(modest, modest), { maxLength: 8 });
    fc.assert(
      fc.property(axis, axis, points, (x, y, list) => {
        const picture = renderChart({ title: 'Loss', x, y, series: [{ type: 'line', points: list }] });
        expect(picture).not.toMatch(/NaN|Infinity/);
        const labels = boxes(parseMarkup(picture));
        expect(labels.filter(({ left, right }) => left < 0 || right > 640)).toEqual([]);
        const bottom = labels.filter((box) => box.y === 330).sort((a, b) => a.left - b.left);
        expect(bottom.slice(1).filter((box, i) => box.left <= bottom[i]!.right)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});
