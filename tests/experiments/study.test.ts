import { describe, expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import { computePairedPower, findDetectableEffect } from '../../lib/evaluation/statistics/power.js';
import { analyzeStudy } from '../../lib/experiments/ablation/analyze-study.js';
import { renderStudy, summarizeStudy } from '../../lib/experiments/ablation/render-study.js';
import type { StudyRun } from '../../lib/experiments/ablation/run-study.js';
import { listArms, parseStudy } from '../../lib/experiments/ablation/study-config.js';

const settings = {
  base: {},
  data: ['text.txt'],
  arms: { B0: {}, M1: { model: { width: 8 } } },
  baseline: 'B0',
  seeds: [1, 2, 3, 4, 5],
  tokens: 1000,
  primary: 'validation/loss',
};
const parse = (over: object = {}) => parseStudy({ ...settings, ...over });

/** Runs with the figures that a function gives. */
function createRuns(config: ReturnType<typeof parse>, value: (arm: string, seed: number) => number): StudyRun[] {
  return config.seeds.flatMap((seed) =>
    Object.keys(listArms(config)).map((arm): StudyRun => {
      const figures = { 'validation/loss': value(arm, seed) };
      return { arm, seed, training: { status: 'finished', step: 1, tokens: 1, figures }, test: undefined };
    }),
  );
}

function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.float())) * Math.cos(2 * Math.PI * random.float());
}

describe('study.yaml', () => {
  test.each([
    [{ seeds: [1, 2] }, /seeds: expected a number of items of at least 5/],
    [{ baseline: 'B1' }, /baseline to be one of B0, M1, received "B1"/],
    [{ arms: { B0: {} } }, /at least two arms, received 1/],
    [{ arms: { B0: {}, 'a/b': {} } }, /letters, digits/],
    [{ primari: 'x' }, /Did you mean "primary"/],
    [{ primary: 'train/loss' }, /a figure of test or validation/],
  ])('%j is refused', (over, message) => {
    expect(() => parse(over)).toThrow(message);
  });

  test('components make the arms full, without and only, over the baseline', () => {
    const components = {
      wide: { model: { width: 8 } },
      deep: { model: { layers: 2 } },
      slow: { trainer: { batchSize: 1 } },
    };
    const arms = listArms(parse({ arms: { B0: { model: { heads: 2 } } }, components }));
    expect(Object.keys(arms)).toEqual([
      'B0',
      'full',
      'without-wide',
      'without-deep',
      'without-slow',
      'only-wide',
      'only-deep',
      'only-slow',
    ]);
    expect(arms.full).toEqual({ model: { heads: 2, width: 8, layers: 2 }, trainer: { batchSize: 1 } });
    expect(arms['without-deep']).toEqual({ model: { heads: 2, width: 8 }, trainer: { batchSize: 1 } });
    expect(arms['only-deep']).toEqual({ model: { heads: 2, layers: 2 } });
  });
});

describe('the power of a paired test', () => {
  // Tables of the noncentral t distribution: 0.9955 at ten pairs, 1.6820 at five, for a power of 0.8.
  test.each([
    [5, 1.682],
    [10, 0.9955],
    [20, 0.6604],
  ])('%d pairs find %d standard deviations in 8 of 10 studies', (pairs, effect) => {
    expect(findDetectableEffect(pairs, { alpha: 0.05, power: 0.8 })).toBeCloseTo(effect, 2);
  });

  test('without an effect it is the level', () => {
    for (const pairs of [2, 5, 30]) expect(computePairedPower(0, pairs, 0.05)).toBeCloseTo(0.05, 3);
  });
});

