import { expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import {
  tokenize13a,
  bonferroni,
  corpusBleu,
  holm,
  pairedTTest,
  welchTTest,
  wilcoxonTest,
} from '../../lib/evaluation/index.js';
import type { BleuSmoothing, TTest } from '../../lib/evaluation/index.js';
import { quantile } from '../../lib/evaluation/statistics/describe.js';
import { incompleteBeta, computeNormalTail } from '../../lib/evaluation/statistics/distributions.js';
import { describeWithPython, python } from '../helpers/python.js';

/** The mark for scores and p-values, relative. */
const MARK = 1e-9;

const random = new Random(17);

interface BleuCase {
  candidates: string[];
  references: string[][];
  smoothing: BleuSmoothing;
  order: number;
  effectiveOrder: boolean;
  tokenize: 'none' | '13a';
}

const smoothings: BleuSmoothing[] = [
  { type: 'none' },
  { type: 'exp' },
  { type: 'floor' },
  { type: 'floor', value: 0.5 },
  { type: 'addK' },
  { type: 'addK', value: 0.3 },
];

/** Pairs as sacrebleu's own tests have them: equal, clipped, short, without any match, with an empty line. */
const pairs: [candidates: string[], references: string[][]][] = [
  [['a b c d'], [['a b c d']]],
  [['the the the the the the the'], [['the cat is on the mat', 'there is a cat on the mat']]],
  [['a b c'], [['a b c d e f']]],
  [['a b c d e f g h'], [['a b c']]],
  [['x y z w'], [['a b c d']]],
  [['a b'], [['a b']]],
  [['a'], [['a']]],
  [
    ['', 'a b c d e'],
    [['a b'], ['a b c d x']],
  ],
  [
    ['it is a guide to action which ensures that the military always obeys the commands of the party'],
    [['it is a guide to action that ensures that the military will forever heed party commands']],
  ],
];

const signs = [
  'Hello, world! It costs $1,000.50 (about 3-4 %).',
  'the end -\n',
  'the end-\n \n',
  'a -\nb &amp; &quot;c&quot; &lt;d&gt; 5-year 3.14. ,x, "y": [z] {w}',
  'Ünïcode — “quoted” … 10,5 . .5 5. a.b',
  "don't re-do @this #that/other",
  '',
];

function sentence(): string {
  return Array.from({ length: 1 + random.integer(14) }, () => 'abcdefg'[random.integer(7)]).join(' ');
}

function bleuCases(): BleuCase[] {
  const drawn = Array.from({ length: 30 }, (): (typeof pairs)[number] => {
    const size = 1 + random.integer(4);
    const candidates = Array.from({ length: size }, sentence);
    return [candidates, candidates.map(() => Array.from({ length: 1 + random.integer(3) }, sentence))];
  });
  const texts: (typeof pairs)[number] = [
    signs.slice(0, 4),
    signs.slice(0, 4).map((_, i) => [signs[(i + 1) % 4]!, signs[i]!]),
  ];
  return [...pairs, ...drawn, texts].flatMap(([candidates, references]) =>
    smoothings.flatMap((smoothing) =>
      [1, 2, 3, 4].map((order) => ({
        ...{ candidates, references, smoothing, order },
        effectiveOrder: candidates.length === 1,
        tokenize: candidates === texts[0] ? ('13a' as const) : ('none' as const),
      })),
    ),
  );
}

interface TestCase {
  a: number[];
  b: number[];
  exact: boolean;
}

function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}

/** Small samples with ties and pairs without a difference, each differing at least once. */
function rankCases(): [a: number[], b: number[]][] {
  // Their way of counting calls Python for each of the 2ⁿ ways: few samples are large.
  const sizes = [...Array.from({ length: 80 }, (_, i) => 2 + (i % 7)), 10, 12, 13, 14, 14, 15, 16];
  const made = sizes.map((n): [number[], number[]] => {
    const most = 2 + random.integer(6);
    return [
      Array.from({ length: n }, () => random.integer(most)),
      Array.from({ length: n }, () => random.integer(most)),
    ];
  });
  return made.filter(([a, b]) => a.some((value, j) => value !== b[j]));
}

/** Texts of signs that the rules of 13a look at, with white space of all kinds. */
function drawTexts(): string[] {
  const parts = [
    ...(' \n\t\r\u000b\f\u001c\u001f\u0085\u00a0\u2003\u2028\u3000\ufeff\u200b-.,\'"&;<>{}~[]()+/@#5' + '0aé😀ß'),
  ];
  const words = ['&amp;', '&quot;', '<skipped>', '-\n', '&amp;lt;', '1,5', 'a.b', '3-4', ...parts];
  return Array.from({ length: 2000 }, () => Array.from({ length: random.integer(14) }, () => words[random.integer(words.length)]).join('')); // prettier-ignore
}

function testCases(): TestCase[] {
  const made = [5, 12, 30, 50, 200].flatMap((n) =>
    [0, 0.3, 2].map((shift) => {
      const a = Array.from({ length: n }, normal);
      return { a, b: a.map((value) => 0.4 * value + shift + normal()), exact: n <= 50 };
    }),
  );
  const tied = [20, 90].map((n) => {
    const a = Array.from({ length: n }, () => random.integer(5));
    return { a, b: a.map(() => random.integer(6)), exact: false };
  });
  const uneven = {
    a: Array.from({ length: 9 }, normal),
    b: Array.from({ length: 30 }, () => 3 * normal()),
    exact: false,
  };
  return [...made, ...tied, uneven];
}

