import { describe, expect, test } from '@jest/globals';
import { Gpt, LstmLanguageModel } from '../../lib/models/index.js';
import { orthogonalize } from '../../lib/optim/newton-schulz.js';
import { Muon, createMuonGroups } from '../../lib/optim/index.js';
import type { MuonOptions } from '../../lib/optim/index.js';
import { aten, cat, eye, manualSeed, randn, tensor, zeros } from '../../lib/tensor/index.js';
import type { Tensor } from '../../lib/tensor/index.js';
import { freedAfterEach } from '../helpers/freed.js';

freedAfterEach();

/** What five iterations make of a singular value, as a matrix of Euclidean norm 1 has it. */
function driven(value: number): number {
  let x = value;
  for (let i = 0; i < 5; i++) x = 3.4445 * x - 4.775 * x ** 3 + 2.0315 * x ** 5;
  return x;
}

const five = { iterations: 5, precision: 'float32' } as const;

const diagonal = (values: number[]) => eye(values.length).mul(tensor(values));

describe('orthogonalized', () => {
  test('drives the singular values, here the diagonal, along the quintic', () => {
    const values = [3, 2, 1, 0.5];
    const norm = Math.hypot(...values);
    const result = orthogonalize(diagonal(values).unsqueeze(0), five);
    const expected = diagonal(values.map((value) => driven(value / norm)));
    expect(Number(result.sub(expected).abs().max().item())).toBeLessThan(1e-5);
  });

  test.each([[[4, 7]], [[7, 4]], [[6, 6]], [[1, 5]]])('singular values of %j come near 1, vectors stay', (shape) => {
    manualSeed(3);
    const x = randn([2, ...shape]);
    const y = orthogonalize(x, five);
    const values = [...(aten.linalg_svdvals(y).data() as Float32Array)];
    expect(y.shape).toEqual(x.shape);
    expect(Math.min(...values)).toBeGreaterThan(0.3);
    expect(Math.max(...values)).toBeLessThan(1.3);
    // With X = USVᵀ and Y = US'Vᵀ, XᵀY = VSS'Vᵀ is symmetric.
    const product = x.transpose(1, 2).bmm(y);
    expect(Number(product.sub(product.transpose(1, 2)).abs().max().item())).toBeLessThan(1e-4);
  });

  test('a large matrix by itself gives the same as in a batch with others', () => {
    manualSeed(4);
    const x = randn([2, 128, 144]);
    const [first] = orthogonalize(x, five).unbind(0);
    const [alone] = orthogonalize(x.narrow(0, 0, 1), five).unbind(0);
    // Rows and columns of zeros change nothing but the size that the way is chosen by.
    const narrow = x.narrow(0, 1, 1).narrow(2, 0, 112);
    const small = orthogonalize(narrow, five);
    const large = orthogonalize(cat([narrow, zeros([1, 128, 32])], 2), five).narrow(2, 0, 112);
    expect(Number(first!.sub(alone!).abs().max().item())).toBe(0);
    expect(Number(small.sub(large).abs().max().item())).toBeLessThan(1e-5);
  });

  test('leaves zeros as zeros, and keeps the dtype', () => {
    const y = orthogonalize(zeros([1, 3, 2]), { iterations: 5, precision: 'bfloat16' });
    expect(y.dtype).toBe('float32');
    expect(Number(y.abs().sum().item())).toBe(0);
  });
});

describe('Muon', () => {
  const stepped = (options: MuonOptions, shape: number[], gradient: Tensor) => {
    const w = zeros(shape).add(1).requiresGrad_();
    const optimizer = new Muon([{ parameters: { w }, useMuon: true }], { learningRate: 0.1, ...options });
    w.grad = gradient;
    optimizer.step();
    return w.detach();
  };
  const single = driven(1); // A matrix of rank 1 has one singular value, which the norm makes 1.

  test('one step by hand: θ ← θ − η(s·u + λθ)', () => {
    const gradient = tensor([[0], [2], [0], [0]]);
    const scales = { adamw: 0.2 * Math.sqrt(4), original: Math.sqrt(4) };
    for (const [scale, s] of Object.entries(scales)) {
      const w = stepped(
        { scale: scale as 'adamw', weightDecay: 0.5, nesterov: false, precision: 'float32' } as const,
        [4, 1],
        gradient.clone(),
      );
      const values = [...(w.data() as Float32Array)];
      expect(values[0]).toBeCloseTo(0.95, 6);
      expect(values[1]).toBeCloseTo(0.95 - 0.1 * s * single, 5);
    }
  });

  test('refuses vectors in groups of Muon and settings out of range', () => {
    const group = { parameters: { w: zeros([3]) }, useMuon: true };
    expect(() => new Muon([group])).toThrow(/\[PAL_ARGUMENT\] Muon: expected matrices.*w of shape \[3\]/);
    const fine = { parameters: { w: zeros([3]) } };
    expect(() => new Muon([fine], { scale: 'adam' as 'adamw' })).toThrow(/scale.*"adamw"/);
    expect(() => new Muon([fine], { momentum: 1 })).toThrow(/momentum/);
  });
});

describe('createMuonGroups', () => {
  const sizes = { vocabSize: 11, width: 8, layers: 1, heads: 2, contextLength: 4 };

  test('marks hidden matrices; tables, head and vectors go to AdamW', () => {
    const model = new Gpt({ ...sizes, tied: false, positions: { type: 'learned' }, bias: true });
    const [hidden, tables, vectors] = createMuonGroups(model, { weightDecay: 0.1, adamwScale: 0.5 });
    expect(hidden).toMatchObject({ useMuon: true, weightDecay: 0.1 });
    expect(Object.keys(hidden!.parameters).every((name) => /^blocks\.0\..*\.weight$/.test(name))).toBe(true);
    expect(Object.keys(tables!.parameters).sort()).toEqual(['embedding.weight', 'head.weight', 'positions.weight']);
    expect(tables).toMatchObject({ weightDecay: 0.1, learningRateScale: 0.5 });
    expect(vectors).toMatchObject({ weightDecay: 0, learningRateScale: 0.5 });
  });

  test('every parameter is in exactly one group', () => {
    const model = new LstmLanguageModel({ vocabSize: 11, width: 6, embeddingDim: 4, tied: true });
    const names = createMuonGroups(model, { weightDecay: 0 }).flatMap((group) => Object.keys(group.parameters));
    expect(names.sort()).toEqual(Object.keys(model.namedParameters()).sort());
    expect(names).not.toContain('head.weight');
  });
});
