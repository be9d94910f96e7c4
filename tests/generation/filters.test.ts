import { describe, expect, test } from '@jest/globals';
import { Random } from '../../lib/core/index.js';
import { logitFilters } from '../../lib/generation/index.js';
import type { LogitFilter } from '../../lib/generation/index.js';
import { sampleOnDevice, sampleRow, resolveSampling } from '../../lib/generation/sampling/sampling.js';
import type { SamplingOptions } from '../../lib/generation/sampling/sampling.js';
import { noGrad, scope, tensor } from '../../lib/tensor/index.js';

const { frequencyPenalty, minP, minTokens, noRepeatNgram, presencePenalty, repetitionPenalty, suppressTokens } =
  logitFilters;
const { temperature, topK, topP, typicalP } = logitFilters;

interface Row {
  logits: number[];
  tokens?: number[];
  generatedCount?: number;
}

/** What a filter leaves of a row, in plain numbers. */
function onRow(filter: LogitFilter, { logits, tokens = [], generatedCount = tokens.length }: Row): number[] {
  const changed = Float64Array.from(logits);
  filter.onRow(changed, { tokens, generatedCount });
  return [...changed];
}

/** What it leaves on the device, of several rows at once. */
function onDevice(filter: LogitFilter, rows: readonly Row[]): number[][] {
  return noGrad(() =>
    scope(() => {
      const logits = tensor(
        rows.map((row) => row.logits),
        { dtype: 'float64' },
      );
      return filter.onDevice(logits, contextOf(rows)).tolist() as number[][];
    }),
  );
}

function contextOf(rows: readonly Row[], width = 12) {
  const history = rows.map(({ tokens = [] }) => [...Array.from({ length: width }, () => -1), ...tokens].slice(-width));
  const counts = rows.map(({ logits, tokens = [], generatedCount = tokens.length }) =>
    logits.map((_, id) => tokens.slice(tokens.length - generatedCount).filter((token) => token === id).length),
  );
  return {
    history: tensor(history, { dtype: 'int64' }),
    counts: tensor(counts, { dtype: 'float64' }),
    generatedCount: tensor(
      rows.map(({ tokens = [], generatedCount = tokens.length }) => generatedCount),
      { dtype: 'float64' },
    ),
  };
}

const out = -Infinity;
const logs = (...weights: number[]) => weights.map(Math.log);