interface Answer {
  bleu: { score: number; precisions: number[]; bp: number; lengths: number[]; counts: number[]; totals: number[] }[];
  words: string[][];
  tests: {
    welch: TTest;
    paired?: TTest;
    wilcoxon?: { statistic: number; p: number };
  }[];
  ranks: { statistic: number; p: number }[];
  holm: number[][];
  beta: number[];
  normal: number[];
  quantiles: number[];
}

/** The largest relative difference, of values near 0 the absolute one. */
function off(ours: number, theirs: number): number {
  if (Object.is(ours, theirs) || ours === theirs) return 0;
  return Math.abs(ours - theirs) / Math.max(Math.abs(theirs), 1e-200);
}

describeWithPython('metrics and tests against sacrebleu and scipy', () => {
  const request = {
    bleu: bleuCases(),
    texts: [...signs, ...drawTexts()],
    tests: testCases(),
    ranks: rankCases(),
    pValues: Array.from({ length: 10 }, (_, n) => Array.from({ length: n + 1 }, () => random.float() ** 3)),
    beta: Array.from({ length: 200 }, () => [random.float(), 0.5 + 60 * random.float() ** 2, 0.5 + 9 * random.float()]),
    normal: Array.from({ length: 200 }, (_, i) => (i - 100) / 12),
  };
  let answer: Answer | undefined;
  const asked = () => (answer ??= python('tests/parity/metrics.py', { input: request }).json as Answer);

  test('words are apart as in 13a', () => {
    const differing = request.texts.flatMap((text, i) => {
      const [ours, theirs] = [tokenize13a(text), asked().words[i]!];
      return ours.join('\n') === theirs.join('\n') ? [] : [{ text, ours, theirs }];
    });
    expect(differing).toEqual([]);
  });

  test('signed ranks of small samples with ties and without differences', () => {
    const worst = request.ranks.map(([a, b], i) => {
      const [ours, theirs] = [wilcoxonTest(a, b), asked().ranks[i]!];
      expect(ours.exact).toBe(a.length <= 13 || isPlain(a, b));
      return Math.max(off(ours.statistic, theirs.statistic), off(ours.p, theirs.p));
    });
    console.log(`${worst.length} samples, largest difference ${Math.max(...worst)}`);
    expect(Math.max(...worst)).toBeLessThan(MARK);
    // Six pairs all above with ties, and five of which two are without a difference.
    expect(wilcoxonTest([1, 1, 2, 2, 3, 3], [0, 0, 0, 0, 0, 0]).p).toBeCloseTo(0.031_25, 12);
    expect(wilcoxonTest([0, 0, 1, 2, 3], [0, 0, 0, 0, 4]).p).toBeCloseTo(0.75, 12);
  });

  test('BLEU of every smoothing and order', () => {
    const split = (text: string, { tokenize }: BleuCase) =>
      tokenize === '13a' ? tokenize13a(text) : text.split(' ').filter((word) => word !== '');
    const worst = request.bleu.map((one, i) => {
      const { smoothing, order, effectiveOrder } = one;
      const ours = corpusBleu(
        one.candidates.map((text) => split(text, one)),
        one.references.map((texts) => texts.map((text) => split(text, one))),
        { smoothing, order, effectiveOrder },
      );
      const theirs = asked().bleu[i]!;
      expect([ours.candidateLength, ours.referenceLength]).toEqual(theirs.lengths);
      return Math.max(off(ours.score, theirs.score), off(ours.brevityPenalty, theirs.bp));
    });
    console.log(`${worst.length} corpora, largest difference ${Math.max(...worst)}`);
    expect(Math.max(...worst)).toBeLessThan(MARK);
  });

  test('t tests with their intervals, and signed ranks', () => {
    const worst = request.tests.flatMap(({ a, b, exact }, i) => {
      const { welch, paired, wilcoxon } = asked().tests[i]!;
      const found = [compared(welchTTest(a, b), welch)];
      if (paired) found.push(compared(pairedTTest(a, b), paired));
      if (wilcoxon) {
        const ours = wilcoxonTest(a, b);
        expect(ours.exact).toBe(exact);
        found.push(off(ours.statistic, wilcoxon.statistic), off(ours.p, wilcoxon.p));
      }
      return found;
    });
    console.log(`${worst.length} tests, largest difference ${Math.max(...worst)}`);
    expect(Math.max(...worst)).toBeLessThan(MARK);
  });

  test('corrections, quantiles, and the functions beneath', () => {
    for (const [i, values] of request.pValues.entries()) {
      for (const [j, p] of holm(values).entries()) expect(off(p, asked().holm[i]![j]!)).toBeLessThan(MARK);
      expect(bonferroni(values)).toEqual(values.map((p) => Math.min(1, p * values.length)));
    }
    for (const [i, [x, a, b]] of request.beta.entries())
      expect(off(incompleteBeta(x!, a!, b!), asked().beta[i]!)).toBeLessThan(MARK);
    for (const [i, z] of request.normal.entries())
      expect(off(computeNormalTail(z), asked().normal[i]!)).toBeLessThan(MARK);
    for (const [i, { a }] of request.tests.entries()) {
      const sorted = [...a].sort((x, y) => x - y);
      expect(off(quantile(sorted, 0.3), asked().quantiles[i]!)).toBeLessThan(MARK);
    }
  });
});

/** True without ties and with a difference in every pair. */
function isPlain(a: readonly number[], b: readonly number[]): boolean {
  const sizes = a.map((value, i) => Math.abs(value - b[i]!));
  return !sizes.includes(0) && new Set(sizes).size === sizes.length;
}

function compared(ours: TTest, theirs: TTest): number {
  return Math.max(
    off(ours.t, theirs.t),
    off(ours.p, theirs.p),
    off(ours.freedom, theirs.freedom),
    ...ours.interval.map((end, i) => off(end, theirs.interval[i]!)),
  );
}
