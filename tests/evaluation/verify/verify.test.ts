import { describe, expect, test } from '@jest/globals';
import { WindowDataset } from '../../../lib/data/index.js';
import type { TokenBatch } from '../../../lib/data/index.js';
import { assertCausal, verify } from '../../../lib/evaluation/index.js';
import type { Check, CheckName, VerifyReport } from '../../../lib/evaluation/index.js';
import { Gpt, LstmLanguageModel } from '../../../lib/models/index.js';
import type { LanguageModel } from '../../../lib/models/index.js';
import { manualSeed, noGrad } from '../../../lib/tensor/index.js';
import { FadingMemoryModel } from '../../helpers/fading-memory.js';
import {
  BatchNormedModel,
  ForgetfulModel,
  HoardingModel,
  PooledModel,
  UnforgettingModel,
  UnmaskedModel,
} from './mistaken-models.js';

const tokens = Uint16Array.from({ length: 400 }, (_, i) => (i * i + (i >> 2)) % 12);
const rows = (): TokenBatch => new WindowDataset(tokens, { length: 16 }).batchAt([0, 50, 100]);

function named(report: VerifyReport, name: CheckName): Check {
  return report.checks.find((check) => check.name === name)!;
}

function made<M extends LanguageModel>(make: () => M): M {
  manualSeed(6);
  return make();
}

const newGpt = () => made(() => new Gpt({ vocabSize: 12, contextLength: 16, width: 32, layers: 2, heads: 4 }));

describe('a sound model', () => {
  test.each([
    ['gpt', newGpt],
    ['lstm', () => made(() => new LstmLanguageModel({ vocabSize: 12, embeddingDim: 16, width: 16 }))],
    ['gpt in bfloat16', () => newGpt().to({ dtype: 'bfloat16' })],
  ])('passes: %s', async (name, make) => {
    const report = await verify(make(), { rows: rows(), noiseSteps: name.endsWith('16') ? 0 : 100 });
    for (const { verdict, explanation } of report.checks) expect([verdict, explanation][0]).not.toBe('failed');
    expect(report.passed).toBe(true);
    assertCausal(make(), { rows: rows() });
  });

  test('keeps its weights bit by bit, and has no gradients afterwards', async () => {
    const model = newGpt();
    const before = model.parameters().map((parameter) => parameter.bits());
    await verify(model);
    expect(model.parameters().map((parameter) => parameter.bits())).toEqual(before);
    expect(model.parameters().every((parameter) => parameter.grad === undefined)).toBe(true);
  });

  test('is measured: figures and limits stand in the report', async () => {
    const report = await verify(newGpt(), { noiseSteps: 20 });
    expect(named(report, 'causality')).toMatchObject({ verdict: 'passed', value: 0, limit: 0 });
    expect(named(report, 'targets').verdict).toBe('skipped');
    const noise = named(report, 'noise control');
    expect(noise.limit).toBeCloseTo(Math.log(12) - 0.01, 6);
    expect(noise.value).toBeGreaterThan(noise.limit!);
  });
});

describe('attention without a mask', () => {
  test('fails causality and the noise control, with the place and the likely cause', async () => {
    const report = await verify(made(() => new UnmaskedModel()));
    expect(report.passed).toBe(false);
    expect(named(report, 'causality').explanation).toMatch(
      /position 0 change by up to .* with the token at position 1.*mask/,
    );
    expect(named(report, 'noise control').verdict).toBe('failed');
    expect(named(report, 'noise control').value).toBeLessThan(Math.log(12) - 0.1);
  });

  test('is refused before training', () => {
    expect(() => assertCausal(made(() => new UnmaskedModel()))).toThrow(
      /^\[PAL_CAUSALITY\] UnmaskedModel: .*causal mask/,
    );
  });
});

describe('a model whose maps start at zero, so that at first no token mixes with another', () => {
  const silent = (model: UnmaskedModel) => {
    noGrad(() => model.attention.output.weight.zero_());
    return model;
  };

  test('is looked at with noise on its weights, which are put back', async () => {
    const model = silent(made(() => new UnmaskedModel()));
    const before = model.parameters().map((parameter) => parameter.bits());
    expect(() => assertCausal(model)).toThrow(/\[PAL_CAUSALITY\] UnmaskedModel: .*causal mask/);
    expect(named(await verify(model, { noiseSteps: 0 }), 'causality').verdict).toBe('failed');
    expect(model.parameters().map((parameter) => parameter.bits())).toEqual(before);
  });

  test('passes when it is causal', async () => {
    const model = made(
      () => new Gpt({ vocabSize: 12, contextLength: 16, width: 32, layers: 2, heads: 4, initOutput: 'zero' }),
    );
    assertCausal(model);
    expect((await verify(model, { noiseSteps: 0 })).passed).toBe(true);
    expect(model.blocks[0]!.attention.output.weight.abs().max().item()).toBe(0);
  });
});