/** Worked by hand: [name, filter, row, what is left]. */
const worked: [string, LogitFilter, Row, number[]][] = [
  ['temperature halves', temperature(2), { logits: [2, -1, 0] }, [1, -0.5, 0]],
  ['top-k', topK(2), { logits: [1, 3, 2, 0] }, [out, 3, 2, out]],
  ['top-k, the first of equals', topK(3), { logits: [1, 0, 1, 1, 1] }, [1, out, 1, 1, out]],
  ['top-k beyond the vocabulary', topK(9), { logits: [1, 0] }, [1, 0]],
  ['top-p reaches p exactly', topP(0.5), { logits: logs(1, 2, 1) }, [out, Math.log(2), out]],
  ['top-p passes p', topP(0.51), { logits: logs(1, 2, 1) }, [0, Math.log(2), out]],
  ['top-p of 1 keeps all', topP(1), { logits: logs(1, 2, 1) }, logs(1, 2, 1)],
  ['min-p', minP(0.5), { logits: logs(1, 2.1, 0.9, 1.06) }, [out, Math.log(2.1), out, Math.log(1.06)]],
  // Entropy of ½, ¼, ¼ is 1.04: surprise 0.69 lies 0.35 off, 1.39 lies 0.35 off too, by 2⁻⁵⁰ and more.
  [
    'typical drops the likeliest',
    typicalP(0.3),
    { logits: logs(8, 3, 3, 3, 3) },
    [out, Math.log(3), Math.log(3), out, out],
  ],
  [
    'repetition: positive ÷ 2, negative × 2',
    repetitionPenalty(2),
    { logits: [3, -1, 4, -2], tokens: [0, 1] },
    [1.5, -2, 4, -2],
  ],
  ['repetition: a token twice is punished once', repetitionPenalty(2), { logits: [3, 1], tokens: [0, 0, 0] }, [1.5, 1]],
  [
    'repetition: only the last 2 count',
    repetitionPenalty(2, 2),
    { logits: [3, 3, 3], tokens: [0, 1, 2] },
    [3, 1.5, 1.5],
  ],
  ['frequency', frequencyPenalty(0.5), { logits: [1, 1, 1], tokens: [0, 0, 2] }, [0, 1, 0.5]],
  ['presence', presencePenalty(0.5), { logits: [1, 1, 1], tokens: [0, 0, 2] }, [0.5, 1, 0.5]],
  [
    'frequency counts generated tokens only',
    frequencyPenalty(1),
    { logits: [0, 0, 0], tokens: [0, 1, 1, 1], generatedCount: 2 },
    [0, -2, 0],
  ],
  [
    'presence counts generated tokens only',
    presencePenalty(2),
    { logits: [0, 0, 0], tokens: [0, 1, 1, 2], generatedCount: 2 },
    [0, -2, -2],
  ],
  ['no bigram twice', noRepeatNgram(2), { logits: [0, 0, 0], tokens: [1, 2, 1] }, [0, 0, out]],
  ['no trigram twice', noRepeatNgram(3), { logits: [0, 0, 0], tokens: [0, 1, 2, 0, 1, 0, 0, 1] }, [out, 0, out]],
  ['no token twice', noRepeatNgram(1), { logits: [0, 0, 0], tokens: [2, 0] }, [out, 0, out]],
  ['no n-gram before there are n tokens', noRepeatNgram(3), { logits: [0, 0], tokens: [1] }, [0, 0]],
  ['bans', suppressTokens([0, 2]), { logits: [1, 1, 1] }, [out, 1, out]],
  ['no end yet', minTokens(3, [1]), { logits: [1, 1], tokens: [0, 0, 0], generatedCount: 2 }, [1, out]],
  ['an end at last', minTokens(3, [1]), { logits: [1, 1], tokens: [0, 0, 0] }, [1, 1]],
];

describe('filters by hand', () => {
  test.each(worked)('%s', (_, filter, row, expected) => {
    const near = expected.map((value) => (value === out ? out : (expect.closeTo(value, 12) as unknown)));
    expect(onRow(filter, row)).toEqual(near);
    expect(onDevice(filter, [row])[0]).toEqual(near);
  });
});

const laws: [string, LogitFilter][] = [
  ['temperature', temperature(0.7)],
  ['top-k', topK(4)],
  ['top-p', topP(0.8)],
  ['min-p', minP(0.1)],
  ['typical', typicalP(0.6)],
  ['repetition', repetitionPenalty(1.3, 5)],
  ['frequency', frequencyPenalty(0.3)],
  ['presence', presencePenalty(0.2)],
  ['no bigram twice', noRepeatNgram(2)],
  ['no trigram twice', noRepeatNgram(3)],
  ['bans', suppressTokens([3, 7])],
  ['least tokens', minTokens(6, [2])],
];

describe('filters on the device equal their references in plain numbers', () => {
  const random = new Random(8);
  const rows = Array.from({ length: 200 }, (_, row): Row => {
    // Every other row has logits that are often equal, every third banned ones.
    const logits = Array.from({ length: 10 }, () => (row % 2 ? random.integer(4) - 2 : 6 * random.float() - 3));
    if (row % 3 === 0) for (const id of [1, 4]) logits[id] = out;
    const tokens = Array.from({ length: random.integer(12) }, () => random.integer(4));
    return { logits, tokens, generatedCount: random.integer(tokens.length + 1) };
  });

  test.each(laws)('%s', (_, filter) => {
    for (const [index, found] of onDevice(filter, rows).entries()) {
      const expected = onRow(filter, rows[index]!).map((value) =>
        value === out ? out : (expect.closeTo(value, 10) as unknown),
      );
      expect(found).toEqual(expected);
    }
  });
});