describe('a study', () => {
  test('worked by hand: differences of −1, −2 and so on, lower being better', () => {
    const config = parse();
    const report = analyzeStudy(
      config,
      createRuns(config, (arm, seed) => 10 + seed * 3 - (arm === 'M1' ? seed : 0)),
    );
    const [found] = report.comparisons;
    // Mean −3, standard deviation √2.5, t = −3 / √0.5.
    expect(found).toMatchObject({ arm: 'M1', pairs: 5, verdict: 'better', wilcoxon: 0.0625 });
    expect(found!.difference).toBeCloseTo(-3, 10);
    expect(found!.interval[0]).toBeCloseTo(-4.9632, 3);
    expect(found!.interval[1]).toBeCloseTo(-1.0368, 3);
    expect(found!.p).toBeCloseTo(0.013236, 4);
    expect(found!.dz).toBeCloseTo(-3 / Math.sqrt(2.5), 10);
    expect(found!.detectable).toBeCloseTo(report.detectable * Math.sqrt(2.5), 8);
    expect(report.arms[0]!.values).toEqual([13, 16, 19, 22, 25]);
  });

  test('the other goal is the mirror', () => {
    const value = (arm: string, seed: number) => 10 + seed * 3 - (arm === 'M1' ? seed : 0);
    const [low, high] = ['minimize', 'maximize'].map((goal) => {
      const config = parse({ goal });
      return analyzeStudy(
        config,
        createRuns(config, (arm, seed) => (goal === 'minimize' ? 1 : -1) * value(arm, seed)),
      );
    });
    expect(high!.comparisons[0]).toMatchObject({ verdict: 'better', p: low!.comparisons[0]!.p });
    expect(high!.comparisons[0]!.difference).toBe(-low!.comparisons[0]!.difference);
  });

  test('what fails is left out of its pairs, and said', () => {
    const config = parse({ arms: { B0: {}, M1: {}, M2: {} } });
    const runs = createRuns(config, (arm, seed) =>
      arm === 'M2' && seed > 1 ? NaN : seed + (arm === 'M1' && seed < 3 ? NaN : 0),
    );
    const report = analyzeStudy(config, runs);
    expect(report.comparisons.map(({ pairs, verdict }) => [pairs, verdict])).toEqual([
      [3, 'not resolved'],
      [1, 'too few runs'],
    ]);
    expect(summarizeStudy(report)).toBe(
      'Against B0: none better; none worse; M1 not resolved; M2 without enough runs. Runs without a figure: M1 2, M2 4.',
    );
  });

  test('no difference is equivalence only within a margin that the study named', () => {
    const value = (arm: string, seed: number) => seed + (arm === 'M1' ? 0.01 * (seed % 2 === 0 ? 1 : -1) : 0);
    const judge = (over: object) => {
      const config = parse(over);
      return analyzeStudy(config, createRuns(config, value)).comparisons[0]!.verdict;
    };
    expect([judge({}), judge({ margin: 0.1 }), judge({ margin: 0.011 })]).toEqual([
      'not resolved',
      'equivalent',
      'not resolved',
    ]);
  });

  test('a mechanism that adds less than 1 % is inactive, in the table and in the summary', () => {
    const config = parse();
    const runs = createRuns(config, (_, seed) => seed).map((run): StudyRun => {
      const { training } = run;
      if (run.arm === 'B0' || training.status !== 'finished') return run;
      const figures = { ...training.figures, 'train/contribution': 0.009, 'train/gate': 0.5 };
      return { ...run, training: { ...training, figures } };
    });
    const report = analyzeStudy(config, runs);
    expect(report.arms.map(({ inactive }) => inactive)).toEqual([undefined, true]);
    expect(summarizeStudy(report)).toContain('Inactive, so that nothing was tested of the mechanism: M1.');
    expect(renderStudy(report)).toMatch(/M1 \(inactive\)[^]*\| arm \| train\/contribution \| train\/gate \|/);
  });

  test('documents and seeds drawn anew give an interval around the difference', () => {
    const config = parse({ primary: 'test/nllPerByte' });
    const random = new Random(2);
    const score = (arm: string) => {
      const documents = Array.from({ length: 20 }, (): [number, number] => [
        100 + 10 * drawNormal(random) - (arm === 'M1' ? 20 : 0),
        100,
      ]);
      const nats = documents.reduce((sum, [value]) => sum + value, 0);
      return {
        status: 'finished',
        step: 1,
        tokens: 1,
        figures: { 'test/nllPerByte': nats / 2000 },
        documents,
      } as const;
    };
    const runs = createRuns(config, () => 1).map((run): StudyRun => ({ ...run, test: score(run.arm) }));
    const { bootstrap, difference } = analyzeStudy(config, runs).comparisons[0]!;
    expect(bootstrap![0]).toBeLessThan(difference);
    expect(bootstrap![1]).toBeGreaterThan(difference);
    expect(bootstrap![1]).toBeLessThan(-0.1);
  });
});

describe('two thousand simulated studies', () => {
  const STUDIES = 2000;
  const names = ['A1', 'A2', 'A3', 'A4', 'A5', 'A6'];
  const simulate = (seeds: number[], shift: number, arms: string[]) => {
    const config = parse({ seeds, arms: Object.fromEntries(['B0', ...arms].map((arm) => [arm, {}])) });
    const random = new Random(11);
    return Array.from({ length: STUDIES }, () => {
      const runs = createRuns(config, (arm) => (arm === 'B0' ? 0 : shift) + drawNormal(random) / Math.SQRT2);
      return analyzeStudy(config, runs).comparisons;
    });
  };
  const ten = Array.from({ length: 10 }, (_, i) => i);

  test('without an effect 3.5 to 6.5 % are rejected, and with six arms at most 6.5 % of studies reject any', () => {
    const studies = simulate(ten, 0, names);
    const single = studies.filter(([first]) => first!.p < 0.05).length / STUDIES;
    expect(single).toBeGreaterThan(0.035);
    expect(single).toBeLessThan(0.065);
    const family = studies.filter((found) => found.some(({ verdict }) => verdict !== 'not resolved')).length / STUDIES;
    expect(family).toBeLessThan(0.065);
    expect(family).toBeGreaterThan(0);
  });

  test('an effect of 1.5 standard deviations is found as often as theory says, to 5 points', () => {
    const studies = simulate(ten, -1.5, ['A1']);
    const found = studies.filter(([first]) => first!.verdict === 'better').length / STUDIES;
    expect(Math.abs(found - computePairedPower(1.5, 10, 0.05))).toBeLessThan(0.05);
  });
});