test('a mean over the whole sequence fails causality', async () => {
  const model = made(() => new PooledModel());
  expect(named(await verify(model, { noiseSteps: 0 }), 'causality').verdict).toBe('failed');
  expect(() => assertCausal(model)).toThrow(/\[PAL_CAUSALITY\] PooledModel: .*causality/);
});

test('logits that are NaN are no sight of later tokens', async () => {
  const model = newGpt();
  model.parameters()[0]!.detach().fill_(NaN);
  assertCausal(model);
  expect(named(await verify(model, { noiseSteps: 0 }), 'causality')).toMatchObject({
    verdict: 'failed',
    explanation: 'Some logits are NaN: nothing can be told. Look at the weights first.',
  });
  model.dispose();
});

describe('targets', () => {
  const shift = (by: number): TokenBatch => {
    const { inputs, shape } = rows();
    return { inputs, shape, targets: inputs.map((_, i) => (i % 16 < -by ? -100 : inputs[i + by]!)) };
  };

  test.each([
    ['equal to the inputs', 0],
    ['of the token before', -1],
  ])('%s are caught', async (_, by) => {
    const report = await verify(newGpt(), { rows: shift(by), noiseSteps: 0 });
    expect(named(report, 'targets')).toMatchObject({ verdict: 'failed', value: 1 });
    expect(() => assertCausal(newGpt(), { rows: shift(by) })).toThrow(/\[PAL_CAUSALITY\] Gpt: .*shift the targets/);
  });

  test('of repeated tokens are no copy', async () => {
    const same = Int32Array.from({ length: 32 }, () => 3);
    const report = await verify(newGpt(), { rows: { inputs: same, targets: same, shape: [2, 16] }, noiseSteps: 0 });
    expect(named(report, 'targets').verdict).toBe('passed');
  });

  test('that do not count at all leave nothing to check', async () => {
    const { inputs, shape } = rows();
    const report = await verify(newGpt(), { rows: { inputs, targets: inputs.map(() => -100), shape }, noiseSteps: 0 });
    expect(named(report, 'targets').verdict).toBe('skipped');
  });
});

test('a mean over the batch fails batch independence', async () => {
  const report = await verify(made(() => new BatchNormedModel()), { noiseSteps: 0 }); // prettier-ignore
  expect(named(report, 'batch independence')).toMatchObject({ verdict: 'failed', limit: 0 });
});

describe('a model that forgets what it read, and ignores documents', () => {
  const report = () => verify(made(() => new ForgetfulModel()), { noiseSteps: 0 }); // prettier-ignore

  test('fails cache equality', async () => {
    expect(named(await report(), 'cache equality')).toMatchObject({ verdict: 'failed' });
    expect(named(await report(), 'cache equality').explanation).toMatch(/differ by up to/);
  });

  test('fails packing isolation', async () => {
    expect(named(await report(), 'packing isolation')).toMatchObject({ verdict: 'failed', limit: 0 });
    expect(named(await report(), 'causality').verdict).toBe('passed');
  });
});

test('a state that throws is a failed check, not the end', async () => {
  const check = named(await verify(made(() => new PooledModel()), { noiseSteps: 0 }), 'cache equality'); // prettier-ignore
  expect(check.explanation).toMatch(/this model has no state/);
});

describe("a memory of a user's own", () => {
  test('passes where it lies in the state', async () => {
    const report = await verify(
      made(() => new FadingMemoryModel({ vocabSize: 12 })),
      { noiseSteps: 0 },
    );
    for (const name of ['idempotent evaluation', 'rows of the state', 'cache equality'] as const)
      expect(named(report, name).verdict).toBe('passed');
  });

  test('fails idempotent evaluation where it lies in the model, with the name of the buffer', async () => {
    const report = await verify(made(() => new HoardingModel()), { noiseSteps: 0 }); // prettier-ignore
    expect(named(report, 'idempotent evaluation')).toMatchObject({ verdict: 'failed', limit: 0 });
    expect(named(report, 'idempotent evaluation').explanation).toMatch(/writes hoard.*belongs into the state/);
  });

  test('fails rows of the state where a reset forgets nothing', async () => {
    const report = await verify(
      made(() => new UnforgettingModel({ vocabSize: 12 })),
      { noiseSteps: 0 },
    );
    expect(named(report, 'cache equality').verdict).toBe('passed');
    expect(named(report, 'rows of the state').explanation).toMatch(/Where a row was reset, .*differ by up to/);
    expect(named(report, 'rows of the state').verdict).toBe('failed');
  });
});