test('a penalty above 1 never makes a token likelier, one below 1 never less likely', () => {
  for (const logit of [-5, -0.1, 0, 0.1, 5]) {
    const [punished] = onRow(repetitionPenalty(1.5), { logits: [logit], tokens: [0] });
    const [favoured] = onRow(repetitionPenalty(0.5), { logits: [logit], tokens: [0] });
    expect(punished).toBeLessThanOrEqual(logit);
    expect(favoured).toBeGreaterThanOrEqual(logit);
    if (logit !== 0) expect(punished).not.toBe(logit);
  }
});

const DRAWS = 10_000;
const weights = [0.3, 0.2, 0.15, 0.12, 0.1, 0.08, 0.05];
const raw = Float32Array.from(weights, Math.log);

/** How often each token is drawn on the device, and that plain numbers draw the same. */
function counts(options: SamplingOptions, row: Row): number[] {
  const random = new Random(21);
  const uniforms = Float64Array.from({ length: DRAWS }, () => random.float());
  const sampling = resolveSampling('test', options);
  const ids = noGrad(() =>
    scope(() => {
      const logits = tensor(raw, { shape: [1, raw.length] }).expand(DRAWS, raw.length);
      const { history, counts: seen, generatedCount } = contextOf([row]);
      const context = {
        history: history.expand(DRAWS, history.size(1)),
        counts: seen.expand(DRAWS, raw.length),
        generatedCount: generatedCount.expand(DRAWS),
      };
      const inputs = { uniforms: tensor(uniforms), forcedTokens: tensor([-1], { dtype: 'float64' }).expand(DRAWS) };
      return sampleOnDevice(logits, sampling, context, inputs).select(0, 0).contiguous().data() as Float64Array;
    }),
  );
  const { tokens = [], generatedCount = tokens.length } = row;
  for (const [draw, uniform] of uniforms.subarray(0, 500).entries()) {
    expect(sampleRow(raw, sampling, tokens, { uniform, forcedToken: -1, generatedCount }).id).toBe(ids[draw]);
  }
  return weights.map((_, id) => ids.filter((drawn) => drawn === id).length);
}

/** χ² of counts against weights, and its value at p = 0.001 for as many kinds (Wilson and Hilferty 1931). */
function chiSquare(found: readonly number[], expected: readonly number[]): { value: number; critical: number } {
  const total = expected.reduce((a, b) => a + b);
  const terms = expected.map((weight, id) => {
    const mean = (weight / total) * DRAWS;
    if (mean === 0) return found[id] === 0 ? 0 : Infinity;
    return (found[id]! - mean) ** 2 / mean;
  });
  const freedom = expected.filter((weight) => weight > 0).length - 1;
  const critical = freedom * (1 - 2 / (9 * freedom) + 3.09 * Math.sqrt(2 / (9 * freedom))) ** 3;
  return { value: terms.reduce((a, b) => a + b), critical };
}

const H = -weights.reduce((sum, weight) => sum + weight * Math.log(weight), 0);
/** By distance from the entropy, the nearest first. */
const typical = weights.map((_, id) => id).sort((a, b) => distance(a) - distance(b));
function distance(id: number): number {
  return Math.abs(-Math.log(weights[id]!) - H);
}
const half = typical.slice(
  0,
  1 + typical.findIndex((_, i) => typical.slice(0, i + 1).reduce((sum, id) => sum + weights[id]!, 0) >= 0.5),
);

const distributions: [string, SamplingOptions, Row, number[]][] = [
  ['no filter', {}, { logits: [] }, weights],
  ['temperature 2', { temperature: 2 }, { logits: [] }, weights.map(Math.sqrt)],
  ['temperature ½', { temperature: 0.5 }, { logits: [] }, weights.map((weight) => weight ** 2)],
  ['top-k 3', { topK: 3 }, { logits: [] }, [0.3, 0.2, 0.15, 0, 0, 0, 0]],
  ['top-p 0.6', { topP: 0.6 }, { logits: [] }, [0.3, 0.2, 0.15, 0, 0, 0, 0]],
  ['top-p 0.66', { topP: 0.66 }, { logits: [] }, [0.3, 0.2, 0.15, 0.12, 0, 0, 0]],
  ['min-p 0.35', { minP: 0.35 }, { logits: [] }, [0.3, 0.2, 0.15, 0.12, 0, 0, 0]],
  ['typical ½', { typicalP: 0.5 }, { logits: [] }, weights.map((weight, id) => (half.includes(id) ? weight : 0))],
  [
    'repetition 2 of tokens 0 and 6',
    { repetitionPenalty: 2 },
    { logits: [], tokens: [0, 6] },
    weights.map((weight, id) => (id === 0 || id === 6 ? weight ** 2 : weight)),
  ],
  [
    'frequency and presence',
    { frequencyPenalty: 0.5, presencePenalty: 0.25 },
    { logits: [], tokens: [0, 0, 3] },
    weights.map((weight, id) => weight * Math.exp(-0.5 * [2, 0, 0, 1][id]! - (id === 0 || id === 3 ? 0.25 : 0) || 0)),
  ],
  ['no bigram twice', { noRepeatNgram: 2 }, { logits: [], tokens: [1, 0, 1] }, [0, ...weights.slice(1)]],
  [
    'bans',
    { suppressTokens: [1, 2] },
    { logits: [] },
    weights.map((weight, id) => (id === 1 || id === 2 ? 0 : weight)),
  ],
  ['no end yet', { minTokens: 2, endTokens: [0] }, { logits: [], tokens: [1] }, [0, ...weights.slice(1)]],
  [
    'temperature, then top-k, then top-p',
    { temperature: 0.5, topK: 4, topP: 0.75 },
    { logits: [] },
    // Squares of the first four are 0.09, 0.04, 0.0225, 0.0144: two of them hold 78 %.
    [0.09, 0.04, 0, 0, 0, 0, 0],
  ],
];

describe('10,000 draws', () => {
  test.each(distributions)('%s', (_, options, row, expected) => {
    const { value, critical } = chiSquare(counts(options, { ...row, logits: [...raw] }), expected);
    expect(value).toBeLessThan(critical);
  });

  test('would notice a filter that is off', () => {
    const plain = counts({}, { logits: [...raw] });
    for (const [name, , , expected] of distributions.slice(1)) {
      const { value, critical } = chiSquare(plain, expected);
      expect([name, value > critical]).toEqual([name, true]);
    }
  });
});

describe('refuses', () => {
  test.each([
    ['temperature', () => temperature(0)],
    ['topK', () => topK(0)],
    ['topP', () => topP(1.5)],
    ['minP', () => minP(0)],
    ['typicalP', () => typicalP(-1)],
    ['repetitionPenalty', () => repetitionPenalty(0)],
    ['repetitionWindow', () => repetitionPenalty(1.1, 0)],
    ['frequencyPenalty', () => frequencyPenalty(NaN)],
    ['presencePenalty', () => presencePenalty(Infinity)],
    ['noRepeatNgram', () => noRepeatNgram(0)],
    ['suppressTokens', () => suppressTokens([-1])],
    ['minTokens', () => minTokens(0, [1])],
  ])('%s out of range', (name, make) => {
    expect(make).toThrow(new RegExp(`PAL_ARGUMENT.*${name}`));
  });

  test('a banned id outside the vocabulary', () => {
    expect(() => onRow(suppressTokens([5]), { logits: [0, 0] })).toThrow(/token ids below 2, received 5/);
    expect(() => onDevice(suppressTokens([5]), [{ logits: [0, 0] }])).toThrow(/token ids below 2, received 5/);
  });
});
